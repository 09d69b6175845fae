import type { Instant } from '../../time.ts'

/** How many live messages a source had brought at the newest evaluations, oldest first. */
export type Rates = { at: Instant[]; count: number[] }

/** Enough for four hours of evaluations, twice the longest interval that is told apart. */
const MOST = 512

export function createRates(): Rates {
  return { at: [], count: [] }
}

/** Notes the count at `now`. A wall clock that was set back begins anew. */
export function noteCount(rates: Rates, now: Instant, count: number): void {
  if ((rates.at.at(-1) ?? -Infinity) >= now) Object.assign(rates, createRates())
  rates.at.push(now)
  rates.count.push(count)
  if (rates.at.length <= MOST) return
  rates.at.splice(0, MOST / 4)
  rates.count.splice(0, MOST / 4)
}

/** Messages since the newest evaluation that is at least `ms` ago; undefined: none is. */
export function countSince(
  rates: Rates,
  ms: number,
): { readonly from: Instant; readonly count: number } | undefined {
  const last = rates.at.length - 1
  const now = rates.at[last] ?? 0
  for (let i = last; i >= 0; i--) {
    const from = rates.at[i] ?? 0
    if (now - from >= ms) return { from, count: (rates.count[last] ?? 0) - (rates.count[i] ?? 0) }
  }
  return undefined
}
