import { DAY, type Instant } from '../time.ts'

/** So many changes into or out of silence within a day make a link unstable (spec/freshness.md 5). */
export const UNSTABLE_CHANGES = 6

/** The newest changes into or out of silence of a terminal, and when its link was last noted as unstable. */
export type Flaps = { changes: Instant[]; notedAt: Instant }

/** True while a link is unstable at `now`. */
export function isUnstable(flaps: Flaps | undefined, now: Instant): boolean {
  return (flaps?.changes ?? []).filter((at) => at > now - DAY).length >= UNSTABLE_CHANGES
}

/** Notes a change; those older than a day are forgotten. */
export function noteFlap(all: Map<number, Flaps>, row: number, at: Instant): Flaps {
  const flaps = all.get(row) ?? { changes: [], notedAt: -Infinity }
  flaps.changes = [...flaps.changes.filter((earlier) => earlier > at - DAY), at]
  all.set(row, flaps)
  return flaps
}
