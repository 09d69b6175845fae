import type { TerminalTable } from '../fleet/terminal-table.ts'
import { SECOND } from '../time.ts'

/** From so many gaps on the usual interval is known well enough to be relied upon. */
export const USUAL_GAPS = 8

/** An outage must not teach another interval in one step: a gap counts as so many times the present one at most. */
const LONGEST = 20

/**
 * Learns the usual time between two contacts of a terminal that is not parked: the mean of the first gaps, then a
 * moving average in which a gap has the weight 1/8. Another interval is learnt within some 20 messages.
 */
export function learnUsual(table: TerminalTable, row: number, ms: number): void {
  const count = table.usualCount[row] ?? 0
  const usual = table.usualMs[row] ?? 0
  const counted = count === 0 ? ms : Math.min(ms, LONGEST * usual)
  table.usualMs[row] = usual + (counted - usual) / Math.min(count + 1, USUAL_GAPS)
  if (count < 255) table.usualCount[row] = count + 1
}

/** A silence that is longer than this is one (spec/freshness.md 7), ms. */
export function overdueAfter(usualMs: number): number {
  return Math.max(3 * usualMs, SHORTEST_OVERDUE)
}

/** No silence is one before it lasted so long, ms. */
export const SHORTEST_OVERDUE = 90 * SECOND
