import type { Fleet } from '../fleet/fleet.ts'
import { CODE, isSilent } from '../freshness/state.ts'
import type { Instant } from '../time.ts'
import { type Scope, scopeFilter } from './scope.ts'

/** Terminals of a scope as they are now, without those that are out of service. */
export type Tally = {
  readonly total: number
  readonly silent: number
  /** Silent ones of which somebody knows, and when the first of them is told of again; null: there are none. */
  readonly known: number
  readonly knownUntil: Instant | null
}

export function tallyOf(fleet: Fleet, scope: Scope, now: Instant): Tally {
  const { table, inventory } = fleet
  let total = 0
  let silent = 0
  let known = 0
  let knownUntil = Number.POSITIVE_INFINITY
  const isInScope = scopeFilter(fleet, scope)
  for (let row = 0; row < inventory.length; row++) {
    const code = table.state[row] ?? 0
    // Merged ones have no state.
    if (code === 0 || code === CODE.decommissioned || !isInScope(row)) continue
    total++
    if (isSilent(code)) silent++
    else if (code !== CODE.never) continue
    const until = inventory.rare(row).acknowledged?.until ?? 0
    if (until <= now) continue
    known++
    knownUntil = Math.min(knownUntil, until)
  }
  return { total, silent, known, knownUntil: known > 0 ? knownUntil : null }
}
