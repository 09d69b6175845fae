import { addSource, createFleet, type Fleet } from '../../src/core/fleet/fleet.ts'
import { rowFor } from '../../src/core/fleet/spoken-names.ts'
import { applyTold } from '../../src/core/freshness/polled.ts'
import { lookAtPolls, notePoll } from '../../src/core/freshness/polled-watch.ts'
import { createSourceWatch, type SourceWatch } from '../../src/core/freshness/source-watch.ts'
import { type State, stateOf, type Transition } from '../../src/core/freshness/state.ts'
import { sweep } from '../../src/core/freshness/sweep.ts'
import { takePolled } from '../../src/core/freshness/take.ts'
import type { FreshnessSettings } from '../../src/core/freshness/threshold.ts'
import type { Observation } from '../../src/core/telemetry/observation.ts'
import { type Instant, MINUTE, SECOND } from '../../src/core/time.ts'
import { DEFAULTS, T0 } from './fleet-scenario.ts'

export const POLLING = { everyMs: MINUTE, timeoutMs: 30 * SECOND }

export function polledWatch(startedAt: Instant = T0): SourceWatch {
  const settings = { id: 'online', intervalMs: MINUTE, liveLagMs: 2 * MINUTE, polling: POLLING }
  return createSourceWatch(settings, startedAt, T0, [])
}

/**
 * A fleet with one polled source that is judged once a second of virtual time, without any I/O. What terminals say is
 * seen at the next poll, each full minute.
 */
export function createPolledScenario(settings: FreshnessSettings = DEFAULTS) {
  const fleet: Fleet = createFleet(settings, 2 * MINUTE)
  const watch = polledWatch()
  addSource(fleet, watch)
  /** What the service answers: time of the last data by terminal; null: none ever. */
  const service = new Map<string, Instant | null>()
  const transitions: Transition[] = []
  let now = T0
  let answers = true

  function poll(sentAt = now): void {
    const { polls } = watch
    if (!polls) throw new Error('the source is not polled')
    for (const [id, eventAt] of service) {
      const row = rowFor(fleet, id, 1, now)
      takePolled(fleet, row, snapshot(id, eventAt), 1, polls)
    }
    notePoll(watch, { sentAt, answeredAt: now })
  }

  function snapshot(terminalId: string, eventAt: Instant | null): Observation {
    const at = eventAt === null ? {} : { eventAt }
    return { terminalId, source: 'online', receivedAt: now, kind: 'snapshot', ...at }
  }

  return {
    fleet,
    watch,
    transitions,
    now: () => now,
    poll,
    /** The terminal reaches the service with data of that time. */
    say(id: string, eventAt: Instant | null = now): void {
      service.set(id, eventAt)
    },
    /** The service is asked for the state of one terminal. */
    tell(id: string, eventAt: Instant, more: Partial<Observation>): void {
      applyTold(fleet.table, rowFor(fleet, id, 1, now), { ...snapshot(id, eventAt), ...more }, 1)
    },
    answer(good: boolean): void {
      answers = good
    },
    /** Moves time on, polling each full minute and judging every second. */
    run(ms: number): void {
      for (const end = now + ms; now < end; ) {
        now += SECOND
        if (answers && (now - T0) % POLLING.everyMs === 0) poll()
        lookAtPolls(watch, now)
        transitions.push(...sweep(fleet, now, now - SECOND))
      }
    },
    /** Moves time on without judging or polling, as when the process is dead. */
    skip(ms: number): void {
      now += ms
    },
    state: (id: string): State | null => stateOf(fleet.table.state[fleet.rows.get(id) ?? -1] ?? 0),
    /** Registers as seconds since T0; null: never. */
    registers(id: string): Record<string, number | null> {
      const row = fleet.rows.get(id) ?? -1
      const names = ['contactAt', 'dataAt', 'liveAt', 'fixAt', 'linkAt', 'ignitionAt'] as const
      const seconds = (at: number | undefined): number | null => (at ? (at - T0) / SECOND : null)
      return Object.fromEntries(names.map((name) => [name, seconds(fleet.table[name][row])]))
    },
    /** Transitions of a terminal as `from>to@seconds since T0`. */
    story: (id: string): string[] =>
      transitions
        .filter(({ terminalId }) => terminalId === id)
        .map(({ from, to, at }) => `${from ?? '-'}>${to}@${(at - T0) / SECOND}`),
  }
}

export type PolledScenario = ReturnType<typeof createPolledScenario>
