import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { createPrometheus } from '../../src/adapters/prometheus/registry.ts'
import { createSystemClock } from '../../src/adapters/system/clock.ts'
import { addSource, type Fleet } from '../../src/core/fleet/fleet.ts'
import { takeDirty } from '../../src/core/fleet/terminal-table.ts'
import type { TerminalFilter, TerminalSort } from '../../src/core/fleet/view.ts'
import { createSourceWatch } from '../../src/core/freshness/source-watch.ts'
import { sweep } from '../../src/core/freshness/sweep.ts'
import { takeObservation } from '../../src/core/freshness/take.ts'
import { DAY, MINUTE, SECOND } from '../../src/core/time.ts'
import type { Clock, Log } from '../../src/ports.ts'
import { createFleetDesk } from '../../src/workers/fleet-desk.ts'
import { createNameRanker } from '../../src/workers/name-ranker.ts'
import { createSweeper } from '../../src/workers/sweeper.ts'
import { plainSweep } from '../support/plain-sweep.ts'
import { atMost, type Figure, median, round } from './figure.ts'
import { knownFleet } from './known-fleet.ts'
import { terminalId } from './sample.ts'
import { quantile, threadCpuMs, watchTurns } from './turns.ts'

const SILENT: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const PASSES = 21
/** How long the event loop is watched. */
const WATCHED_MS = 20 * SECOND
/** Spoken by terminals meanwhile. */
const PER_SECOND = 33_000
const BURST_MS = 10

/**
 * What judging, counting, listing and looking at a fleet of so many terminals takes, and how long it holds up the event
 * loop at a time. Times of work are those of this thread on a core, so that a busy machine does not lengthen them;
 * turns are timed by the clock.
 */
export async function measureFleetSweep(terminals: number): Promise<Record<string, Figure>> {
  const clock = createSystemClock({
    onError: (error) => {
      throw error
    },
  })
  const fleet = watchedFleet(terminals, clock)
  const figures = { ...sweepFigures(fleet, clock), ...(await readingFigures(fleet, clock)) }
  return { ...figures, ...(await loopFigures(fleet, clock)) }
}

function watchedFleet(terminals: number, clock: Clock): Fleet {
  const now = clock.now()
  const fleet = knownFleet(terminals, now)
  const settings = { id: 'push', intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE }
  addSource(fleet, createSourceWatch(settings, now - DAY, now - DAY, []))
  sweep(fleet, now, now)
  // It was stored long ago.
  takeDirty(fleet.table)
  fleet.changedInventory.clear()
  return fleet
}

/** A whole judgement at once, beside one without the short ways. */
function sweepFigures(fleet: Fleet, clock: Clock): Record<string, Figure> {
  const once = (judge: typeof sweep): number => {
    const now = clock.now()
    const begunMs = threadCpuMs()
    judge(fleet, now, now)
    return threadCpuMs() - begunMs
  }
  const runs: number[] = []
  const referenceRuns: number[] = []
  for (let n = 0; n < PASSES; n++) {
    runs.push(once(sweep))
    referenceRuns.push(once(plainSweep))
  }
  const value = median(runs)
  const reference = median(referenceRuns)
  return {
    sweepWholeP50Ms: {
      value: round(value),
      unit: 'ms',
      reference: round(reference),
      ratio: round(reference / value),
    },
    sweepWholeP99Ms: { value: round(quantile(runs, 0.99)), unit: 'ms' },
  }
}

type Work = () => Promise<unknown>

/** How long work takes, and its longest turn; p99 of the turns of all runs. */
async function paced(
  name: string,
  goalMs: number | null,
  work: Work,
  times = 5,
): Promise<Record<string, Figure>> {
  const totals: number[] = []
  const turns: number[] = []
  for (let n = 0; n < times; n++) {
    const watch = watchTurns()
    const begunMs = threadCpuMs()
    await work()
    totals.push(threadCpuMs() - begunMs)
    await new Promise((resolve) => setImmediate(resolve))
    turns.push(...watch.stop())
  }
  const total = goalMs === null ? { value: round(median(totals)), unit: 'ms' } : atMost(goalMs, 'ms', totals)
  return {
    [`${name}Ms`]: total,
    [`${name}TurnP99Ms`]: atMost(5, 'ms', [quantile(turns, 0.99)]),
    [`${name}LongestTurnMs`]: { value: round(quantile(turns, 1)), unit: 'ms' },
  }
}

const LISTS: readonly (readonly [string, TerminalFilter, TerminalSort])[] = [
  ['listByName', {}, 'name'],
  ['listByAge', {}, 'dataAt'],
  ['listNewest', {}, '-dataAt'],
  ['listStale', { state: 'stale' }, 'stateSince'],
  ['listClient', { client: 'Client 3' }, '-name'],
  ['listGroup', { group: 'Dealer 3' }, 'name'],
]

async function readingFigures(fleet: Fleet, clock: Clock): Promise<Record<string, Figure>> {
  const desk = createDesk(fleet, clock)
  const figures: Record<string, Figure> = {}
  const list = (filter: TerminalFilter, sort: TerminalSort, cursor = {}): Work => {
    return () => desk.seenBy('all').list({ ...filter, sort, limit: 100, ...cursor })
  }
  const middle = { cursor: `${fleet.inventory.length / 2}~${terminalId(fleet.inventory.length / 2)}` }
  Object.assign(figures, await paced('listByNameUnranked', null, list({}, 'name'), 1))
  Object.assign(figures, await paced('rankNames', null, () => ranked(fleet, clock), 1))
  for (const [name, filter, sort] of LISTS) Object.assign(figures, await paced(name, 50, list(filter, sort)))
  Object.assign(figures, await paced('listMiddle', 50, list({}, 'dataAt', middle)))
  Object.assign(figures, await paced('listText', null, list({ q: 'truck 77' }, 'name')))
  Object.assign(figures, await paced('listNumber', null, list({ q: '7777' }, 'name')))
  Object.assign(figures, await paced('summary', null, () => desk.seenBy('all').summary()))
  Object.assign(
    figures,
    await paced('csvOfAll', null, () => emptied(desk.seenBy('all').all({}, 'dataAt')), 1),
  )
  return { ...figures, ...viewFigures(desk, fleet.inventory.length) }
}

function createDesk(fleet: Fleet, clock: Clock) {
  const { audit, fleet: store } = createMemoryStores()
  return createFleetDesk({ clock, fleet, store, log: SILENT, audit, save: async () => {} })
}

async function ranked(fleet: Fleet, clock: Clock): Promise<void> {
  const ranker = createNameRanker({ clock, fleet })
  ranker.start()
  while (fleet.names.rank[0] === 0) await delay(10)
  ranker.stop()
}

async function emptied(pages: AsyncIterable<readonly unknown[]>): Promise<void> {
  for await (const _ of pages) await new Promise((resolve) => setImmediate(resolve))
}

function viewFigures(desk: ReturnType<typeof createDesk>, terminals: number): Record<string, Figure> {
  const times: number[] = []
  for (let n = 0; n < 2000; n++) {
    const id = terminalId((n * 7919) % terminals)
    const begunAt = performance.now()
    desk.seenBy('all').get(id)
    times.push(performance.now() - begunAt)
  }
  return { viewP99Ms: atMost(5, 'ms', [quantile(times, 0.99)]) }
}

/** The event loop while the fleet is judged, reported and stored in memory, and its terminals speak. */
async function loopFigures(fleet: Fleet, clock: Clock): Promise<Record<string, Figure>> {
  const metrics = createPrometheus(SILENT)
  const sweeper = createSweeper(
    {
      clock,
      fleet,
      store: { ...createMemoryStores().fleet, flush: async () => {}, checkpoint: async () => {} },
      log: SILENT,
      metrics,
      takeBlind: () => [],
      look: () => {},
      report: () => {},
    },
    { flushEveryMs: () => SECOND },
  )
  sweeper.start()
  let spoken = 0
  const stopSpeaking = clock.every(BURST_MS, () => {
    for (const end = spoken + (PER_SECOND * BURST_MS) / SECOND; spoken < end; spoken++)
      speak(fleet, spoken, clock)
  })
  const loop = monitorEventLoopDelay({ resolution: 1 })
  const turns = watchTurns()
  loop.enable()
  await delay(WATCHED_MS)
  loop.disable()
  const turnsMs = turns.stop()
  stopSpeaking()
  const texts: number[] = []
  for (let n = 0; n < 10; n++) {
    const begunMs = threadCpuMs()
    await metrics.text()
    texts.push(threadCpuMs() - begunMs)
  }
  await sweeper.stop()
  return {
    loopTurnP99Ms: atMost(5, 'ms', [quantile(turnsMs, 0.99)]),
    loopLongestTurnMs: { value: round(quantile(turnsMs, 1)), unit: 'ms' },
    loopDelayP99Ms: atMost(20, 'ms', [loop.percentile(99) / 1e6]),
    metricsTextMs: atMost(20, 'ms', texts),
  }
}

function speak(fleet: Fleet, n: number, clock: Clock): void {
  const row = (n * 30_011) % fleet.inventory.length
  const receivedAt = clock.now()
  const readings = { ignition: true, speedKmh: n % 70, voltage: 24 + (n % 40) / 10 }
  const observation = {
    terminalId: terminalId(row),
    source: 'push',
    receivedAt,
    kind: 'live',
    readings,
  } as const
  takeObservation(fleet, row, observation, 1)
}
