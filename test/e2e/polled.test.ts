import { expect, test } from 'vitest'
import { ACTIVITY, type FakeOnline, STATE, startFakeOnline, TREE } from '../support/fake-online.ts'
import { type ConfigTree, deployService } from '../support/service-process.ts'
import { until } from '../support/until.ts'

const [TALKING, SILENT, NEVER, OFF] = [200_000_001, 200_000_002, 200_000_003, 200_000_004]
const HOUR = 3_600_000

/** Four vehicles in two groups, one of them in both; one that never sent anything, one whose intake is off. */
function furnish(online: FakeOnline): void {
  const vehicle = (id: number, more = {}) => ({
    uuid: `u-${id}`,
    name: `Truck ${id - 200_000_000}`,
    terminal_type: 'FAS',
    terminal_id: id,
    receive_data: 1,
    ...more,
  })
  online.tree = {
    id: 1,
    name: 'Dealer',
    objects: [],
    children: [
      { id: 2, name: 'Client A', objects: [vehicle(TALKING), vehicle(SILENT)], children: [] },
      {
        name: 'Client B',
        objects: [vehicle(TALKING), vehicle(NEVER), vehicle(OFF, { receive_data: 0 })],
        children: [],
      },
    ],
  }
  tell(online, Date.now())
}

/** What the service last heard of the talking terminal; the silent one was heard two hours ago. */
function tell(online: FakeOnline, at: number): void {
  online.activity = [
    { id: TALKING, dateID: at, uuid: `u-${TALKING}` },
    { id: SILENT, dateID: SILENT_SINCE, uuid: `u-${SILENT}` },
    { id: OFF, dateID: at, uuid: `u-${OFF}` },
  ]
}

const SILENT_SINCE = Date.now() - 2 * HOUR

function configFor(online: FakeOnline): ConfigTree {
  return {
    broker: { enabled: false },
    accounts: [{ id: 'main', baseUrl: online.baseUrl, login: 'watcher', password: 'pass-word-1' }],
    sources: [
      {
        id: 'online',
        kind: 'omnicomm-online',
        account: 'main',
        interval: '1s',
        pollEvery: '1s',
        timeout: '2s',
        dealer: 'group:0',
      },
    ],
    freshness: { resumeGrace: '1s', default: { moving: '1h', parked: '1h' } },
    service: { components: [] },
  }
}

test('a fleet at Omnicomm Online is known, named and judged with one call a turn', async () => {
  await using online = await startFakeOnline()
  furnish(online)
  await using deployment = await deployService(configFor(online))
  const service = await deployment.start()
  const terminal = (id: number) => service.api.terminal(String(id))

  await until(async () => (await terminal(NEVER))?.state === 'never', 15_000)
  expect(await terminal(TALKING)).toMatchObject({
    name: 'Truck 1',
    client: 'Client A',
    dealer: 'Dealer',
    group: 'Dealer/Client A',
    source: 'online',
    discovered: false,
    state: 'fresh',
  })
  await until(async () => (await terminal(SILENT))?.state === 'stale', 15_000)
  expect(await terminal(OFF)).toMatchObject({ state: 'suspended', client: 'Client B' })

  // A value that changed proves that the service heard it since the last poll.
  const before = await terminal(TALKING)
  tell(online, Date.now())
  await until(async () => (await terminal(TALKING))?.contactAt !== before?.contactAt, 10_000)
  expect((await terminal(TALKING))?.liveAt).toBe((await terminal(TALKING))?.contactAt)

  // Only what is silent is asked for one by one, beside what a person asks for.
  await until(() => online.paths().includes(`/ls/api/v1/vehicles/${SILENT}/state`), 15_000)
  expect(online.count(STATE)).toBe(0)
  const asked = await service.api.request(`/api/v1/terminals/${TALKING}/ask`, { method: 'POST' })
  expect(asked.status).toBe(200)
  expect(online.count(STATE)).toBe(1)
  expect(online.count(TREE)).toBe(1)
})

test('an empty answer changes nothing, and blinds the source', async () => {
  await using online = await startFakeOnline()
  furnish(online)
  await using deployment = await deployService(configFor(online))
  const service = await deployment.start()
  const state = async () => (await service.api.terminal(String(TALKING)))?.state
  await until(async () => (await state()) === 'fresh', 15_000)
  const blind = () => service.api.metric('watch_source_blind', 'source="online"')
  await until(async () => (await blind()) === 0, 10_000)

  online.on(ACTIVITY, { kind: 'answer', json: [] })
  // 2 x pollEvery + timeout without a good poll.
  await until(async () => (await blind()) === 1, 20_000)
  expect(await state()).toBe('fresh')
  expect((await service.api.terminals()).length).toBe(4)
  // On a slow machine a poll before may have timed out, which is another trouble, and the line comes when it comes.
  const isTold = () =>
    service.log.some(
      ({ level, ...fields }) =>
        level === 'warn' &&
        fields['source'] === 'online' &&
        /the answer has none, what was known stays/.test(String(fields['trouble'])),
    )
  await until(isTold, 10_000)

  online.on(ACTIVITY, { kind: 'usual' })
  await until(async () => (await blind()) === 0, 10_000)
})
