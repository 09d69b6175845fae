import { type CauseCounts, countingCauses } from '../core/fleet/cause-counts.ts'
import type { Fleet } from '../core/fleet/fleet.ts'
import type { Scope } from '../core/fleet/scope.ts'
import { type Instant, SECOND } from '../core/time.ts'
import type { Clock } from '../ports.ts'
import { inSlices } from './slices.ts'

/** A page is loaded again after 30 s; until then everybody with the same scope sees the same counts. */
const KEPT_MS = 25 * SECOND
/** Scopes whose counts are kept: each is small, and there are as many as dealers. */
const MOST_KEPT = 1000

/** Counts causes, which takes a diagnosis of each silent terminal: for one scope not more often than a page is loaded. */
export function createCauseLedger({
  clock,
  fleet,
}: {
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  readonly fleet: Fleet
}) {
  const kept = new Map<string, { readonly at: Instant; readonly counts: Promise<CauseCounts> }>()
  return {
    of(scope: Scope): Promise<CauseCounts> {
      const key = JSON.stringify(scope)
      const now = clock.now()
      const known = kept.get(key)
      if (known && now - known.at >= 0 && now - known.at < KEPT_MS) return known.counts
      if (kept.size >= MOST_KEPT) kept.clear()
      const counts = inSlices(countingCauses(fleet, scope, now), { clock })
      kept.set(key, { at: now, counts })
      return counts
    },
  }
}
