import type { Instant } from '../time.ts'
import type { ClockState, OutagePolicy } from './clock-state.ts'
import { afterUnplanned, type Span } from './planned-work.ts'
import { largestGapMs } from './timeline.ts'

/**
 * When a probe must be issued so that its FAIL is the first that can prove more than `noticeAfter`: 1 ms after the
 * crossing. Null while no FAIL could prove it: nothing open that was not cancelled, the letter due already, the
 * newest verdict an OK, a clock step since, or the crossing so far off that an ordinary round comes before it.
 */
export function deadlineAt(
  { cursor, totals, open }: ClockState,
  merged: readonly Span[],
  policy: OutagePolicy,
): Instant | null {
  if (open === null || open.outage.state !== 'open' || open.outage.letterDueAt !== null) return null
  const known = cursor?.known ?? null
  if (known === null || known.verdict !== 'fail' || cursor?.stepped === true) return null
  const missingMs = policy.noticeAfterMs - (totals.down - open.start.down) + 1
  const at = afterUnplanned(policy.maintenancePauses ? merged : [], known.at, missingMs)
  return at - known.at <= largestGapMs(known, known) ? at : null
}
