import { describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { addSource, createFleet } from '../../src/core/fleet/fleet.ts'
import { isBlind, observedSince } from '../../src/core/freshness/blindness.ts'
import { loseLink, notePoll } from '../../src/core/freshness/polled-watch.ts'
import { beginBlind, createSourceWatch, endCause } from '../../src/core/freshness/source-watch.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import { createBlindLedger } from '../../src/workers/blind-ledger.ts'
import { createSourceWatches } from '../../src/workers/source-watches.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { DEFAULTS, T0 } from '../support/fleet-scenario.ts'
import { type Station, startStation, watched } from '../support/fleet-station.ts'
import { polledWatch } from '../support/polled-scenario.ts'
import { createRecordingLog } from '../support/recorders.ts'
import { ANNA } from '../support/store-rows.ts'

async function begin(options: Parameters<typeof startStation>[2] = {}) {
  const clock = createFakeClock()
  const stores = createMemoryStores()
  const station = await startStation(clock, stores, options)
  return { clock, stores, station }
}

/** Silence of a source as it is counted: observed milliseconds of the last `ms`. */
function observed(station: Station, id: string, since: number, now: number): number {
  const watch = station.watches.find(id)
  if (!watch) throw new Error(`no source ${id}`)
  return observedSince(watch.blindness, since, now)
}

describe('a restart', () => {
  test('keeps states, registers and history, however it came about', async () => {
    const { clock, stores, station: first } = await begin()
    first.hear('1')
    first.hear('2')
    await clock.advance(31 * MINUTE)
    first.hear('2')
    await clock.advance(2 * SECOND)
    const before = await Promise.all(['1', '2'].map(first.history))
    first.crash()
    await clock.advance(20 * SECOND)

    const second = await startStation(clock, stores)
    await clock.advance(2 * SECOND)
    expect(['1', '2'].map(second.state)).toEqual(['stale', 'stale'])
    expect(['1', '2'].map(second.contactAt)).toEqual(['1', '2'].map(first.contactAt))
    expect(await Promise.all(['1', '2'].map(second.history))).toEqual(before)
    expect(before[0]?.map(({ from, to }) => `${from}>${to}`)).toEqual(['null>fresh', 'fresh>stale'])
  })

  test('loses nothing that only the journal knew when the next run makes a checkpoint and dies too', async () => {
    const { clock, stores, station: first } = await begin()
    first.hear('1')
    const heardAt = clock.now()
    await clock.advance(10 * SECOND)
    first.crash()
    const second = await startStation(clock, stores)
    await clock.advance(6 * MINUTE)
    expect((await stores.fleet.load()).journal).toHaveLength(0)
    second.crash()
    const third = await startStation(clock, stores)
    expect(third.contactAt('1')).toBe(heardAt)
    expect(third.state('1')).toBe('fresh')
  })

  test('alerts a silence once, also when the terminal was in maintenance meanwhile', async () => {
    const { clock, stores, station: first } = await begin()
    first.hear('1')
    await clock.advance(31 * MINUTE)
    first.crash()
    const second = await startStation(clock, stores)
    const now = clock.now()
    await second.desk.change('1', { maintenance: { from: now, to: now + MINUTE, reason: '' } }, ANNA)
    expect(second.state('1')).toBe('maintenance')
    await clock.advance(4 * MINUTE)
    expect(second.state('1')).toBe('stale')
    expect((await second.history('1')).filter(({ alertId }) => alertId)).toHaveLength(1)
  })

  test('the time without a heartbeat is no silence: nobody becomes stale by it, and the dead do after one grace', async () => {
    const { clock, stores, station: first } = await begin()
    await clock.advance(5 * MINUTE)
    first.hear('1')
    const heardAt = clock.now()
    await clock.advance(20 * MINUTE)
    first.crash()
    await clock.advance(9 * HOUR)
    const second = await startStation(clock, stores)
    await clock.advance(9 * MINUTE)
    expect(second.state('1')).toBe('unknown')
    await clock.advance(MINUTE + 11 * SECOND)
    expect(second.state('1')).toBe('stale')
    const { at = 0 } = (await second.history('1')).at(-1) ?? {}
    const lateBy = at - (heardAt + 30 * MINUTE + 9 * HOUR)
    expect(lateBy).toBeGreaterThanOrEqual(0)
    expect(lateBy).toBeLessThanOrEqual(10 * SECOND)
  })

  test('a program that dies every minute still finds the dead terminal, late by what it did not observe', async () => {
    const { clock, stores, station } = await begin()
    await clock.advance(5 * MINUTE)
    station.hear('1')
    const heardAt = clock.now()
    let run = station
    for (let i = 0; i < 60 && run.state('1') !== 'stale'; i++) {
      await clock.advance(MINUTE)
      run.crash()
      run = await startStation(clock, stores)
    }
    expect(run.state('1')).toBe('stale')
    const [stale] = (await run.history('1')).filter(({ to }) => to === 'stale')
    // Each restart costs up to a heartbeat; the grace after start holds back for two minutes of silence at most.
    const silentFor = (stale?.at ?? 0) - heardAt
    expect(silentFor).toBeGreaterThan(32 * MINUTE)
    expect(silentFor).toBeLessThanOrEqual(32 * MINUTE + 40 * 10 * SECOND)
  })

  test('a new data folder begins with nothing and says nothing', async () => {
    const { clock, station } = await begin()
    await clock.advance(10 * SECOND)
    expect(station.fleet.sources.map(({ id }) => id)).toEqual(['gate'])
    expect(station.fleet.inventory).toHaveLength(0)
  })

  test('with a clock that went back meanwhile nothing was seen in the future', async () => {
    const { clock, stores, station: first } = await begin()
    first.hear('1')
    await clock.advance(2 * SECOND)
    first.crash()
    clock.step(-DAY)
    const second = await startStation(clock, stores)
    expect(second.contactAt('1')).toBe(clock.now())
    await clock.advance(31 * MINUTE)
    expect(second.state('1')).toBe('stale')
  })

  test('with a clock that had been ahead readings give way to newer ones, also a run later', async () => {
    const { clock, stores, station: ahead } = await begin()
    clock.step(30 * DAY)
    ahead.hear('1', { readings: { voltage: 24 } })
    // Readings are stored with the checkpoints only.
    await clock.advance(6 * MINUTE)
    ahead.crash()
    clock.step(-30 * DAY)
    const second = await startStation(clock, stores)
    await clock.advance(5 * SECOND)
    second.crash()
    const third = await startStation(clock, stores)
    await clock.advance(SECOND)
    third.hear('1', { readings: { voltage: 23 } })
    expect(third.desk.seenBy('all').get('1')?.readings['voltage']).toEqual({ value: 23, at: clock.now() })
  })

  test('a row that a chunk holds but the inventory does not know is given to another terminal empty', async () => {
    const { clock, stores, station: first } = await begin()
    first.hear('1')
    await clock.advance(2 * SECOND)
    first.hear('ghost')
    await stores.fleet.checkpoint({ chunks: [{ number: 0, bytes: (await encode(first)).bytes }] })
    first.crash()
    const second = await startStation(clock, stores)
    second.hear('2', { kind: 'presence' })
    expect(second.contactAt('2')).toBe(0)
    expect(second.contactAt('1')).toBe(first.contactAt('1'))
  })
})

async function encode(station: Station): Promise<{ bytes: Uint8Array }> {
  const { encodeChunk } = await import('../../src/core/fleet/register-codec.ts')
  return { bytes: encodeChunk(station.fleet.table, 0) }
}

describe('blindness over a restart', () => {
  test('a stretch that is open when the program dies ends with the first connection after it', async () => {
    const { clock, stores, station: first } = await begin()
    const start = clock.now()
    await clock.advance(MINUTE)
    first.link('gate').disconnected(clock.now(), 'lost')
    await clock.advance(MINUTE)
    first.crash()
    const second = await startStation(clock, stores, { connect: false })
    await clock.advance(MINUTE)
    second.link('gate').connected(clock.now(), false)
    await clock.advance(MINUTE)
    expect(observed(second, 'gate', start, clock.now())).toBe(2 * MINUTE)
    expect((await stores.fleet.load()).blind.filter(({ to }) => to === null)).toEqual([])
  })

  test('a stretch that is found to have begun earlier does not stay open in the store', async () => {
    const { clock, stores, station: first } = await begin()
    const start = clock.now()
    await clock.advance(HOUR)
    first.link('gate').disconnected(clock.now(), 'lost')
    await clock.advance(15 * SECOND)
    const watch = first.watches.find('gate')
    if (!watch) throw new Error('no source')
    beginBlind(watch, 'lag', clock.now() - 40 * SECOND)
    endCause(watch, 'lag', clock.now())
    first.link('gate').connected(clock.now(), false)
    await clock.advance(HOUR)
    const before = observed(first, 'gate', start, clock.now())
    first.crash()
    const second = await startStation(clock, stores)
    expect(observed(second, 'gate', start, clock.now())).toBeGreaterThanOrEqual(before - 10 * SECOND)
  })

  test.each([
    ['no input was opened for a source', { opened: false }],
    ['its input is not connected', { connect: false }],
  ])('while %s nothing is observed', async (_name, options) => {
    const { clock, station } = await begin(options)
    const start = clock.now()
    await clock.advance(HOUR)
    expect(observed(station, 'gate', start, clock.now())).toBe(0)
    station.hear('1', { kind: 'presence' })
    await clock.advance(SECOND)
    expect(station.state('1')).toBe('unknown')
  })

  test('many runs leave no more rows open than there are blind sources', async () => {
    const { clock, stores, station } = await begin()
    let run = station
    for (let i = 0; i < 10; i++) {
      run.link('gate').disconnected(clock.now() - SECOND, 'lost')
      await clock.advance(12 * SECOND)
      run.crash()
      await clock.advance(5 * SECOND)
      run = await startStation(clock, stores, { connect: i % 2 === 0 })
      await clock.advance(12 * SECOND)
    }
    expect((await stores.fleet.load()).blind.filter(({ to }) => to === null)).toHaveLength(1)
  })
})

describe('stand-stills and clock steps', () => {
  test('a sweep that comes right after a long stand-still, before any timer, flags nobody', async () => {
    const { clock, station } = await begin()
    await clock.advance(5 * MINUTE)
    station.hear('1')
    await clock.advance(SECOND)
    station.crash()
    await clock.advance(HOUR)
    await station.sweeper.sweepNow()
    expect(station.state('1')).toBe('unknown')
  })

  test('a step forward is time that nobody observed', async () => {
    const { clock, station } = await begin()
    await clock.advance(5 * MINUTE)
    station.hear('1')
    await clock.advance(10 * MINUTE)
    clock.step(3 * HOUR)
    await clock.advance(10 * MINUTE)
    expect(station.state('1')).toBe('unknown')
    await clock.advance(11 * MINUTE)
    expect(station.state('1')).toBe('stale')
  })

  test('after a step back terminals are heard, judged and parked by what they say now', async () => {
    const { clock, station } = await begin()
    await clock.advance(5 * MINUTE)
    station.hear('1', { readings: { ignition: false, voltage: 24 } })
    station.hear('2')
    await clock.advance(SECOND)
    clock.step(-DAY)
    await clock.advance(5 * SECOND)
    expect(station.contactAt('2')).toBeLessThanOrEqual(clock.now())
    station.hear('1', { readings: { ignition: true, voltage: 23 } })
    expect(station.desk.seenBy('all').get('1')).toMatchObject({ parked: false, contactAt: clock.now() })
    expect(station.desk.seenBy('all').get('1')?.readings['voltage']?.value).toBe(23)
    await clock.advance(30 * MINUTE + SECOND)
    expect(['1', '2'].map(station.state)).toEqual(['stale', 'stale'])
  })

  test('a step back neither repeats an alert nor lets a drained session last on', async () => {
    const { clock, station } = await begin()
    station.hear('1')
    await clock.advance(3 * HOUR)
    for (let i = 0; i < 2; i++) {
      station.hear('1')
      await clock.advance(SECOND)
    }
    await clock.advance(31 * MINUTE)
    clock.step(-2 * HOUR)
    await clock.advance(SECOND)
    const now = clock.now()
    await station.desk.change('1', { maintenance: { from: now, to: now + HOUR, reason: '' } }, ANNA)
    await clock.advance(HOUR + SECOND)
    expect(station.state('1')).toBe('stale')
    expect((await station.history('1')).filter(({ alertId }) => alertId)).toHaveLength(2)

    const watch = station.watches.find('gate')
    station.link('gate').disconnected(clock.now(), 'lost')
    station.link('gate').connected(clock.now(), true)
    clock.step(-HOUR)
    await clock.advance(SECOND)
    expect((watch?.drainingUntil ?? 0) - clock.now()).toBeLessThanOrEqual(MINUTE)
  })

  test('a link that was unstable in the future before a step back is not unstable until then', async () => {
    const { clock, stores, station } = await begin()
    clock.step(30 * DAY)
    for (let n = 0; n < 4; n++) {
      for (let i = 0; i < 2; i++) {
        station.hear('1')
        await clock.advance(SECOND)
      }
      await clock.advance(31 * MINUTE)
    }
    const isUnstable = (of: Station) => of.desk.seenBy('all').get('1')?.unstable
    expect(isUnstable(station)).toBe(true)
    clock.step(-30 * DAY)
    await clock.advance(DAY - MINUTE)
    expect(isUnstable(station)).toBe(true)
    await clock.advance(2 * MINUTE)
    expect(isUnstable(station)).toBe(false)
    station.crash()
    expect(isUnstable(await startStation(clock, stores))).toBe(false)
  })

  test('what was first seen while the clock was ahead is alerted when it falls silent, also a run later', async () => {
    const { clock, stores, station: first } = await begin()
    clock.step(30 * DAY)
    await clock.advance(SECOND)
    first.hear('1')
    first.hear('2')
    await clock.advance(5 * SECOND)
    clock.step(-30 * DAY)
    await clock.advance(5 * SECOND)
    first.hear('1')
    await clock.advance(31 * MINUTE)
    const alerts = async (of: Station, id: string) => (await of.history(id)).filter(({ alertId }) => alertId)
    expect(await alerts(first, '1')).toHaveLength(1)
    first.hear('2')
    await clock.advance(5 * SECOND)
    first.crash()
    const second = await startStation(clock, stores)
    await clock.advance(35 * MINUTE)
    expect((await alerts(second, '2')).at(-1)?.contactAt).toBe(second.contactAt('2'))
  })

  test('a source that was first configured while the clock was ahead has been observed since the step back', async () => {
    const clock = createFakeClock()
    const stores = createMemoryStores()
    clock.step(30 * DAY)
    const first = await startStation(clock, stores)
    await clock.advance(SECOND)
    clock.step(-30 * DAY)
    await clock.advance(SECOND)
    const since = clock.now()
    await clock.advance(HOUR)
    first.crash()
    const second = await startStation(clock, stores)
    expect(observed(second, 'gate', since, clock.now())).toBeGreaterThanOrEqual(HOUR - 10 * SECOND)
  })

  test('what was blind in the future before a step back is not blind when that time comes', async () => {
    const { clock, stores, station: first } = await begin()
    await clock.advance(HOUR)
    first.link('gate').disconnected(clock.now(), 'lost')
    await clock.advance(20 * MINUTE)
    first.link('gate').connected(clock.now(), false)
    await clock.advance(5 * MINUTE)
    clock.step(-50 * MINUTE)
    await clock.advance(SECOND)
    const since = clock.now()
    await clock.advance(HOUR)
    first.crash()
    const second = await startStation(clock, stores)
    expect(observed(second, 'gate', since, clock.now())).toBeGreaterThanOrEqual(HOUR - 10 * SECOND)
  })
})

describe('the clocks, while nobody looks because a judgement is under way', () => {
  /** A source that is heard; `run` lets time go on as when the process runs. */
  async function watchAlone() {
    const clock = createFakeClock()
    const ticks: (() => void | Promise<void>)[] = []
    const { fleet: store, settings } = createMemoryStores()
    const log = createRecordingLog()
    const fleet = createFleet(DEFAULTS, 2 * MINUTE)
    const every = (_ms: number, tick: () => void | Promise<void>) => {
      ticks.push(tick)
      return () => {}
    }
    const watches = createSourceWatches({ clock: { ...clock, every }, fleet, settings, log })
    await watches.restore(watched('gate'), await store.load())
    const watch = watches.find('gate')
    if (!watch) throw new Error('no source')
    watches.heard(watch)
    return {
      clock,
      log,
      watch,
      look: watches.look,
      async run(ms: number): Promise<void> {
        for (let left = ms; left > 0; left -= SECOND / 2) {
          await clock.advance(SECOND / 2)
          for (const tick of ticks) await tick()
        }
      },
    }
  }

  test('tell a stand-still from the time in which the process ran', async () => {
    const { clock, log, watch, look, run } = await watchAlone()
    const since = clock.now()
    await run(3 * SECOND)
    await clock.advance(10 * SECOND)
    await run(3 * SECOND)
    look()
    expect(observedSince(watch.blindness, since, clock.now())).toBe(5.5 * SECOND)
    expect(log.lines.filter(({ message }) => message === 'the process stood still')).toHaveLength(1)
  })

  test('leave what happened since a step back as it was', async () => {
    const { clock, watch, look, run } = await watchAlone()
    clock.step(-HOUR)
    await run(SECOND)
    const since = clock.now()
    beginBlind(watch, 'lag', since)
    await run(SECOND)
    endCause(watch, 'lag', clock.now())
    await run(2 * SECOND)
    look()
    expect(observedSince(watch.blindness, since, clock.now())).toBe(2 * SECOND)
  })
})

describe('sources that come and go', () => {
  test('numbers stay with their sources over reloads and restarts in any order', async () => {
    const { clock, stores, station: first } = await begin({ sources: watched('a', 'b') })
    await first.watches.reconfigure(watched('c', 'b'))
    first.open('c')
    first.hear('1', { source: 'b' })
    first.hear('2', { source: 'c' })
    await clock.advance(2 * SECOND)
    first.crash()
    const second = await startStation(clock, stores, { sources: watched('d', 'c', 'b') })
    expect(second.fleet.sources.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd'])
    expect(['1', '2'].map((id) => second.desk.seenBy('all').get(id)?.source)).toEqual(['b', 'c'])
  })

  test('a number that could not be stored is not given away', async () => {
    const { clock, stores, station } = await begin({ sources: watched('a') })
    const failing = { ...stores.settings, set: () => Promise.reject(new Error('the disk is full')) }
    const restless = await startStation(clock, { ...stores, settings: failing }, { sources: watched('a') })
    await expect(restless.watches.reconfigure(watched('a', 'lost'))).rejects.toThrow('the disk is full')
    expect(restless.fleet.sources).toHaveLength(1)
    await station.watches.reconfigure(watched('a', 'b'))
    expect(station.fleet.sourceNumbers.get('b')).toBe(2)
    const again = await startStation(clock, stores, { sources: watched('a', 'b') })
    expect(again.fleet.sourceNumbers.get('b')).toBe(2)
  })

  test('a removed source is blind until it is opened again; the terminals of it are not flagged', async () => {
    const { clock, station } = await begin({ sources: watched('a', 'b') })
    await clock.advance(5 * MINUTE)
    station.hear('1', { source: 'b' })
    await station.watches.reconfigure(watched('a'))
    await clock.advance(2 * HOUR)
    expect(station.state('1')).toBe('unknown')
    await station.watches.reconfigure(watched('a', 'b'))
    station.open('b')
    const watch = station.watches.find('b')
    expect(watch && isBlind(watch.blindness)).toBe(false)
    await clock.advance(31 * MINUTE)
    expect(station.state('1')).toBe('stale')
  })

  test('a source is known to be retired while it is not configured, over restarts too', async () => {
    const { clock, stores, station: first } = await begin({ sources: watched('a', 'b') })
    const retired = ({ fleet }: typeof first) => fleet.sources.map((source) => source.retired)
    expect(retired(first)).toEqual([false, false])
    await first.watches.reconfigure(watched('a'))
    expect(retired(first)).toEqual([false, true])
    first.crash()
    const second = await startStation(clock, stores, { sources: watched('a') })
    expect(retired(second)).toEqual([false, true])
    await second.watches.reconfigure(watched('a', 'b'))
    expect(retired(second)).toEqual([false, false])
  })

  test('a source that is new at a reload has a grace and is not asked for what was before', async () => {
    const { clock, station } = await begin()
    await clock.advance(HOUR)
    await station.watches.reconfigure(watched('gate', 'new'))
    station.open('new')
    station.hear('1', { source: 'new', kind: 'snapshot', eventAt: clock.now() - 10 * DAY })
    await clock.advance(29 * MINUTE)
    expect(station.state('1')).toBe('unknown')
  })

  test('more sources than a byte can number are refused before anything is changed', async () => {
    const ids = Array.from({ length: 255 }, (_, i) => `s${i}`)
    const { station } = await begin({ sources: watched(...ids) })
    await expect(station.watches.reconfigure(watched(...ids, 'one-more'))).rejects.toThrow('255')
    expect(station.fleet.sources).toHaveLength(255)
  })
})

describe('the ledger of blindness', () => {
  test('tells each stretch when it opens and when it ends, and nothing in between', () => {
    const T = 1_767_225_600_000
    const fleet = createFleet(DEFAULTS, 2 * MINUTE)
    const watch = createSourceWatch(watched('gate')[0] ?? { id: '', intervalMs: 0, liveLagMs: 0 }, T, T, [])
    addSource(fleet, watch)
    const ledger = createBlindLedger([])
    ledger.take(fleet.sources, T)
    beginBlind(watch, 'link', T + MINUTE)
    expect(ledger.take(fleet.sources, T + MINUTE)).toEqual([
      { source: 'gate', kind: 'own', from: T + MINUTE, to: null },
    ])
    expect(ledger.take(fleet.sources, T + 5 * MINUTE)).toEqual([])
    endCause(watch, 'link', T + 9 * MINUTE)
    expect(ledger.take(fleet.sources, T + 9 * MINUTE)).toEqual([
      { source: 'gate', kind: 'own', from: T + MINUTE, to: T + 9 * MINUTE },
    ])
    expect(ledger.take(fleet.sources, T + 9 * MINUTE)).toEqual([])
  })

  test('tells of a polled source which stretches are those of the service', () => {
    const fleet = createFleet(DEFAULTS, 2 * MINUTE)
    const watch = polledWatch()
    addSource(fleet, watch)
    const ledger = createBlindLedger([])
    ledger.take(fleet.sources, T0)
    notePoll(watch, { sentAt: T0 + MINUTE, answeredAt: T0 + MINUTE })
    ledger.take(fleet.sources, T0 + MINUTE)
    beginBlind(watch, 'outage', T0 + 5 * MINUTE)
    expect(ledger.take(fleet.sources, T0 + 5 * MINUTE)).toEqual([
      { source: 'online', kind: 'own', from: T0 + 5 * MINUTE, to: null },
      { source: 'online', kind: 'service', from: T0 + 5 * MINUTE, to: null },
    ])
    loseLink(watch, T0 + 6 * MINUTE)
    endCause(watch, 'outage', T0 + 7 * MINUTE)
    expect(ledger.take(fleet.sources, T0 + 7 * MINUTE).filter(({ kind }) => kind === 'service')).toEqual([
      { source: 'online', kind: 'service', from: T0 + 5 * MINUTE, to: T0 + 7 * MINUTE },
    ])
    const restored = createBlindLedger([
      { source: 'online', kind: 'service', from: T0 + 5 * MINUTE, to: T0 + 7 * MINUTE },
    ])
    expect(restored.take(fleet.sources, T0 + 7 * MINUTE).map(({ kind }) => kind)).not.toContain('service')
  })
})
