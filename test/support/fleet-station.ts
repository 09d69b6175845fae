import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { createFleet } from '../../src/core/fleet/fleet.ts'
import { restoreFleet } from '../../src/core/fleet/restore.ts'
import { rowFor } from '../../src/core/fleet/spoken-names.ts'
import type { WatchSettings } from '../../src/core/freshness/source-watch.ts'
import { type State, stateOf, type Transition } from '../../src/core/freshness/state.ts'
import { takeObservation } from '../../src/core/freshness/take.ts'
import type { FreshnessSettings } from '../../src/core/freshness/threshold.ts'
import type { Observation } from '../../src/core/telemetry/observation.ts'
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import type { SourceEvents, Stop, Stores } from '../../src/ports.ts'
import { createFleetDesk } from '../../src/workers/fleet-desk.ts'
import { createSourceWatches } from '../../src/workers/source-watches.ts'
import { createSweeper } from '../../src/workers/sweeper.ts'
import type { FakeClock } from './fake-clock.ts'
import { DEFAULTS } from './fleet-scenario.ts'
import { createRecordingLog, createRecordingMetrics } from './recorders.ts'

export type Station = Awaited<ReturnType<typeof startStation>>

export function watched(...ids: readonly string[]): WatchSettings[] {
  return ids.map((id) => ({ id, intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE }))
}

/** The freshness part of the service as it is put together at start: fleet, watches, sweeper and desk on the given stores. */
export async function startStation(
  clock: FakeClock,
  stores: Pick<Stores, 'fleet' | 'settings'> & Partial<Pick<Stores, 'audit'>>,
  { sources = watched('gate'), settings = DEFAULTS as FreshnessSettings, connect = true, opened = true } = {},
) {
  const timers: Stop[] = []
  const ownClock = {
    ...clock,
    every: (ms: number, tick: () => void | Promise<void>): Stop => {
      const stop = clock.every(ms, tick)
      timers.push(stop)
      return stop
    },
  }
  const log = createRecordingLog()
  const fleet = createFleet(settings, 2 * MINUTE)
  const watches = createSourceWatches({ clock: ownClock, fleet, settings: stores.settings, log })
  const stored = await stores.fleet.load()
  restoreFleet(fleet, stored)
  await watches.restore(sources, stored)
  const { takeBlind, look } = watches
  const sweeper = createSweeper(
    {
      clock: ownClock,
      fleet,
      store: stores.fleet,
      log,
      metrics: createRecordingMetrics(),
      takeBlind,
      look,
      report: () => {},
    },
    { flushEveryMs: () => SECOND },
  )
  sweeper.start()
  const { audit = createMemoryStores().audit } = stores
  const desk = createFleetDesk({ clock, fleet, store: stores.fleet, log, audit, save: sweeper.sweepNow })
  const events = new Map<string, SourceEvents>()
  for (const { id } of opened ? sources : []) open(id)

  function open(id: string): void {
    const watch = watches.find(id)
    if (!watch) throw new Error(`no source ${id}`)
    events.set(id, watches.events(watch, { received: () => {}, room: () => null }))
    if (connect) events.get(id)?.connected(clock.now(), false)
  }

  const rowOf = (id: string): number => fleet.rows.get(id) ?? -1
  return {
    fleet,
    watches,
    sweeper,
    desk,
    log,
    open,
    link: (id: string): SourceEvents => {
      const link = events.get(id)
      if (!link) throw new Error(`no source ${id}`)
      return link
    },
    hear(id: string, { source = 'gate', ...observation }: Partial<Observation> = {}): void {
      const receivedAt = clock.now()
      const number = fleet.sourceNumbers.get(source) ?? 0
      const heard = {
        terminalId: id,
        source,
        receivedAt,
        kind: 'live',
        readings: { ignition: true },
      } as const
      takeObservation(fleet, rowFor(fleet, id, number, receivedAt), { ...heard, ...observation }, number)
    },
    state: (id: string): State | null => stateOf(fleet.table.state[rowOf(id)] ?? 0),
    contactAt: (id: string): number => fleet.table.contactAt[rowOf(id)] ?? 0,
    history: async (id: string): Promise<readonly Transition[]> =>
      (await stores.fleet.history(id, 0, clock.now() + HOUR, 1000)).toReversed(),
    /** The process is gone; nothing more is written. */
    crash(): void {
      for (const stop of timers) stop()
    },
  }
}
