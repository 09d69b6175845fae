import { DAY, type Instant } from '../time.ts'

/** So many changes into or out of silence within a day make a link unstable (spec/freshness.md 5). */
const UNSTABLE_CHANGES = 6

/** The newest changes into or out of silence of a terminal, and when its link was last noted as unstable. */
export type Flaps = { changes: Instant[]; notedAt: Instant }

/**
 * Changes into or out of silence of many terminals, oldest first, as columns: objects cross slowly between threads. What
 * an incident explained is none of them.
 */
export type FlapColumns = {
  readonly terminalIds: readonly string[]
  readonly at: Float64Array
  /** 1: the link was noted as unstable with this change. */
  readonly noted: Uint8Array
}

/** One change into or out of silence. */
export type Flap = readonly [terminalId: string, at: Instant, isNoted: boolean]

export const NO_FLAPS: FlapColumns = packFlaps([])

/** The changes in the same order. */
export function packFlaps(flaps: readonly Flap[]): FlapColumns {
  return {
    terminalIds: flaps.map(([terminalId]) => terminalId),
    at: Float64Array.from(flaps, ([, at]) => at),
    noted: Uint8Array.from(flaps, ([, , isNoted]) => (isNoted ? 1 : 0)),
  }
}

/** True while a link is unstable at `now`. */
export function isUnstable(flaps: Flaps | undefined, now: Instant): boolean {
  return now < unstableUntil(flaps)
}

/** When a link that changes no more counts as unstable no longer; -Infinity: it is not unstable. */
export function unstableUntil(flaps: Flaps | undefined): Instant {
  return (flaps?.changes.at(-UNSTABLE_CHANGES) ?? -Infinity) + DAY
}

/** After the wall clock was set back to `now`: no change may be later. */
export function setFlapsBack(all: ReadonlyMap<number, Flaps>, now: Instant): void {
  for (const flaps of all.values()) {
    if ((flaps.changes.at(-1) ?? now) <= now) continue
    flaps.changes = flaps.changes.map((at) => Math.min(at, now))
    flaps.notedAt = Math.min(flaps.notedAt, now)
  }
}

/**
 * Notes a change. Changes older than a day are forgotten, those of other terminals too: who changed last stands at the
 * end, so that the old ones are found at the beginning.
 */
export function noteFlap(all: Map<number, Flaps>, row: number, at: Instant): Flaps {
  const flaps = all.get(row) ?? { changes: [], notedAt: -Infinity }
  // Not spread into an array: V8 would keep room for 17 changes in each of a million.
  flaps.changes = flaps.changes.filter((earlier) => earlier > at - DAY).concat(at)
  all.delete(row)
  all.set(row, flaps)
  forgetUntil(all, at - DAY)
  return flaps
}

function forgetUntil(all: Map<number, Flaps>, until: Instant): void {
  for (const [row, { changes }] of all) {
    if ((changes.at(-1) ?? 0) > until) return
    all.delete(row)
  }
}
