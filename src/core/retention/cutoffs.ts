import type { Outage } from '../outage/outage.ts'
import { periodAt } from '../reports/periods.ts'
import { DAY, HOUR, type Instant } from '../time.ts'

/** How long each is kept, ms; Infinity: for ever. */
export type RetentionPolicy = {
  /** Probe rounds one by one; older ones are kept as runs of equal rounds. */
  readonly verdicts: number
  /** Runs of rounds and folded hours. */
  readonly uptime: number
  /** Changes between states of a terminal that is heard: most of all changes, and soon of no interest. */
  readonly routine: number
  /** All other changes of state. */
  readonly transitions: number
  /** Incidents of mass silence, from their end. */
  readonly incidents: number
  /** Outages that are over, with all their letters, and announcements. */
  readonly letters: number
  /** Letters to operators, dealers and clients: digests, notes, alarms, reports, tests. */
  readonly operatorLetters: number
  readonly notes: number
  /** Requests to technical support, from when they were closed. */
  readonly requests: number
  readonly audit: number
}

/** What is removed from the store when it is old enough. */
export type Removable =
  | 'rounds'
  | 'uptime-hours'
  | 'routine-transitions'
  | 'transitions'
  | 'incidents'
  | 'letters'
  | 'outages'
  | 'operator-letters'
  | 'notes'
  | 'audit'

/** What a worker holds in memory as a whole, and so removes itself. */
export type Held = 'requests' | 'windows'

export type Cutoffs = {
  /** Rounds before it are joined to runs; null: none. */
  readonly join: Instant | null
  /** What is dated before it may go, in this order: letters before the outages that they are about. */
  readonly remove: readonly { readonly what: Removable | Held; readonly before: Instant }[]
}

/** A step of the clock can date rows of an outage before its beginning; so much of it is looked through at a restart. */
const MARGIN_MS = 2 * DAY

/**
 * What may be joined and removed when ages are counted from `instant`. The rounds of an outage that has not ended stay
 * as they were made, and so do those shortly before it: the clock of the outage is made of them after a restart. Days
 * of uptime are those of `zone`.
 */
export function cutoffsAt(
  instant: Instant,
  policy: RetentionPolicy,
  outages: readonly Outage[],
  zone: string,
): Cutoffs {
  const needed = outages
    .filter(({ end }) => end === null)
    .map(({ start, notBefore }) => Math.min(start, notBefore ?? start) - MARGIN_MS)
  const roundsBefore = (kept: number): Instant => Math.min(instant - kept, ...needed)
  const joinBefore = hourOf(roundsBefore(policy.verdicts))
  const forgotten = dayOf(roundsBefore(policy.uptime), zone)
  const lettersBefore = instant - policy.letters
  const remove = [
    { what: 'rounds', before: forgotten },
    { what: 'uptime-hours', before: forgotten },
    { what: 'routine-transitions', before: instant - policy.routine },
    { what: 'transitions', before: instant - policy.transitions },
    { what: 'incidents', before: instant - policy.incidents },
    { what: 'letters', before: lettersBefore },
    { what: 'outages', before: lettersBefore },
    // Planned work says what of the kept rounds is no downtime, and what its announcements were about.
    { what: 'windows', before: Math.min(forgotten, lettersBefore) },
    { what: 'operator-letters', before: instant - policy.operatorLetters },
    { what: 'notes', before: instant - policy.notes },
    { what: 'requests', before: instant - policy.requests },
    { what: 'audit', before: instant - policy.audit },
  ] as const satisfies Cutoffs['remove']
  return {
    join: Number.isFinite(joinBefore) ? joinBefore : null,
    remove: remove.filter(({ before }) => Number.isFinite(before)),
  }
}

function hourOf(at: Instant): Instant {
  return Math.floor(at / HOUR) * HOUR
}

/** Days of reports are those of their zone: none is cut in the middle. The oldest week and month may be. */
function dayOf(at: Instant, zone: string): Instant {
  return Number.isFinite(at) ? periodAt('day', at, zone).from : at
}
