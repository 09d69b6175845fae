import type { Instant } from '../time.ts'
import type { ClockState } from './clock-state.ts'
import { largestGapMs } from './timeline.ts'

/**
 * What is proven about the service during an open outage (spec/letters.md, `update`): the last known verdict is a
 * FAIL at most g old; a run of OKs, unbroken and at most g old, that has not closed it; otherwise nothing is
 * observable since the last known verdict.
 */
export type Proven =
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'answers-again'; readonly since: Instant }
  | { readonly kind: 'not-observable'; readonly since: Instant }

/** What is proven at `now`. `g` is that of the settings under which the last known verdict was made. */
export function proven({ cursor, run }: ClockState, now: Instant): Proven {
  const known = cursor?.known ?? null
  if (cursor === null || known === null) return { kind: 'not-observable', since: cursor?.at ?? now }
  // Behind a step the time of the last verdict is one of another clock: the earlier of both claims the least.
  if (cursor.stepped) return { kind: 'not-observable', since: Math.min(known.at, cursor.at) }
  // One that is still to come was made before somebody set the clock back, while this program was not running.
  if (now < known.at || now - known.at > largestGapMs(known, known)) {
    return { kind: 'not-observable', since: Math.min(known.at, now) }
  }
  return run === null ? { kind: 'unavailable' } : { kind: 'answers-again', since: run.from }
}
