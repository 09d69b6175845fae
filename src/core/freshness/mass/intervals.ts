import { HOUR, SECOND } from '../../time.ts'

/** How many terminals usually talk how often, in steps of 5 s up to 2 h. */
export type Intervals = Uint32Array

const STEP = 5 * SECOND
const LONGEST = 2 * HOUR

export function createIntervals(): Intervals {
  return new Uint32Array(LONGEST / STEP + 1)
}

export function clearIntervals(intervals: Intervals): void {
  intervals.fill(0)
}

export function addInterval(intervals: Intervals, ms: number): void {
  const step = Math.min(Math.ceil(ms / STEP), intervals.length - 1)
  intervals[step] = (intervals[step] ?? 0) + 1
}

export function joinIntervals(all: Intervals, some: Intervals): void {
  for (let step = 0; step < all.length; step++) all[step] = (all[step] ?? 0) + (some[step] ?? 0)
}

/** The interval that nine of ten terminals do not exceed, ms, rounded up to 5 s; 0: there is none. */
export function p90(intervals: Intervals): number {
  let total = 0
  for (const count of intervals) total += count
  if (total === 0) return 0
  let below = 0
  for (let step = 0; step < intervals.length; step++) {
    below += intervals[step] ?? 0
    if (below >= 0.9 * total) return step * STEP
  }
  return LONGEST
}
