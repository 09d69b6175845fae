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
    // Of fewer the p99 is decided by two or three collections of garbage.
    asked: { type: 'string', default: '1000' },
    paints: { type: 'string', default: '15' },
    only: { type: 'string', default: 'answers,weight,paint' },
  },
})
const load: DeskLoad = {
  terminals: Number(values.terminals),
  clients: Number(values.clients),
  attention: Number(values.attention),
}
const asked = Number(values.asked)
const paints = Number(values.paints)

const TOKEN = { Authorization: `Bearer ${ADMIN_TOKEN}` }
/** As browsers ask. */
const PACKED = { ...TOKEN, 'Accept-Encoding': 'gzip' }
/** The order of the names is worked out in the background after the start, and code gets quick with use. */
const SETTLED_MS = 10_000
const WARM_UP = 50
/** What the browser alone takes for a first paint on this machine: no page can be below it. */
const EMPTY_PAGE = '<!doctype html><html lang="ru"><meta charset="utf-8"><title>-</title><h1>Терминалы</h1>'

/** What a technician opens, and within how many ms (median and p99) its first byte should come. */
const ANSWERS = [
  ['fleet', '/', 50],
  ['fleetAttention', '/?needs=attention&sort=client', 50],
  ['fleetSearch', `/?q=${encodeURIComponent('а250 ка')}`, 50],
  ['fleetState', '/?state=stale', 50],
  ['terminal', `/terminals/${terminalId(0)}`, 50],
  ['check', `/api/v1/check/${terminalId(0)}`, 10],
] as const

/** The check is an answer of the API. */
const PAGES = ANSWERS.slice(0, -1)

/** Headers that the bare server repeats. */
const TOLD = ['content-security-policy', 'cross-origin-opener-policy', 'cross-origin-resource-policy']

/** Of what the bare server gives. */
const TYPES = [
  [/\.css/, 'text/css; charset=utf-8'],
  [/\.js/, 'text/javascript; charset=utf-8'],
] as const

const base = await startService()
const parts: Parts = { answers, weight, paint }
await report(parts, values.only, { ...load, asked, paints })
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
  for (const [name, path] of PAGES) {
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
    await using empty = await bareServer([{ address: '/', body: Buffer.from(EMPTY_PAGE) }])
    const floor: number[] = []
    // The first reads the browser itself and its fonts from the disk.
    for (let n = 0; n <= paints; n++) floor.push(await paintMs(browser, empty.url, 'new'))
    floor.shift()
    const figures: Record<string, Figure> = {
      emptyFirstPaint: { value: round(median(floor)), unit: 'ms (median)', runs: floor.map(round) },
    }
    for (const [name, path] of PAGES) {
      stderr.write(`${name} is painted\n`)
      const files = await filesOf(path)
      await using bare = await bareServer(files)
      const addresses = [`${base.url}${path}`, bare.url] as const
      figures[`${name}FirstPaint`] = await paintFigure(browser, addresses, 'new')
      figures[`${name}FirstPaintInOpenTab`] = await paintFigure(browser, addresses, 'open')
    }
    return figures
  } finally {
    await browser.close()
  }
}

/**
 * A tab that is new, for which the browser makes a process of its own because of `Cross-Origin-Opener-Policy`, or one in
 * which the site is open; nothing of our pages is in its cache in either of them.
 */
type Tab = 'new' | 'open'

/** Paints of a page and of the reference, each first every other time. */
async function paintFigure(
  browser: Browser,
  [url, reference]: readonly [string, string],
  tab: Tab,
): Promise<Figure> {
  const runs: number[] = []
  const referenceRuns: number[] = []
  for (let n = 0; n < paints; n++) {
    const pair = [
      [url, runs],
      [reference, referenceRuns],
    ] as const
    for (const [address, kept] of n % 2 === 0 ? pair : pair.toReversed())
      kept.push(await paintMs(browser, address, tab))
  }
  const value = round(median(runs))
  return {
    value,
    unit: 'ms (median)',
    goal: '< 300',
    met: value < 300,
    reference: round(median(referenceRuns)),
    runs: runs.map(round),
    referenceRuns: referenceRuns.map(round),
  }
}

/** From the start of the navigation. */
async function paintMs(browser: Browser, url: string, tab: Tab): Promise<number> {
  const context = await browser.newContext({ extraHTTPHeaders: TOKEN, locale: 'ru-RU' })
  try {
    const page = await context.newPage()
    if (tab === 'open') await page.goto(new URL('/healthz', url).href)
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
  return (await fileOf('/', url)).body
}

async function fileOf(address: string, url: string): Promise<File> {
  const response = await fetch(url, { headers: TOKEN })
  if (!response.ok) throw new Error(`GET ${url}: ${response.status}`)
  const headers = TOLD.map((name) => [name, response.headers.get(name) ?? ''] as const)
  const body = Buffer.from(await response.arrayBuffer())
  return { address, body, headers: Object.fromEntries(headers.filter(([, value]) => value !== '')) }
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

type File = {
  readonly address: string
  readonly body: Buffer
  /** Those that make a browser work: `Cross-Origin-Opener-Policy` costs it a process of its own. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A page, at the address `/`, and the style sheet and script that it names. */
async function filesOf(path: string): Promise<readonly File[]> {
  const html = await fileOf('/', `${base.url}${path}`)
  const links = Array.from(
    html.body.toString().matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g),
    ([, link]) => link ?? '',
  )
  return [html, ...(await Promise.all(links.map((address) => fileOf(address, `${base.url}${address}`))))]
}

/** Gives the same bytes, with the headers that a browser acts upon. */
async function bareServer(files: readonly File[]) {
  const server = createServer(({ url = '/' }, response) => {
    const type = TYPES.find(([pattern]) => pattern.test(url))?.[1] ?? 'text/html; charset=utf-8'
    response.setHeader('Content-Type', type)
    const file = files.find(({ address }) => address === url)
    // The policy must be that of every page of the site.
    const headers = file?.headers ?? files[0]?.headers ?? {}
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    response.end(file?.body ?? '')
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
