import { expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { openOnlineSource } from '../../src/compose/online-source.ts'
import { watchSettings } from '../../src/compose/settings.ts'
import { configSchema } from '../../src/config/schema.ts'
import type { Notice } from '../../src/core/letters/notice.ts'
import { MINUTE, SECOND } from '../../src/core/time.ts'
import { setUp } from '../adapters/omnicomm-online/rig.ts'
import { ACTIVITY, LOGIN } from '../support/fake-online.ts'
import { startStation } from '../support/fleet-station.ts'
import { createRecordingMetrics } from '../support/recorders.ts'

type Raw = Readonly<Record<string, unknown>>

/** A service with one polled source that is configured so. */
async function begin(source: Raw, accounts: readonly Raw[] = []) {
  const rig = await setUp()
  const { clock, log, clients } = rig
  const own = JSON.parse(JSON.stringify(source).replaceAll('BASE', rig.online.baseUrl))
  const listed = JSON.parse(JSON.stringify(accounts).replaceAll('BASE', rig.online.baseUrl))
  const config = configSchema.parse({ sources: [own], accounts: listed })
  const [first] = config.sources
  if (first?.kind !== 'omnicomm-online') throw new Error('no polled source')
  const stores = createMemoryStores()
  const station = await startStation(clock, stores, {
    sources: watchSettings(config),
    opened: false,
  })
  const trees: unknown[] = []
  const notices: Notice[] = []
  const poller = await openOnlineSource(
    {
      clock,
      log,
      metrics: createRecordingMetrics(),
      notices: { raise: (notice) => notices.push(notice) },
      fleet: station.fleet,
      watches: station.watches,
      settings: stores.settings,
      clients,
      applyTree: async (id, vehicles) => trees.push([id, vehicles.length]),
    },
    first,
    config.accounts,
  )
  return { ...rig, config, station, poller, trees, notices }
}

const KIND = { id: 'online', kind: 'omnicomm-online' }
const MAIN = { id: 'main', baseUrl: 'BASE', login: 'watcher', password: 'pass-word-1' }

const ACCOUNTS: readonly [string, Raw, readonly Raw[], id: string][] = [
  ['an account', { ...KIND, account: 'main' }, [MAIN], 'main'],
  [
    'a login of its own',
    { ...KIND, baseUrl: 'BASE', login: 'watcher', password: 'pass-word-1' },
    [],
    'of source online',
  ],
]

test.each(ACCOUNTS)('a source with %s is polled, its tree taken over', async (_name, source, accounts) => {
  await using world = await begin(source, accounts)
  await world.clock.advance(MINUTE)
  expect(world.poller.health()).toMatchObject({ connected: true, detail: { rows: 1 } })
  expect(world.station.fleet.rows.has('200000001')).toBe(true)
  expect(world.trees).toEqual([['online', 1]])
  await world.poller.stop()
})

test.each(ACCOUNTS)(
  'operators are told of %s that is refused, by its id',
  async (_name, source, accounts, id) => {
    await using world = await begin(source, accounts)
    world.online.users['watcher'] = 'another-password'
    await world.clock.advance(SECOND)
    expect(world.notices).toMatchObject([{ topic: 'account-unusable', key: id, cause: 'credentials' }])
    await world.poller.stop()
  },
)

test('its account shares session and budget with the probes', async () => {
  await using world = await begin({ ...KIND, account: 'main' }, [MAIN])
  await world.clock.advance(SECOND)
  const probing = world.clients.of({ ...MAIN, baseUrl: world.config.accounts[0]?.baseUrl ?? '' })
  await probing.get(ACTIVITY, { timeoutMs: MINUTE, maxBytes: 1e6 })
  expect([world.online.count(LOGIN), world.online.count(ACTIVITY)]).toEqual([1, 2])
})

test('the tree is not read where it is not wanted as inventory', async () => {
  await using world = await begin({ ...KIND, account: 'main', inventory: false }, [MAIN])
  await world.clock.advance(MINUTE)
  expect(world.trees).toEqual([])
})

test('a source is watched by how it is polled: nothing is heard more often than it is asked for', () => {
  const sources = [
    { ...KIND, account: 'main', pollEvery: '5m', timeout: '20s' },
    { id: 'push', kind: 'http', interval: '30s' },
  ]
  const config = configSchema.parse({ sources, accounts: [{ id: 'main', login: 'a', password: 'b' }] })
  expect(watchSettings(config)).toEqual([
    {
      id: 'online',
      intervalMs: 5 * MINUTE,
      liveLagMs: 10 * MINUTE,
      account: 'main',
      polling: { everyMs: 5 * MINUTE, timeoutMs: 20 * SECOND },
    },
    { id: 'push', intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE, account: null },
  ])
})

test('one with a login of its own hears through the service with no account that a component could have', () => {
  const own = { ...KIND, baseUrl: 'https://shard.example', login: 'a', password: 'b' }
  expect(watchSettings(configSchema.parse({ sources: [own] }))[0]?.account).toBe('of source online')
})
