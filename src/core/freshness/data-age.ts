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

/** The fleet's data ages at `now`. */
export function dataAges({ table, inventory }: Fleet, now: Instant): AgeDistribution {
  const upTo = AGE_BUCKETS_SECONDS.map(() => 0)
  let total = 0
  let sumSeconds = 0
  for (let row = 0; row < inventory.length; row++) {
    const dataAt = table.dataAt[row] ?? 0
    if (dataAt === 0) continue
    const age = Math.max(0, now - dataAt) / SECOND
    total++
    sumSeconds += age
    for (let i = upTo.length - 1; i >= 0 && age <= (AGE_BUCKETS_SECONDS[i] ?? 0); i--) {
      upTo[i] = (upTo[i] ?? 0) + 1
    }
  }
  return { upTo, total, sumSeconds }
}
