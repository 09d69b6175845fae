import { addSource, createFleet, type Fleet } from '../../src/core/fleet/fleet.ts'
import { rowFor } from '../../src/core/fleet/spoken-names.ts'
import { createSourceWatch, type SourceWatch } from '../../src/core/freshness/source-watch.ts'
import { type State, stateOf, type Transition } from '../../src/core/freshness/state.ts'
import { sweep } from '../../src/core/freshness/sweep.ts'
import { takeObservation } from '../../src/core/freshness/take.ts'
import type { FreshnessSettings } from '../../src/core/freshness/threshold.ts'
import type { Observation } from '../../src/core/telemetry/observation.ts'
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../src/core/time.ts'

export const T0: Instant = 1_767_225_600_000

export const DEFAULTS: FreshnessSettings = {
  default: { moving: 30 * MINUTE, parked: 6.5 * HOUR, lost: DAY, neverAfter: DAY },
  profiles: {},
  groups: {},
  terminals: {},
}

/** A fleet with one source that is judged once a second of virtual time, without any I/O. */
export function createScenario(settings: FreshnessSettings = DEFAULTS, intervalMs = 30 * SECOND) {
  const fleet: Fleet = createFleet(settings, 2 * MINUTE)
  const watch: SourceWatch = createSourceWatch({ id: 'gate', intervalMs, liveLagMs: 2 * MINUTE }, T0, T0, [])
  addSource(fleet, watch)
  let now = T0
  const transitions: Transition[] = []

  function judge(): void {
    transitions.push(...sweep(fleet, now, now - SECOND))
  }

  return {
    fleet,
    watch,
    transitions,
    now: () => now,
    observe(terminalId: string, observation: Partial<Observation> = {}): void {
      const row = rowFor(fleet, terminalId, 1, now)
      const heard = { terminalId, source: 'gate', receivedAt: now, kind: 'live', ...observation } as const
      takeObservation(fleet, row, heard, 1)
    },
    /** Moves time on, judging every second. */
    run(ms: number): void {
      for (const end = now + ms; now < end; ) {
        now += SECOND
        judge()
      }
    },
    /** Moves time on without judging, as when the process is dead. */
    skip(ms: number): void {
      now += ms
    },
    state(terminalId: string): State | null {
      return stateOf(fleet.table.state[fleet.rows.get(terminalId) ?? -1] ?? 0)
    },
    /** Transitions of a terminal as `from>to@seconds since T0`. */
    story(terminalId: string): string[] {
      return transitions
        .filter((transition) => transition.terminalId === terminalId)
        .map(({ from, to, at }) => `${from ?? '-'}>${to}@${(at - T0) / SECOND}`)
    },
  }
}
