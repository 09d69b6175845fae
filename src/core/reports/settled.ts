import { HOUR, type Instant } from '../time.ts'

/** A wall clock whose errors differ by no more than this is told exactly; larger steps leave UNKNOWN time about them. */
const LARGEST_STEP_MS = 3 * HOUR

/**
 * How far on either side of a range rows are read so that its ends are told as the whole trace would tell them, ms.
 * `largestGapMs`: g (spec/outage-clock.md 2).
 */
export function marginMs(largestGapMs: number): number {
  return LARGEST_STEP_MS + largestGapMs
}

/**
 * The end of the newest whole UTC hour about which nothing new can be learnt: rounds and planned work come later
 * than `now`, also after the clock was set back by as much as `LARGEST_STEP_MS`, and a round reaches back by at
 * most g.
 */
export function settledUntil(now: Instant, largestGapMs: number): Instant {
  return hourOf(now - marginMs(largestGapMs))
}

/** The beginning of the UTC hour of an instant. */
export function hourOf(at: Instant): Instant {
  return Math.floor(at / HOUR) * HOUR
}
