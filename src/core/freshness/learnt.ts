import { MINUTE, SECOND } from '../time.ts'
import type { GapSummary } from './gap-histogram.ts'
import type { Habit } from './gaps.ts'
import type { Learning } from './threshold.ts'

/** From so many gaps on they are a habit. */
const ENOUGH_GAPS = 50

const FACTOR: Readonly<Record<Habit, number>> = { moving: 2, parked: 1.5 }

/**
 * The threshold that a terminal's own gaps teach, ms (spec/freshness.md 4): clamp(max(k x q99, 3 x interval, 120 s),
 * floor, cap), in whole seconds as far as it comes from the gaps. Undefined: they are too few. `intervalMs`: that which
 * is declared of its source.
 */
export function learntMs(
  { gaps, q99Ms }: GapSummary,
  habit: Habit,
  intervalMs: number,
  { floorMs, capMs }: Learning,
): number | undefined {
  if (gaps < ENOUGH_GAPS) return undefined
  const taught = Math.round((FACTOR[habit] * q99Ms) / SECOND) * SECOND
  return Math.min(Math.max(taught, 3 * intervalMs, 2 * MINUTE, floorMs), capMs)
}
