import type { Transition } from '../core/freshness/state.ts'
import type { Instant } from '../core/time.ts'
import type { BlindRow } from '../ports.ts'

/** Changes of state that wait for the store at most, beside two of each terminal: some 60 MB. */
export const MOST_CHANGES = 250_000
/** Blind stretches that wait for the store at most. */
const MOST_STRETCHES = 20_000

type Bounded = {
  readonly kept: Transition[]
  /** Changes that are forgotten, and how many of them raised an alert. */
  readonly forgotten: number
  readonly alerts: number
}

/**
 * What is kept while the store takes nothing for hours. Forgotten are the oldest changes that raised no alert, a tenth
 * of the bound at a time; alerts only when there is nothing else left. The states themselves are not touched, so that
 * the fleet is judged on.
 */
export function boundTransitions(waiting: Transition[], terminals: number): Bounded {
  const limit = MOST_CHANGES + 2 * terminals
  if (waiting.length <= limit) return { kept: waiting, forgotten: 0, alerts: 0 }
  const excess = waiting.length - Math.floor(limit * 0.9)
  let left = excess
  const withAlerts = waiting.filter((transition) => transition.alertId !== undefined || left-- <= 0)
  const alerts = Math.max(0, left)
  return { kept: withAlerts.slice(alerts), forgotten: excess, alerts }
}

/**
 * Rows that wait are joined when they become too many: of each source the older half becomes one stretch, which is
 * blind in between too. So silence is told too short rather than too long. A row that the store has as open is the
 * oldest of its source, and the joined one overwrites it.
 */
export function boundBlind(waiting: readonly BlindRow[], most = MOST_STRETCHES): BlindRow[] {
  if (waiting.length <= most) return [...waiting]
  const newest = new Map(waiting.map((row) => [JSON.stringify([row.source, row.kind, row.from]), row]))
  if (newest.size <= most) return [...newest.values()]
  const sources = Map.groupBy(newest.values(), ({ source, kind }) => JSON.stringify([source, kind]))
  return [...sources.values()].flatMap(joinOlderHalf)
}

function joinOlderHalf(rows: readonly BlindRow[]): BlindRow[] {
  const ordered = rows.toSorted((a, b) => a.from - b.from)
  const half = Math.floor(ordered.length / 2)
  const [first] = ordered
  if (first === undefined || half < 2) return ordered
  const to = ordered.slice(0, half).reduce((latest, row) => Math.max(latest, endOf(row)), 0)
  return [{ ...first, to: to === Infinity ? null : to }, ...ordered.slice(half)]
}

function endOf({ to }: BlindRow): Instant {
  return to ?? Infinity
}
