import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { connectAsync } from 'mqtt'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { serveCommand } from '../../src/commands/serve.ts'
import { freePort } from '../support/mosquitto.ts'
import { serviceApi } from '../support/service-api.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { until } from '../support/until.ts'

/** So many rows that their import takes a while. */
const MANY = 150_000
const PUSH = { id: 'push', kind: 'http', token: 'push-token' }

let folder: ReturnType<typeof tempFolder>
beforeEach(() => {
  folder = tempFolder()
})
afterEach(() => folder[Symbol.dispose]())

function configure(sources: readonly object[] = [PUSH], more: object = {}): Promise<void> {
  const common = { http: { port: 0 }, broker: { enabled: false }, service: { components: [] } }
  return writeFile(
    folder.file('watch.yaml'),
    JSON.stringify({ ...common, data: folder.file('data'), sources, ...more }),
  )
}

async function writeFleet(count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, n) => `${100_000_000 + n},Truck ${n},North\n`)
  await writeFile(folder.file('fleet.csv'), `terminal_id,name,client\n${rows.join('')}`)
}

const fleet = () => ({ fleet: { terminals: folder.file('fleet.csv') } })

/** The command as a process calls it; signals are calls. */
function serve(args: readonly string[] = ['--config', 'watch.yaml']) {
  const seen = { out: '', err: '' }
  const shutdown = new AbortController()
  let hangUp = (): void => {}
  const status = serveCommand(args, {
    out: (text) => {
      seen.out += text
    },
    err: (text) => {
      seen.err += text
    },
    env: { WATCH_LOG: 'json' },
    cwd: folder.path,
    stdin: (async function* () {})(),
    shutdown: shutdown.signal,
    onReload: (reload) => {
      hangUp = reload
    },
  })
  return {
    seen,
    status,
    hangUp: () => hangUp(),
    end: () => shutdown.abort('SIGTERM'),
    logged: (message: string) =>
      seen.err.split('\n').filter((line) => line.includes(JSON.stringify(message))).length,
    runs: () => until(() => seen.out.includes('is running'), 30_000, seen.err),
    api: () => serviceApi(/http:\/\/127\.0\.0\.1:\d+/.exec(seen.out)?.[0] ?? '', ''),
  }
}

async function hears(service: ReturnType<typeof serve>, source: string, token: string): Promise<boolean> {
  return (await service.api().push(source, token, '{"ident":"1"}')).status === 202
}

test('a stop gives up the import of a reload, and a reload that was asked for meanwhile does not begin', async () => {
  await writeFleet(1)
  await configure([PUSH], fleet())
  const service = serve()
  await service.runs()
  await writeFleet(MANY)
  await configure([PUSH, { id: 'other', kind: 'http', token: 'other-token' }], fleet())
  service.hangUp()
  // The file comes after the sources.
  await until(() => hears(service, 'other', 'other-token'))
  service.hangUp()
  service.end()
  expect(await service.status).toBe(0)
  expect(service.logged('inventory imported')).toBe(1)
  expect(service.logged('configuration reloaded')).toBe(0)
  expect(service.seen.err).not.toContain('"level":"error"')
  expect(service.logged('stopped')).toBe(1)
})

test('a stop gives up a start that is not complete, and the data folder is free for the next one', async () => {
  await writeFleet(MANY)
  await configure([PUSH], fleet())
  const service = serve()
  await until(() => existsSync(folder.file('data/watch.sqlite')))
  service.end()
  expect(await service.status).toBe(0)
  expect(service.seen.out).toBe('')
  expect(service.seen.err).not.toContain('"level":"error"')
  expect([service.logged('stopping'), service.logged('stopped')]).toEqual([1, 1])

  await configure()
  const next = serve()
  await next.runs()
  next.end()
  expect(await next.status).toBe(0)
})

test('a reload that is asked for during the start is done after it', async () => {
  await configure()
  const service = serve()
  await until(() => existsSync(folder.file('data')))
  await configure([{ ...PUSH, token: 'new-token' }])
  service.hangUp()
  service.hangUp()
  await service.runs()
  await until(() => hears(service, 'push', 'new-token'))
  await until(() => service.logged('configuration reloaded') === 1)
  service.end()
  expect(await service.status).toBe(0)
  expect(service.logged('configuration reloaded')).toBe(1)
})

test('a file that is gone at a reload is refused, and does not stand for the embedded defaults', async () => {
  await configure()
  await mkdir(folder.file('config'))
  await rename(folder.file('watch.yaml'), folder.file('config/watch.yaml'))
  const service = serve([])
  await service.runs()
  await rename(folder.file('config/watch.yaml'), folder.file('elsewhere.yaml'))
  service.hangUp()
  await until(() => service.logged('configuration refused; the old one stays') === 1)
  expect(await hears(service, 'push', 'push-token')).toBe(true)
  await rename(folder.file('elsewhere.yaml'), folder.file('config/watch.yaml'))
  service.hangUp()
  await until(() => service.logged('configuration reloaded') === 1)
  service.end()
  expect(await service.status).toBe(0)
})

test('a broker that is changed by a reload runs on until the restart, and its source listens to it', async () => {
  const port = await freePort()
  await configure(undefined, { sources: undefined, broker: { port } })
  const service = serve()
  await service.runs()
  await configure(undefined, {
    sources: undefined,
    broker: { port: await freePort() },
    service: { components: [], name: 'X' },
  })
  service.hangUp()
  await until(() => service.logged('configuration reloaded') === 1)
  const gateway = await connectAsync(`mqtt://127.0.0.1:${port}`)
  const heard = () => service.api().metric('watch_messages_total', 'source="gate"')
  await until(async () => {
    await gateway.publishAsync('fleet/1', '{"speed":1}', { qos: 1 })
    return (await heard()) > 0
  })
  await gateway.endAsync()
  service.end()
  expect(await service.status).toBe(0)
})

test('a token that is made for a source of a reload is printed once', async () => {
  await configure()
  const service = serve()
  await service.runs()
  expect(service.seen.out).not.toContain('token')
  for (const reloads of [1, 2]) {
    await configure([PUSH, { id: 'new', kind: 'http', interval: `${reloads}0s` }])
    service.hangUp()
    await until(() => service.logged('configuration reloaded') === reloads)
  }
  const tokens = [...service.seen.out.matchAll(/ingest\/new\n +token (\S+)\n/g)]
  expect(tokens).toHaveLength(1)
  expect(await hears(service, 'new', tokens[0]?.[1] ?? '')).toBe(true)
  service.end()
  expect(await service.status).toBe(0)
})
