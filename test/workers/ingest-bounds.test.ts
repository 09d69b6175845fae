import { describe, expect, test } from 'vitest'
import { addSource, createFleet } from '../../src/core/fleet/fleet.ts'
import { isBlind } from '../../src/core/freshness/blindness.ts'
import { beginBlind, createSourceWatch } from '../../src/core/freshness/source-watch.ts'
import { createJsonDecoder } from '../../src/core/telemetry/json.ts'
import { createJsonPayloadDecoder } from '../../src/core/telemetry/json-payload.ts'
import { MINUTE, SECOND } from '../../src/core/time.ts'
import { createIngest, type Feed } from '../../src/workers/ingest.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { DEFAULTS } from '../support/fleet-scenario.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'

const LARGEST = 256 * 1024
const FIT = 256

function setUp() {
  const clock = createFakeClock()
  const log = createRecordingLog()
  const metrics = createRecordingMetrics()
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  const payload = createJsonPayloadDecoder(createJsonDecoder({ timezone: 'UTC' }))
  const feeds = new Map<string, Feed>()
  const watches = ['gate', 'hub'].map((id, index) => {
    const settings = { id, intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE }
    const watch = createSourceWatch(settings, clock.now(), clock.now(), [])
    addSource(fleet, watch)
    feeds.set(id, { payload, watch, number: index + 1 })
    return watch
  })
  const ingest = createIngest({ clock, fleet, feeds, log, metrics })
  const fill = (bytes: number, times: number, source = 'gate'): void => {
    const envelope = { source, receivedAt: clock.now() }
    const message = { payload: new Uint8Array(bytes), envelope }
    for (let n = 0; n < times; n++) ingest.received(message)
  }
  const rejected = (reason: string, source = 'gate'): number | undefined => {
    ingest.report()
    return metrics.value('watch_messages_rejected_total', { source, reason })
  }
  const blind = (): boolean[] => watches.map((watch) => isBlind(watch.blindness))
  return { clock, log, fleet, watches, ingest, fill, rejected, blind }
}

describe('bounds of the message path', () => {
  test('a message that is too large never waits', () => {
    const { ingest, fill, rejected, blind } = setUp()
    fill(LARGEST + 1, 1000)
    expect(ingest.depth()).toBe(0)
    expect(rejected('too-large')).toBe(1000)
    expect(blind()).toEqual([false, false])
  })

  test('large messages fill the queue by their bytes; the source whose message is dropped is lagging', () => {
    const { ingest, fill, rejected, blind } = setUp()
    fill(LARGEST, FIT, 'hub')
    expect(blind()).toEqual([false, false])
    fill(LARGEST, 44)
    expect(ingest.depth()).toBe(FIT)
    expect(blind()).toEqual([true, false])
    ingest.drain()
    expect([rejected('dropped'), rejected('dropped', 'hub')]).toEqual([44, 0])
  })

  test('a source that is lagging and gets no message any more is not lagging for ever', () => {
    const { ingest, fill, blind } = setUp()
    fill(LARGEST, FIT + 1)
    ingest.drain()
    expect(blind()).toEqual([true, false])
    ingest.report()
    expect(blind()).toEqual([false, false])
  })

  test('nor one whose queue is worked off while others go on filling it', async () => {
    const { clock, ingest, fill, blind } = setUp()
    fill(LARGEST, FIT + 1)
    ingest.drain()
    await clock.advance(10 * SECOND)
    fill(1, 10, 'hub')
    ingest.report()
    expect(blind()).toEqual([false, false])
  })

  test.each([
    ['is one line a minute', 0],
    ['is one line a minute, also when the wall clock is set back', -60 * MINUTE],
  ])('a lag that comes and goes %s', async (_name, step) => {
    const { clock, log, ingest, fill } = setUp()
    for (let n = 0; n < 3; n++) {
      fill(LARGEST, FIT + 1)
      ingest.drain()
      ingest.report()
      clock.step(step)
      await clock.advance(30 * SECOND)
    }
    const lines = log.lines.filter(({ message }) => message.startsWith('source is lagging'))
    expect(lines).toHaveLength(2)
  })

  test('an empty queue says nothing about what the broker drops', () => {
    const { clock, watches, ingest, blind } = setUp()
    const [gate] = watches
    if (gate) beginBlind(gate, 'dropped', clock.now())
    ingest.report()
    expect(blind()).toEqual([true, false])
  })

  test('of terminals that nobody knows no archive counter is kept', () => {
    const { fleet, ingest, clock } = setUp()
    ingest.observed({ terminalId: '1', source: 'gate', receivedAt: clock.now(), kind: 'live' })
    for (const terminalId of ['1', '2']) ingest.counted({ terminalId, recordId: 7, firmware: null })
    expect([...fleet.counters.keys()]).toEqual(['1'])
    expect([...fleet.changedCounters]).toEqual(['1'])
  })
})
