import { describe, expect, test } from 'vitest'
import { blindSince } from '../../src/core/freshness/blindness.ts'
import { SEEING } from '../../src/core/outage/service-blindness.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import { ACTIVITY, LOGIN, TREE } from '../support/fake-online.ts'
import { T0 } from '../support/fleet-scenario.ts'
import { until } from '../support/until.ts'
import { startPolling } from './online-rig.ts'

const FAILING = { kind: 'answer', status: 503 } as const
const USUAL = { kind: 'usual' } as const

describe('the activity', () => {
  test('is polled at once and then at its interval, and every terminal in it is known', async () => {
    await using polling = await startPolling()
    const { clock, online, serve } = polling
    serve({ 1: T0 - MINUTE, 2: T0 - 10 * DAY, 3: null })
    await clock.advance(SECOND)
    expect(online.count(ACTIVITY)).toBe(1)
    expect(['1', '2', '3'].map(polling.state)).toEqual(['fresh', 'lost', 'never'])
    await clock.advance(10 * MINUTE)
    expect(online.count(ACTIVITY)).toBe(11)
    expect(polling.metrics.value('watch_messages_total', { source: 'online', kind: 'snapshot' })).toBe(2)
    expect(polling.poller().health()).toMatchObject({
      id: 'online',
      connected: true,
      detail: { lastGoodPollAt: T0 + 10 * MINUTE, rows: 3, skipped: 0, trouble: null },
    })
  })

  test('makes a terminal stale at the first good poll over its threshold, and fresh when it sends again', async () => {
    await using polling = await startPolling({ statesPerMinute: 0 })
    const { clock, serve, station } = polling
    serve({ 1: T0 - MINUTE, 2: T0 - MINUTE })
    await clock.advance(MINUTE)
    serve({ 1: T0 + 30 * SECOND, 2: T0 + 30 * SECOND })
    await clock.advance(32 * MINUTE + SECOND)
    expect(polling.state('1')).toBe('stale')
    const history = (await station().history('1')).map(({ from, to, at }) => [from, to, (at - T0) / MINUTE])
    expect(history.slice(0, 1)).toEqual([[null, 'fresh', expect.any(Number)]])
    expect(history.slice(1)).toEqual([['fresh', 'stale', expect.closeTo(33, 5)]])
    for (let i = 0; i < 2; i++) {
      serve({ 1: clock.now(), 2: T0 + 30 * SECOND })
      await clock.advance(MINUTE)
    }
    await clock.advance(SECOND)
    expect(['1', '2'].map(polling.state)).toEqual(['fresh', 'stale'])
  })

  test('given in seconds is read as such, and a terminal that is in it twice counts with its newest time', async () => {
    await using polling = await startPolling()
    const { clock, online, station } = polling
    online.activity = [
      { id: 1, dateID: T0 / 1000 - 60 },
      { id: 1, dateID: T0 - HOUR },
    ]
    await clock.advance(5 * MINUTE)
    expect(station().contactAt('1')).toBe(T0 - MINUTE)
  })

  test('is asked for once at a time: a poll that takes longer skips the next', async () => {
    await using polling = await startPolling({ pollEveryMs: 10 * SECOND })
    const { clock, online } = polling
    const answer = Promise.withResolvers<void>()
    online.on(ACTIVITY, { kind: 'late', until: answer.promise })
    const first = clock.advance(0)
    await until(() => online.count(ACTIVITY) === 1)
    await clock.advance(25 * SECOND)
    expect(online.count(ACTIVITY)).toBe(1)
    answer.resolve()
    await first
    await until(() => polling.poller().health().connected)
    // It had been sent long before it was answered, and proves no silence since.
    expect(polling.watch().polls).toMatchObject({ sentAt: T0, answeredAt: T0 + 25 * SECOND })
    await clock.advance(MINUTE)
    expect(online.count(ACTIVITY)).toBeGreaterThan(1)
  })

  test('that comes after the source was stopped is not taken in, and nothing more is asked', async () => {
    await using polling = await startPolling()
    const { clock, online } = polling
    const answer = Promise.withResolvers<void>()
    online.on(ACTIVITY, { kind: 'late', until: answer.promise })
    const first = clock.advance(0)
    await until(() => online.count(ACTIVITY) === 1)
    await polling.poller().stop()
    answer.resolve()
    await first
    await clock.advance(HOUR)
    expect([...polling.station().fleet.inventory]).toEqual([])
    expect(online.count(ACTIVITY)).toBe(1)
    expect(polling.poller().health().connected).toBe(false)
    expect(await polling.poller().ask('1')).toMatchObject({ kind: 'refused' })
  })

  test('that fails leaves all as it was, is logged once, and blinds the source when it goes on', async () => {
    await using polling = await startPolling()
    const { clock, online, serve } = polling
    serve({ 1: T0 })
    await clock.advance(MINUTE)
    const contactAt = polling.station().contactAt('1')
    online.on(ACTIVITY, FAILING)
    await clock.advance(2 * MINUTE)
    expect(blindSince(polling.watch().blindness)).toBeNull()
    expect(polling.poller().health()).toMatchObject({
      connected: false,
      detail: { trouble: expect.stringContaining('see the page of the service') },
    })
    await clock.advance(2 * HOUR)
    expect(polling.station().watches.blindSince(polling.watch())).toBe(T0 + MINUTE)
    expect([polling.station().contactAt('1'), polling.state('1')]).toEqual([contactAt, 'unknown'])
    expect(polling.logged('polling is in trouble').map(({ fields }) => fields['part'])).toEqual(['activity'])
    expect(
      polling.station().log.lines.filter(({ message }) => message === 'source is not heard'),
    ).toHaveLength(1)
    online.on(ACTIVITY, USUAL)
    serve({ 1: clock.now() })
    await clock.advance(MINUTE + SECOND)
    expect(polling.state('1')).toBe('fresh')
    expect(polling.logged('polling is out of trouble')).toHaveLength(1)
  })

  test('that is empty or too small is no good poll and overwrites nothing', async () => {
    await using polling = await startPolling({ statesPerMinute: 0 })
    const { clock, serve } = polling
    const all = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [i + 1, T0]))
    serve(all)
    await clock.advance(MINUTE)
    serve({})
    await clock.advance(5 * MINUTE)
    expect(polling.trouble()).toContain('the answer has none')
    expect(blindSince(polling.watch().blindness)).not.toBeNull()
    serve({ 1: T0 + MINUTE })
    await clock.advance(MINUTE)
    expect(polling.trouble()).toContain('1 in place of 20')
    expect(polling.station().contactAt('1')).toBe(T0)
    serve(all)
    await clock.advance(MINUTE)
    expect([polling.trouble(), blindSince(polling.watch().blindness)]).toEqual([null, null])
  })

  test('whose rows have lost their times is no good poll: nobody is silent because of it', async () => {
    await using polling = await startPolling({ statesPerMinute: 0 })
    const { clock, serve, online } = polling
    const ids = Array.from({ length: 20 }, (_, i) => i + 1)
    serve(Object.fromEntries(ids.map((id) => [id, T0])))
    await clock.advance(MINUTE)
    for (const dateID of [undefined, 'soon', 0]) {
      online.activity = ids.map((id) => ({ id, dateID }))
      await clock.advance(2 * HOUR)
      expect(polling.trouble()).toContain('terminals with a time of their data')
      expect(ids.map((id) => polling.state(String(id)))).not.toContain('stale')
    }
  })

  test('of a fleet of which nobody ever sent anything is a good one', async () => {
    await using polling = await startPolling({ statesPerMinute: 0 })
    polling.online.activity = [{ id: 1 }, { id: 2 }]
    await polling.clock.advance(MINUTE + SECOND)
    expect([polling.trouble(), polling.state('1')]).toEqual([null, 'never'])
  })

  test('proves nothing of a terminal that it leaves out, and all of those that it names', async () => {
    await using polling = await startPolling({ statesPerMinute: 0 })
    const { clock, serve } = polling
    const ids = Array.from({ length: 20 }, (_, i) => i + 1)
    serve(Object.fromEntries(ids.map((id) => [id, T0])))
    await clock.advance(MINUTE)
    serve(Object.fromEntries(ids.slice(0, 11).map((id) => [id, T0])))
    await clock.advance(2 * HOUR)
    expect([polling.trouble(), polling.state('1'), polling.state('20')]).toEqual([null, 'stale', 'unknown'])
    // It was silent all the time: the first answer that names it again says so.
    serve(Object.fromEntries(ids.map((id) => [id, T0])))
    await clock.advance(MINUTE + SECOND)
    expect(polling.state('20')).toBe('stale')
  })

  test('that is too small is none after a restart either', async () => {
    await using polling = await startPolling({ statesPerMinute: 0 })
    const { clock, serve } = polling
    const ids = Array.from({ length: 20 }, (_, i) => i + 1)
    serve(Object.fromEntries(ids.map((id) => [id, T0])))
    await clock.advance(MINUTE)
    await polling.restart(SECOND)
    serve(Object.fromEntries(ids.slice(0, 8).map((id) => [id, T0])))
    await clock.advance(30 * MINUTE)
    expect(polling.trouble()).toContain('8 in place of 20')
    expect(ids.map((id) => polling.state(String(id)))).not.toContain('stale')
  })

  test('is held after a restart against the last good one, and not against all that was ever heard', async () => {
    await using polling = await startPolling({ statesPerMinute: 0 })
    const { clock, serve } = polling
    const ids = Array.from({ length: 30 }, (_, i) => i + 1)
    for (const left of [30, 16, 9]) {
      serve(Object.fromEntries(ids.slice(0, left).map((id) => [id, T0])))
      await clock.advance(MINUTE)
    }
    await polling.restart(SECOND)
    await clock.advance(SECOND)
    expect([polling.trouble(), polling.poller().health().connected]).toEqual([null, true])
  })

  test.each([
    ['its size', true],
    ['no size', false],
  ])(
    'of a fleet of which nobody ever sent anything is good after a restart too, with %s kept',
    async (_name, isKept) => {
      await using polling = await startPolling({ statesPerMinute: 0 })
      polling.online.activity = [{ id: 1 }, { id: 2 }]
      await polling.clock.advance(MINUTE)
      if (!isKept) await polling.stores.settings.set('rows:online', '')
      await polling.restart(SECOND)
      await polling.clock.advance(SECOND)
      expect([polling.trouble(), polling.state('1')]).toEqual([null, 'never'])
    },
  )

  test('that stays small for an hour is the account as it is now', async () => {
    await using polling = await startPolling({ statesPerMinute: 0 })
    const { clock, serve } = polling
    serve(Object.fromEntries(Array.from({ length: 20 }, (_, i) => [i + 1, T0])))
    await clock.advance(MINUTE)
    serve({ 1: T0 + MINUTE })
    await clock.advance(HOUR)
    expect(polling.trouble()).not.toBeNull()
    await clock.advance(MINUTE)
    expect(polling.trouble()).toBeNull()
    expect(polling.poller().health().detail).toMatchObject({ rows: 1 })
  })
})

describe('a restart', () => {
  test('flags nobody before its first good poll, and takes no state back', async () => {
    await using polling = await startPolling({ statesPerMinute: 0 })
    const { clock, online, serve, station } = polling
    serve({ 1: T0, 2: T0, 3: null })
    await clock.advance(MINUTE)
    serve({ 1: T0 + 30 * SECOND, 2: T0 - HOUR, 3: null })
    await clock.advance(MINUTE)
    const row = station().fleet.rows.get('1') ?? -1
    station().fleet.table.ignition[row] = 1
    station().fleet.table.ignitionAt[row] = T0
    station().fleet.table.dirty.push(row)
    await clock.advance(40 * MINUTE)
    const before = ['1', '2', '3'].map(polling.state)
    expect(before).toEqual(['sleeping', 'stale', 'never'])
    const contactAt = station().contactAt('1')
    online.on(ACTIVITY, FAILING)
    await polling.restart(10 * SECOND)
    await clock.advance(10 * MINUTE)
    expect(['1', '2', '3'].map(polling.state)).toEqual(before)
    online.on(ACTIVITY, USUAL)
    await clock.advance(MINUTE)
    expect(['1', '2', '3'].map(polling.state)).toEqual(before)
    expect(polling.station().contactAt('1')).toBe(contactAt)
  })

  test('dates what came meanwhile by its own time, and knows what was an outage of the service', async () => {
    await using polling = await startPolling({ statesPerMinute: 0 })
    const { clock, serve } = polling
    serve({ 1: T0, 2: T0 })
    await clock.advance(10 * MINUTE)
    const outage = { from: clock.now(), to: clock.now() + 5 * HOUR }
    polling.station().watches.followService(() => ({ ...SEEING, outage: { ...outage, to: null } }))
    await clock.advance(5 * HOUR)
    polling.station().watches.followService(() => ({ ...SEEING, outage }))
    await clock.advance(5 * MINUTE)
    await polling.restart(2 * MINUTE)
    serve({ 1: clock.now() - MINUTE, 2: T0 })
    await clock.advance(3 * MINUTE)
    expect(polling.station().contactAt('1')).toBe(T0 + 5 * HOUR + 16 * MINUTE)
    expect(['1', '2'].map(polling.state)).toEqual(['fresh', 'unknown'])
    await clock.advance(15 * MINUTE)
    expect(polling.state('2')).toBe('stale')
  })
})

describe('the tree', () => {
  test('is read after the first good poll and then at its interval, and handed over with client and group', async () => {
    await using polling = await startPolling()
    const { clock, online, trees } = polling
    online.on(ACTIVITY, FAILING)
    await clock.advance(10 * MINUTE)
    expect(online.count(TREE)).toBe(0)
    online.on(ACTIVITY, USUAL)
    online.tree = {
      id: 1,
      name: 'All',
      children: [
        {
          name: 'Client A',
          objects: [{ uuid: 'u-1', terminal_id: 1, name: 'Truck 1', terminal_type: 'FAS', receive_data: 0 }],
        },
      ],
    }
    await clock.advance(MINUTE)
    expect(trees).toEqual([
      [
        {
          terminalId: '1',
          uuid: 'u-1',
          name: 'Truck 1',
          group: 'All/Client A',
          client: 'Client A',
          dealer: '',
          model: 'FAS',
          intake: 'off',
        },
      ],
    ])
    expect(polling.poller().health().detail).toMatchObject({ treeAt: clock.now(), treeVehicles: 1 })
    await clock.advance(59 * MINUTE)
    expect(online.count(TREE)).toBe(1)
    await clock.advance(2 * MINUTE)
    expect(online.count(TREE)).toBe(2)
  })

  test('that takes long holds up no poll, and is not asked for a second time', async () => {
    await using polling = await startPolling({ pollEveryMs: 10 * SECOND, treeEveryMs: 10 * SECOND })
    const { clock, online, trees } = polling
    const answer = Promise.withResolvers<void>()
    online.on(TREE, { kind: 'late', until: answer.promise })
    const first = clock.advance(0)
    await until(() => online.count(TREE) === 1)
    await clock.advance(MINUTE)
    expect([online.count(ACTIVITY), online.count(TREE)]).toEqual([7, 1])
    answer.resolve()
    await first
    await until(() => trees.length === 1)
  })

  test.each([
    ['empty', { name: 'All', objects: [] }, 'the answer has none'],
    ['no tree', [1], 'no tree of vehicles'],
  ])('that is %s is not handed over, and read again after ten minutes', async (_name, tree, text) => {
    await using polling = await startPolling()
    const { clock, online, trees } = polling
    online.tree = tree
    await clock.advance(9 * MINUTE)
    expect([trees.length, online.count(TREE)]).toEqual([0, 1])
    expect(polling.trouble()).toContain(text)
    expect(polling.poller().health().connected).toBe(true)
    await clock.advance(2 * MINUTE)
    expect(online.count(TREE)).toBe(2)
  })

  test('that cannot be stored is tried again', async () => {
    await using polling = await startPolling()
    const { clock, trees, failTree } = polling
    failTree(new Error('the disk is full'))
    await clock.advance(MINUTE)
    expect(polling.trouble()).toContain('the disk is full')
    failTree(null)
    await clock.advance(11 * MINUTE)
    expect([trees.length, polling.trouble()]).toEqual([1, null])
  })

  test('that the account may not read is told to operators, and polls go on', async () => {
    await using polling = await startPolling()
    const { clock, online } = polling
    online.on(TREE, { kind: 'answer', status: 403 })
    await clock.advance(5 * MINUTE)
    const { connected, detail } = polling.poller().health()
    expect([connected, detail['trouble']]).toEqual([true, expect.stringContaining('ask Omnicomm support')])
    expect(polling.notices).toEqual([
      { topic: 'account-unusable', key: 'main', cause: 'rights', part: 'tree', reason: polling.trouble() },
    ])
  })
})

test('credentials that are refused stop all calls, and say what to do', async () => {
  await using polling = await startPolling()
  const { clock, online } = polling
  online.users['watcher'] = 'another-password'
  await clock.advance(HOUR)
  expect([online.count(LOGIN), online.count(ACTIVITY)]).toEqual([1, 0])
  expect(polling.trouble()).toContain('correct login and password')
})
