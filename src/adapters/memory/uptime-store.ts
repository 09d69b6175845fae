import type { Instant } from '../../core/time.ts'
import type { UptimeHour, UptimeStore } from '../../ports.ts'
import type { TraceTable } from './outage-store.ts'

export type HourTable = Map<Instant, UptimeHour>

/** Folded hours that end with the process. `trace`: the rounds of the outage store that belongs to it. */
export function createMemoryUptimeStore(trace: Readonly<TraceTable>, hours: HourTable): UptimeStore {
  return {
    hours: async (from, to) =>
      [...hours.values()].filter(({ at }) => at >= from && at < to).sort((a, b) => a.at - b.at),
    saveHours: async (added) => {
      for (const hour of added) if (!hours.has(hour.at)) hours.set(hour.at, hour)
    },
    forget: async (from) => {
      for (const at of hours.keys()) if (at >= from) hours.delete(at)
    },
    extent: async () => ({
      firstRoundAt: least(trace.flatMap((row) => (row.kind === 'run' ? row.first.at : []))),
      lastHourAt: greatest(hours.keys()),
    }),
  }
}

function least(instants: Iterable<Instant>): Instant | null {
  let found: Instant | null = null
  for (const at of instants) found = Math.min(found ?? at, at)
  return found
}

function greatest(instants: Iterable<Instant>): Instant | null {
  let found: Instant | null = null
  for (const at of instants) found = Math.max(found ?? at, at)
  return found
}
