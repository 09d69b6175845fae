import { describe, expect, test } from 'vitest'
import { addSource, createFleet } from '../../src/core/fleet/fleet.ts'
import { useSettings } from '../../src/core/fleet/fleet-thresholds.ts'
import { isBlind } from '../../src/core/freshness/blindness.ts'
import { beginDraining, createSourceWatch } from '../../src/core/freshness/source-watch.ts'
import type { Envelope } from '../../src/core/telemetry/decoder.ts'
import { createJsonDecoder } from '../../src/core/telemetry/json.ts'
import { createJsonPayloadDecoder } from '../../src/core/telemetry/json-payload.ts'
import { MINUTE, SECOND } from '../../src/core/time.ts'
import { createIngest, type Feed } from '../../src/workers/ingest.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { DEFAULTS } from '../support/fleet-scenario.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'
import { slowly, turn } from '../support/slow-clock.ts'

function setUp(timing: (clock: FakeClock) => FakeClock = (clock) => clock) {
  const clock = timing(createFakeClock())
  const log = createRecordingLog()
  const metrics = createRecordingMetrics()
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  const settings = { id: 'gate', intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE }
  const watch = createSourceWatch(settings, clock.now(), clock.now(), [])
  addSource(fleet, watch)
  const record = createJsonDecoder({ timezone: 'UTC' })
  const payload = createJsonPayloadDecoder(record)
  const feeds = new Map<string, Feed>([['gate', { record, payload, watch, number: 1 }]])
  const ingest = createIngest({ clock, fleet, feeds, log, metrics })
  const send = (payload: string | Uint8Array, envelope: Partial<Envelope> = {}): void => {
    const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload
    ingest.received({ payload: bytes, envelope: { source: 'gate', receivedAt: clock.now(), ...envelope } })
    ingest.drain()
  }
  return { clock, log, metrics, fleet, watch, feeds, ingest, send }
}

describe('ingest', () => {
  test('an unknown id becomes a discovered terminal with its registers', () => {
    const { send, fleet, clock } = setUp()
    send(JSON.stringify({ ident: '200000123', ts: clock.now() - SECOND }))
    expect(fleet.inventory.at(0)).toMatchObject({
      id: '200000123',
      discovered: true,
      firstSeenAt: clock.now(),
    })
    expect(fleet.table.contactAt[0]).toBe(clock.now())
    expect(fleet.table.dataAt[0]).toBe(clock.now() - SECOND)
  })

  test('who takes parsed records goes on as the source was when he began', () => {
    const { ingest, feeds, fleet, clock } = setUp()
    const take = ingest.records('gate')
    feeds.clear()
    expect(take?.({ ident: '1' }, { source: 'gate', receivedAt: clock.now() })).toBeNull()
    expect(fleet.inventory.at(0)?.id).toBe('1')
    expect(ingest.records('gate')).toBeUndefined()
  })

  test('several records in one message are several observations', () => {
    const { send, fleet } = setUp()
    send(JSON.stringify([{ ident: '1' }, { ident: '2' }, { ident: '1' }]))
    expect([...fleet.inventory].map(({ id }) => id)).toEqual(['1', '2'])
  })

  test.each([
    ['not-json', '{"ident":'],
    ['unknown-shape', '42'],
    ['no-terminal', '{"ts":1768472430}'],
    ['bad-value', '{"ident":"1","ts":"yesterday"}'],
    ['too-large', `{"ident":"${'1'.repeat(300_000)}"}`],
  ])('an input that is %s is counted and leaves nothing behind', (reason, payload) => {
    const { send, fleet, metrics, ingest } = setUp()
    send(payload)
    ingest.report()
    expect(metrics.value('watch_messages_rejected_total', { source: 'gate', reason })).toBe(1)
    expect(fleet.inventory).toHaveLength(0)
  })

  test('rejections are logged once a minute with a sample, not each', async () => {
    const { send, log, clock } = setUp()
    for (let i = 0; i < 100; i++) send('garbage')
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
    await clock.advance(MINUTE)
    send('garbage')
    expect(log.lines.at(-1)?.fields).toMatchObject({ reason: 'not-json', times: 100, sample: 'garbage' })
  })

  test('rejections are logged on when the wall clock is set back', async () => {
    const { send, log, clock } = setUp()
    send('garbage')
    clock.step(-60 * MINUTE)
    await clock.advance(MINUTE)
    send('garbage')
    expect(log.lines.filter(({ message }) => message === 'message rejected')).toHaveLength(2)
  })

  test('observations are counted by kind', () => {
    const { send, metrics, ingest, clock } = setUp()
    send(JSON.stringify({ ident: '1', ts: clock.now() }))
    send(JSON.stringify({ ident: '1', ts: clock.now() - 10 * MINUTE }))
    send(JSON.stringify({ ident: '1', ts: clock.now() }), { retained: true })
    ingest.report()
    const count = (kind: string) => metrics.value('watch_messages_total', { source: 'gate', kind })
    expect([count('live'), count('archive'), count('snapshot')]).toEqual([1, 1, 1])
  })

  test("a terminal's own `liveLag` stands before that of its source", () => {
    const { send, fleet, clock } = setUp()
    useSettings(fleet, { ...DEFAULTS, terminals: { slow: { liveLag: 30 * MINUTE } } }, 2 * MINUTE)
    for (const ident of ['slow', 'other']) send(JSON.stringify({ ident, ts: clock.now() - 10 * MINUTE }))
    expect([fleet.table.liveAt[0], fleet.table.liveAt[1]]).toEqual([clock.now(), 0])
  })

  test('a retained message never says "now"', () => {
    const { send, fleet, clock } = setUp()
    send(JSON.stringify({ ident: '1' }), { retained: true })
    expect([fleet.table.contactAt[0], fleet.table.dataAt[0]]).toEqual([0, 0])
    send(JSON.stringify({ ident: '1', ts: clock.now() - MINUTE }), { retained: true })
    expect([fleet.table.contactAt[0], fleet.table.liveAt[0]]).toEqual([clock.now() - MINUTE, 0])
  })

  test('what a resumed session hands over is a snapshot until the first message with a small lag', async () => {
    const { send, fleet, watch, clock } = setUp()
    beginDraining(watch, clock.now())
    send(JSON.stringify({ ident: '1', ts: clock.now() - 10 * MINUTE }))
    expect([fleet.table.contactAt[0], fleet.table.liveAt[0]]).toEqual([clock.now() - 10 * MINUTE, 0])
    send(JSON.stringify({ ident: '2', ts: clock.now() - SECOND }))
    send(JSON.stringify({ ident: '3' }))
    expect([fleet.table.contactAt[1], fleet.table.contactAt[2]]).toEqual([clock.now(), clock.now()])
  })

  test('draining ends after a minute at the latest', async () => {
    const { send, fleet, watch, clock } = setUp()
    beginDraining(watch, clock.now())
    await clock.advance(MINUTE + 1)
    send(JSON.stringify({ ident: '1', ts: clock.now() - 10 * MINUTE }))
    expect(fleet.table.contactAt[0]).toBe(clock.now())
  })

  test('a source whose messages wait over 30 s is blind until it has caught up', async () => {
    const { ingest, watch, clock } = setUp()
    const payload = new TextEncoder().encode('{"ident":"1"}')
    ingest.received({ payload, envelope: { source: 'gate', receivedAt: clock.now() } })
    await clock.advance(31 * SECOND)
    await new Promise((resolve) => setImmediate(resolve))
    expect(isBlind(watch.blindness)).toBe(true)
    ingest.report()
    expect(isBlind(watch.blindness)).toBe(false)
  })

  test('how long the oldest message has waited, and how many wait, is shown until they are taken in', async () => {
    const { ingest, metrics, clock } = setUp()
    const payload = new TextEncoder().encode('{"ident":"1"}')
    const put = () => ingest.received({ payload, envelope: { source: 'gate', receivedAt: clock.now() } })
    const shown = () => {
      ingest.report()
      return [
        metrics.value('watch_source_lag_seconds', { source: 'gate' }),
        metrics.value('watch_queue_messages'),
      ]
    }
    put()
    await clock.advance(30 * SECOND)
    put()
    await clock.advance(10 * SECOND)
    expect(shown()).toEqual([40, 2])
    ingest.drain()
    expect(shown()).toEqual([0, 0])
  })

  test('takes in what waits in slices, between which others have their turn', async () => {
    const { ingest, clock } = setUp(slowly)
    const payload = new TextEncoder().encode('{"ident":"1"}')
    for (let n = 0; n < 1000; n++)
      ingest.received({ payload, envelope: { source: 'gate', receivedAt: clock.now() } })
    const depths = [ingest.depth()]
    while (ingest.depth() > 0) {
      await turn()
      depths.push(ingest.depth())
    }
    expect(depths.length).toBeGreaterThan(20)
    expect(depths).toEqual(depths.toSorted((a, b) => b - a))
  })

  test('looks at the clock after each large message', async () => {
    const { ingest, clock } = setUp(slowly)
    const payload = new TextEncoder().encode(JSON.stringify({ ident: '1', pad: 'x'.repeat(20_000) }))
    for (let n = 0; n < 32; n++)
      ingest.received({ payload, envelope: { source: 'gate', receivedAt: clock.now() } })
    await turn()
    expect(32 - ingest.depth()).toBeLessThan(4)
  })

  test('a source that can wait is told to while enough waits, and goes on once there is room', async () => {
    const { ingest, clock } = setUp(slowly)
    const payload = new TextEncoder().encode('{"ident":"1"}')
    const put = () => ingest.received({ payload, envelope: { source: 'gate', receivedAt: clock.now() } })
    put()
    expect(ingest.room('gate')).toBeNull()
    let rejected = 0
    for (let n = 0; n < 5000; n++) {
      put()
      const room = ingest.room('gate')
      if (room === null) continue
      const before = ingest.depth()
      await room
      expect(ingest.depth()).toBeLessThan(before)
      rejected++
    }
    expect(rejected).toBeGreaterThan(10)
    expect(ingest.depth()).toBeLessThan(500)
  })

  test('a source that had to wait for 30 s without a break is blind until it has caught up', async () => {
    const { ingest, watch, clock } = setUp()
    const payload = new TextEncoder().encode('{"ident":"1"}')
    const fill = () => {
      for (let n = 0; n < 300; n++)
        ingest.received({ payload, envelope: { source: 'gate', receivedAt: clock.now() } })
    }
    fill()
    expect(ingest.room('gate')).not.toBeNull()
    await clock.advance(31 * SECOND)
    // What came since is not old itself.
    ingest.report()
    expect(isBlind(watch.blindness)).toBe(true)
    ingest.drain()
    ingest.report()
    expect(isBlind(watch.blindness)).toBe(false)
  })

  test('beyond its bound the queue drops and counts, and the source is lagging', () => {
    const { ingest, watch, clock, metrics } = setUp()
    const payload = new TextEncoder().encode('{"ident":"1"}')
    for (let i = 0; i < 200_001; i++)
      ingest.received({ payload, envelope: { source: 'gate', receivedAt: clock.now() } })
    expect(ingest.depth()).toBe(200_000)
    expect(isBlind(watch.blindness)).toBe(true)
    ingest.drain()
    ingest.report()
    expect(metrics.value('watch_messages_rejected_total', { source: 'gate', reason: 'dropped' })).toBe(1)
  })

  test('drops of an open source are counted from zero, before there are any', () => {
    const { ingest, metrics } = setUp()
    ingest.report()
    expect(metrics.value('watch_messages_rejected_total', { source: 'gate', reason: 'dropped' })).toBe(0)
  })

  test('a clock that is constantly behind is told from an archive and does not lose its live time', async () => {
    const { send, fleet, clock } = setUp()
    for (let i = 0; i < 12; i++) {
      send(JSON.stringify({ ident: '1', ts: clock.now() - 60 * MINUTE }))
      await clock.advance(30 * SECOND)
    }
    const { viewTerminal } = await import('../../src/core/fleet/query.ts')
    expect(viewTerminal(fleet, '1', clock.now())).toMatchObject({
      clockBehind: true,
      liveAt: clock.now() - 30 * SECOND,
    })
  })
})
