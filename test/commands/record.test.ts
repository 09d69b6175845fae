import { existsSync } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { recordCommand } from '../../src/commands/record.ts'
import { replayFleetCommand } from '../../src/commands/replay-fleet.ts'
import {
  ADMIN_TOKEN,
  type Deployment,
  deployService,
  type ServiceProcess,
} from '../support/service-process.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { until } from '../support/until.ts'

const SOURCES = [{ id: 'push', kind: 'http', token: 'push-token', interval: '30s' }]

let deployment: Deployment
let service: ServiceProcess
let folder: ReturnType<typeof tempFolder>
beforeAll(async () => {
  deployment = await deployService({
    broker: { enabled: false },
    sources: SOURCES,
    service: { components: [] },
  })
  service = await deployment.start()
})
afterAll(() => deployment[Symbol.asyncDispose]())
beforeEach(async () => {
  folder = tempFolder()
  await writeFile(folder.file('watch.yaml'), JSON.stringify({ sources: SOURCES }))
})
afterEach(() => folder[Symbol.dispose]())

function start(args: readonly string[], env: Record<string, string> = { WATCH_ADMIN_TOKEN: ADMIN_TOKEN }) {
  const seen = { out: '', err: '' }
  const shutdown = new AbortController()
  const io = {
    out: (text: string) => {
      seen.out += text
    },
    err: (text: string) => {
      seen.err += text
    },
    env,
    cwd: folder.path,
    shutdown: shutdown.signal,
    stdin: (async function* () {})(),
  }
  return {
    seen,
    io,
    interrupt: () => shutdown.abort(),
    done: recordCommand(['--config', 'watch.yaml', ...args], io),
  }
}

async function recording(...args: readonly string[]) {
  const begun = start(['--url', service.api.base, ...args])
  await until(() => existsSync(folder.file('day.ndjson.part')))
  return begun
}

const push = (id: string, more = {}) =>
  service.api.push('push', 'push-token', JSON.stringify({ ident: id, ts: Date.now(), ...more }))

describe('record', () => {
  test('what was recorded leads a replay to the states that the service has', async () => {
    const begun = await recording('day.ndjson')
    for (let n = 0; n < 3; n++)
      for (const id of ['1', '2', 'Ж-3']) await push(id, { speed: 40, lat: 55.5, lon: 37 })
    await push('4', { ts: Date.now() - 7_200_000 })
    const judged = async () => (await service.api.terminals()).filter(({ state }) => state !== 'unknown')
    await until(async () => (await judged()).length === 4)
    // Two looks of the recorder: what was taken in is on its way.
    await until(async () => (await readFile(folder.file('day.ndjson.part'), 'utf8')).split('\n').length > 10)
    begun.interrupt()
    expect(await begun.done).toBe(0)
    expect(begun.seen).toMatchObject({ out: expect.stringContaining('were recorded to day.ndjson'), err: '' })
    const replayed = { ...begun.io, shutdown: new AbortController().signal }
    begun.seen.out = ''
    expect(await replayFleetCommand(['--config', 'watch.yaml', 'day.ndjson'], replayed)).toBe(0)
    const states = new Map<string, string>()
    for (const line of begun.seen.out.trim().split('\n'))
      states.set(JSON.parse(line).terminalId, JSON.parse(line).to)
    const live = (await service.api.terminals()).map(({ id, state }) => [id, state] as const)
    expect(states).toEqual(new Map(live))
  })

  test('the service ends a recording at its time, and a size ends it with whole lines', async () => {
    const timed = await recording('--for', '5s', 'day.ndjson')
    await push('1')
    await until(async () => (await readFile(folder.file('day.ndjson.part'), 'utf8')).includes('"1"'))
    expect(await timed.done).toBe(0)
    expect(await readFile(folder.file('day.ndjson'), 'utf8')).toMatch(
      /^\{"terminalId":"1".*\n\{"end":"[^"]+"\}\n$/,
    )

    const sized = await recording('--force', '--max-bytes', '64K', 'day.ndjson')
    const body = Array.from({ length: 1000 }, (_, n) => JSON.stringify({ ident: String(n), ts: Date.now() }))
    await service.api.push('push', 'push-token', body.join('\n'))
    expect(await sized.done).toBe(0)
    const text = await readFile(folder.file('day.ndjson'), 'utf8')
    expect(text.length).toBeLessThanOrEqual(64_000)
    expect(text.length).toBeGreaterThan(60_000)
    expect(JSON.parse(text.trim().split('\n').at(-1) ?? '')).toHaveProperty('end')
  })

  test('a third recording is refused while two run', async () => {
    const first = await recording('day.ndjson')
    const second = start(['--url', service.api.base, 'b.ndjson'])
    await until(() => existsSync(folder.file('b.ndjson.part')))
    const third = start(['--url', service.api.base, 'c.ndjson'])
    expect(await third.done).toBe(1)
    expect(third.seen.err).toContain('409: it makes as many recordings as it takes')
    await push('1')
    for (const begun of [first, second]) begun.interrupt()
    await Promise.all([first.done, second.done])
  })

  test('a service that stops ends the recording as a whole one', async () => {
    const begun = await recording('day.ndjson')
    await push('1')
    await service.end('SIGTERM')
    expect(await begun.done).toBe(0)
    expect(await readFile(folder.file('day.ndjson'), 'utf8')).toMatch(/\{"end":"[^"]+"\}\n$/)
    service = await deployment.start()
  })

  test('a file that is there is not overwritten without --force', async () => {
    await writeFile(folder.file('day.ndjson'), 'mine')
    const begun = start(['--url', service.api.base, 'day.ndjson'])
    expect(await begun.done).toBe(1)
    expect(begun.seen.err).toContain('--force overwrites it')
    expect(await readFile(folder.file('day.ndjson'), 'utf8')).toBe('mine')
  })

  test('the rest of a recording that broke off is not overwritten without --force either', async () => {
    await writeFile(folder.file('day.ndjson.part'), 'rest')
    const begun = start(['--url', service.api.base, 'day.ndjson'])
    expect(await begun.done).toBe(1)
    expect(begun.seen.err).toMatch(/^record: day\.ndjson\.part exists: .* --force overwrites it\n$/)
    const forced = start(['--url', service.api.base, '--force', '--for', '1s', 'day.ndjson'])
    expect(await forced.done).toBe(0)
    expect(await readFile(folder.file('day.ndjson'), 'utf8')).not.toContain('rest')
    expect(existsSync(folder.file('day.ndjson.part'))).toBe(false)
  })

  test('a recording whose file another one with --force has taken says that it is lost, and leaves the other its file', async () => {
    const first = await recording('day.ndjson')
    const part = folder.file('day.ndjson.part')
    const { ino: firstFile } = await stat(part)
    await push('1')
    const second = start(['--url', service.api.base, '--force', 'day.ndjson'])
    await until(async () => ![firstFile, undefined].includes((await stat(part).catch(() => undefined))?.ino))
    first.interrupt()
    expect(await first.done).toBe(1)
    expect(first.seen.err).toContain('this one is lost')
    await push('2')
    await until(async () => (await readFile(part, 'utf8')).includes('"2"'))
    second.interrupt()
    expect(await second.done).toBe(0)
    expect(await readFile(folder.file('day.ndjson'), 'utf8')).toContain('"2"')
  })

  test('empty lines, by which the service shows that it is there, are no part of the file', async () => {
    const [first, second] = ['2026-01-15T10:00:00Z', '2026-01-15T10:00:30Z'].map((receivedAt) =>
      JSON.stringify({ terminalId: '1', source: 'push', receivedAt, kind: 'live' }),
    )
    await using quiet = await answering([
      '\n',
      '\n',
      `${first}\n`,
      `\n\n${second?.slice(0, 9)}`,
      `${second?.slice(9)}\n\n`,
    ])
    const begun = start(['--url', quiet.base, 'day.ndjson'])
    expect(await begun.done).toBe(1)
    expect(begun.seen.err).toContain('the connection was cut off')
    expect(await readFile(folder.file('day.ndjson.part'), 'utf8')).toBe(
      `${first}\n${second}\n{"end":"2026-01-15T10:00:30.000Z"}\n`,
    )
  })

  test.each([
    [[], 'name one FILE'],
    [['--for', 'soon', 'f'], '--for "soon" is not a duration'],
    [['--max-bytes', '3', 'f'], '--max-bytes "3" is not a size'],
    [['--url', 'ftp://x', 'f'], '--url "ftp://x" is not an address'],
    [['--what', 'f'], 'Unknown option'],
  ])('%j is wrong usage', async (args, reason) => {
    const { done, seen } = start(args)
    expect(await done).toBe(2)
    expect(seen.err).toContain(reason)
    expect(seen.err).toContain('usage: omnicomm-watch record')
  })

  test('without the token, with a wrong one and without a service it says what to do', async () => {
    const none = start(['f'], {})
    expect(await none.done).toBe(2)
    expect(none.seen.err).toContain('set WATCH_ADMIN_TOKEN')
    const wrong = start(['--url', service.api.base, 'f'], { WATCH_ADMIN_TOKEN: 'x' })
    expect(await wrong.done).toBe(1)
    expect(wrong.seen.err).toContain('401: WATCH_ADMIN_TOKEN is not its admin token')
    const absent = start(['--url', 'http://127.0.0.1:1', 'f'])
    expect(await absent.done).toBe(1)
    expect(absent.seen.err).toMatch(/record: .+\n/)
  })
})

/** A service that answers with these pieces, and ends. */
async function answering(pieces: readonly string[]) {
  const server = createServer(async (_, response) => {
    for (const piece of pieces) {
      response.write(piece)
      await delay(20)
    }
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    base: `http://127.0.0.1:${port}/`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  }
}
