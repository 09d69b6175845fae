import type { Fleet } from '../fleet/fleet.ts'
import { type Instant, SECOND } from '../time.ts'

/** Upper bounds of the fleet's data ages: one minute to a week, in seconds. */
export const AGE_BUCKETS_SECONDS = [60, 300, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400, 604_800] as const

/** How old the newest data of the terminals is; those that never sent any are left out. */
export type AgeDistribution = {
  /** Terminals at most as old as the bucket of the same place. */
  readonly upTo: readonly number[]
  readonly total: number
  readonly sumSeconds: number
}

/** Rows between two pauses. */
const STEP = 4096

/** The fleet's data ages at `now`. Now and then it yields how many rows were looked at so far. */
export function* countingAges(fleet: Fleet, now: Instant): Generator<number, AgeDistribution> {
  /** By the first bucket that holds the age; the last place is for what is older than all of them. */
  const counts = [...AGE_BUCKETS_SECONDS, Infinity].map(() => 0)
  let sumSeconds = 0
  for (let from = 0; from < fleet.inventory.length; from += STEP) {
    sumSeconds += addAges(fleet, now, from, Math.min(from + STEP, fleet.inventory.length), counts)
    yield from
  }
  let total = 0
  const upTo = counts.map((count) => (total += count)).slice(0, AGE_BUCKETS_SECONDS.length)
  return { upTo, total, sumSeconds }
}

/** Counts the ages of the rows in [from, to) and returns their sum, s. */
function addAges({ table }: Fleet, now: Instant, from: number, to: number, counts: number[]): number {
  let sum = 0
  for (let row = from; row < to; row++) {
    const dataAt = table.dataAt[row] ?? 0
    if (dataAt === 0) continue
    const age = Math.max(0, now - dataAt) / SECOND
    let bucket = 0
    while (age > (AGE_BUCKETS_SECONDS[bucket] ?? Infinity)) bucket++
    counts[bucket] = (counts[bucket] ?? 0) + 1
    sum += age
  }
  return sum
}
