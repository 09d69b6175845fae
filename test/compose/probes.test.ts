import { expect, test } from 'vitest'
import { createOnlineClients } from '../../src/adapters/omnicomm-online/clients.ts'
import { createHttpCall } from '../../src/adapters/probe/http-call.ts'
import { createNameResolver } from '../../src/adapters/probe/name-resolver.ts'
import { createProbes } from '../../src/compose/probes.ts'
import { parseConfig } from '../../src/config/load.ts'
import type { Config } from '../../src/config/schema.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { type FakeOnline, LOGIN, REFRESH, STATE, startFakeOnline } from '../support/fake-online.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'

function configured(tree: object): Config {
  const loaded = parseConfig(JSON.stringify(tree), {})
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults))
  return loaded.config
}

function setUp() {
  const clock = createFakeClock()
  const resolveName = createNameResolver({ clock })
  const version = '1.2.3'
  const online = createOnlineClients({
    clock,
    log: createRecordingLog(),
    call: createHttpCall({ clock, resolveName, version }),
  })
  return createProbes({ clock, version, resolveName, online, metrics: createRecordingMetrics() })
}

function watching(online: FakeOnline, password = 'pass-word-1', interval = '60s'): Config {
  return configured({
    accounts: [
      { id: 'main', baseUrl: online.baseUrl, login: 'watcher', password },
      { id: 'shard', baseUrl: online.baseUrl, login: 'second', password: 'p2' },
    ],
    service: {
      account: 'main',
      interval,
      components: [
        { id: 'web', kind: 'http', url: `${online.baseUrl}/page`, expect: { status: 401 } },
        { id: 'auth', kind: 'omnicomm-login' },
        { id: 'api', kind: 'omnicomm-state', terminal: '200000001' },
        { id: 'tree', kind: 'omnicomm-tree' },
        { id: 'bulk', kind: 'omnicomm-activity' },
        { id: 'data', kind: 'omnicomm-dataplane', stalledAfter: '3650d' },
        { id: 'api2', kind: 'omnicomm-state', terminal: '200000001', account: 'shard' },
        { id: 'name', kind: 'dns', name: 'localhost' },
        { id: 'port', kind: 'tcp', host: '127.0.0.1', port: Number(new URL(online.baseUrl).port) },
        { id: 'cert', kind: 'tls', host: '127.0.0.1', port: Number(new URL(online.baseUrl).port) },
      ],
    },
  })
}

test('every kind of component is probed, with its own account where it names one', async () => {
  await using online = await startFakeOnline()
  online.users['second'] = 'p2'
  const probes = setUp()(watching(online))
  const results = await Promise.all([...probes].map(async ([id, probe]) => [id, (await probe(5_000)).kind]))
  expect(Object.fromEntries(results)).toEqual({
    web: 'ok',
    auth: 'ok',
    api: 'ok',
    tree: 'ok',
    bulk: 'ok',
    data: 'ok',
    api2: 'ok',
    name: 'ok',
    port: 'ok',
    cert: 'failed',
  })
  const logins = online.requests.filter(({ path }) => path.startsWith(LOGIN))
  expect(logins.map(({ body }) => JSON.parse(body).login)).toContain('second')
})

test('a reload that leaves an account as it is keeps its session, also a refused one', async () => {
  await using online = await startFakeOnline()
  const make = setUp()
  await make(watching(online)).get('api')?.(5_000)
  await make(watching(online, 'pass-word-1', '30s')).get('api')?.(5_000)
  expect(online.paths()).toEqual([LOGIN, STATE, STATE])
  for (const interval of ['60s', '30s', '20s']) {
    const refused = await make(watching(online, 'wrong', interval)).get('api')?.(5_000)
    expect(refused).toMatchObject({ kind: 'unusable' })
  }
  expect(online.count(LOGIN)).toBe(2)
  expect(online.count(REFRESH)).toBe(0)
})

test('what cannot be watched is there and says why', async () => {
  const config = configured({
    accounts: [{ id: 'a', token: 't' }],
    service: {
      components: [
        { id: 'auth', kind: 'omnicomm-login' },
        { id: 'api', kind: 'omnicomm-state', account: 'a' },
        { id: 'token', kind: 'omnicomm-login', account: 'a' },
      ],
    },
  })
  const probes = setUp()(config)
  const reasons = await Promise.all([...probes.values()].map((probe) => probe(5_000)))
  expect(reasons).toEqual([
    { kind: 'unusable', cause: 'setup', reason: expect.stringContaining('needs an account') },
    { kind: 'unusable', cause: 'setup', reason: expect.stringContaining('needs the id of a terminal') },
    { kind: 'unusable', cause: 'setup', reason: expect.stringContaining('has a token alone') },
  ])
})
