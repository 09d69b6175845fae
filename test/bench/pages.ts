import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createServer, get } from 'node:http'
import { join } from 'node:path'
import { stderr } from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { type Browser, chromium } from 'playwright-core'
import { startScript } from '../support/child-script.ts'
import { findChromium } from '../support/chromium.ts'
import { freePort } from '../support/mosquitto.ts'
import { ADMIN_TOKEN, deployService } from '../support/service-process.ts'
import type { DeskLoad } from './desk-fleet.ts'
import { type Figure, median, percentile, round } from './figure.ts'
import { type Parts, report } from './report.ts'
import { terminalId } from './sample.ts'

// `npm run bench:pages`: how quick the pages are with a large fleet, each beside a bare node:http server that gives the
// same bytes; one JSON object on standard output, progress on standard error. --only=answers,weight,paint runs a part.

const { values } = parseArgs({
  options: {
    terminals: { type: 'string', default: '50000' },
    clients: { type: 'string', default: '400' },
    attention: { type: 'string', default: '2000' },
    asked: { type: 'string', default: '200' },
    only: { type: 'string', default: 'answers,weight,paint' },
  },
})
const load: DeskLoad = {
  terminals: Number(values.terminals),
  clients: Number(values.clients),
  attention: Number(values.attention),
}
const asked = Number(values.asked)

const TOKEN = { Authorization: `Bearer ${ADMIN_TOKEN}` }
/** As browsers ask. */
const PACKED = { ...TOKEN, 'Accept-Encoding': 'gzip' }
/** The order of the names is worked out in the background after the start, and code gets quick with use. */
const SETTLED_MS = 10_000
const WARM_UP = 50
const PAINTS = 15

/** What a technician opens, and within how many ms (median and p99) its first byte should come. */
const ANSWERS = [
  ['fleet', '/', 50],
  ['fleetAttention', '/?needs=attention&sort=client', 50],
  ['fleetSearch', `/?q=${encodeURIComponent('а250 ка')}`, 50],
  ['terminal', `/terminals/${terminalId(0)}`, 50],
  ['check', `/api/v1/check/${terminalId(0)}`, 10],
] as const

/** Of what the bare server gives. */
const TYPES = [
  [/\.css/, 'text/css; charset=utf-8'],
  [/\.js/, 'text/javascript; charset=utf-8'],
] as const

const base = await startService()
const parts: Parts = { answers, weight, paint }
await report(parts, values.only, { ...load, asked })
await base[Symbol.asyncDispose]()

/** The service with a fleet that it has known for long. */
async function startService(): Promise<AsyncDisposable & { readonly url: string }> {
  const port = await freePort()
  const deployment = await deployService({
    http: { port },
    broker: { enabled: false },
    sources: [{ id: 'push', kind: 'http', token: 'push-token' }],
    service: { components: [] },
  })
  await mkdir(deployment.data)
  const path = join(deployment.data, 'watch.sqlite')
  const { terminals, clients, attention } = load
  const args = [path, ...[terminals, clients, attention].map(String)]
  await using writer = startScript(new URL('./store-desk-fleet.ts', import.meta.url), args)
  const [status] = await once(writer.process, 'exit')
  if (status !== 0) throw new Error(`the fleet was not written: status ${status}`)
  const service = await deployment.start()
  await delay(SETTLED_MS)
  return {
    url: service.api.base,
    async [Symbol.asyncDispose]() {
      await service.end('SIGTERM')
      await deployment[Symbol.asyncDispose]()
    },
  }
}

/** How long the first byte takes, asked one after the other. */
async function answers(): Promise<Record<string, Figure>> {
  const figures: Record<string, Figure> = {}
  for (const [name, path, limit] of ANSWERS) {
    stderr.write(`${name}\n`)
    const url = `${base.url}${path}`
    await using bare = await bareServer([{ address: '/', body: await bodyOf(url) }])
    const runs: number[] = []
    const referenceRuns: number[] = []
    for (let n = 0; n < WARM_UP + asked; n++) {
      const [own, reference] = [await firstByteMs(url), await firstByteMs(bare.url)]
      if (n < WARM_UP) continue
      runs.push(own)
      referenceRuns.push(reference)
    }
    for (const [suffix, share] of [
      ['P50', 0.5],
      ['P99', 0.99],
    ] as const) {
      const value = round(percentile(runs, share))
      const reference = round(percentile(referenceRuns, share))
      const goal = { goal: `< ${limit}`, met: value < limit }
      figures[`${name}FirstByte${suffix}`] = {
        value,
        unit: 'ms',
        ...goal,
        reference,
        ratio: round(reference / value),
      }
    }
  }
  return figures
}

/** What a browser that has nothing of ours yet must load, in kB: as it is sent, and what gzip would make of it. */
async function weight(): Promise<Record<string, Figure>> {
  const figures: Record<string, Figure> = {}
  for (const [name, path] of ANSWERS.slice(0, 4)) {
    const files = await filesOf(path)
    const whole = kilobytes(files.map(({ body }) => body.length))
    figures[`${name}Weight`] = { value: whole, unit: 'kB', goal: '< 100', met: whole < 100 }
    figures[`${name}HtmlWeight`] = { value: kilobytes([files[0]?.body.length ?? 0]), unit: 'kB' }
    const packed = kilobytes(files.map(({ body }) => gzipSync(body).length))
    figures[`${name}WeightGzip`] = { value: packed, unit: 'kB', goal: '< 100', met: packed < 100 }
  }
  return figures
}

function kilobytes(sizes: readonly number[]): number {
  return round(sizes.reduce((sum, size) => sum + size, 0) / 1000)
}

/** First contentful paint in Chromium, each time in a profile that has nothing of ours yet. */
async function paint(): Promise<Record<string, Figure>> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error('chromium is not installed')
  const args = ['--disable-dev-shm-usage', '--disable-gpu']
  const browser = await chromium.launch({ executablePath, args, chromiumSandbox: false })
  try {
    const figures: Record<string, Figure> = {}
    for (const [name, path] of ANSWERS.slice(0, 4)) {
      stderr.write(`${name} is painted\n`)
      const files = await filesOf(path)
      await using bare = await bareServer(files)
      const runs: number[] = []
      const referenceRuns: number[] = []
      for (let n = 0; n < PAINTS; n++) {
        runs.push(await paintMs(browser, `${base.url}${path}`))
        referenceRuns.push(await paintMs(browser, bare.url))
      }
      const value = round(median(runs))
      figures[`${name}FirstPaint`] = {
        value,
        unit: 'ms (median)',
        goal: '< 300',
        met: value < 300,
        reference: round(median(referenceRuns)),
        runs: runs.map(round),
        referenceRuns: referenceRuns.map(round),
      }
    }
    return figures
  } finally {
    await browser.close()
  }
}

async function paintMs(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ extraHTTPHeaders: TOKEN, locale: 'ru-RU' })
  try {
    const page = await context.newPage()
    await page.goto(url)
    for (;;) {
      const ms = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
      if (typeof ms === 'number') return ms
      await delay(20)
    }
  } finally {
    await context.close()
  }
}

async function bodyOf(url: string): Promise<Buffer> {
  const response = await fetch(url, { headers: TOKEN })
  if (!response.ok) throw new Error(`GET ${url}: ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}

function firstByteMs(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now()
    let ms = Number.NaN
    const request = get(url, { headers: PACKED }, (response) => {
      response.once('data', () => {
        ms = performance.now() - startedAt
      })
      response.on('data', () => {})
      response.once('end', () => resolve(ms))
      if (response.statusCode !== 200) reject(new Error(`GET ${url}: ${response.statusCode}`))
    })
    request.once('error', reject)
  })
}

type File = { readonly address: string; readonly body: Buffer }

/** A page, at the address `/`, and the style sheet and script that it names. */
async function filesOf(path: string): Promise<readonly File[]> {
  const body = await bodyOf(`${base.url}${path}`)
  const links = Array.from(
    body.toString().matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g),
    ([, link]) => link ?? '',
  )
  const loaded = links.map(async (address) => ({ address, body: await bodyOf(`${base.url}${address}`) }))
  return [{ address: '/', body }, ...(await Promise.all(loaded))]
}

/** Gives the same bytes to everybody. */
async function bareServer(files: readonly File[]) {
  const server = createServer(({ url = '/' }, response) => {
    const type = TYPES.find(([pattern]) => pattern.test(url))?.[1] ?? 'text/html; charset=utf-8'
    response.setHeader('Content-Type', type)
    response.end(files.find(({ address }) => address === url)?.body ?? '')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
