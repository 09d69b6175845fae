import type { CauseCode } from '../freshness/diagnosis/codes.ts'
import { diagnose } from '../freshness/diagnosis/diagnose.ts'
import type { Instant } from '../time.ts'
import { needOf } from './attention.ts'
import type { Fleet } from './fleet.ts'
import { isShown } from './said.ts'
import { rowsInScope, type Scope } from './scope.ts'

/** Of those that need attention, how many are probably silent for which reason; reasons of nobody are absent. */
export type CauseCounts = ReadonlyMap<CauseCode, number>

/** Rows between two pauses. */
const STEP = 512

/** Counts the causes of the terminals in the scope that need attention at `now`. */
export function* countingCauses(fleet: Fleet, scope: Scope, now: Instant): Generator<number, CauseCounts> {
  const seen = rowsInScope(fleet, scope)
  const counts = new Map<CauseCode, number>()
  for (let row = 0; row < fleet.inventory.length; row++) {
    if (row % STEP === STEP - 1) yield row
    if (!isShown(fleet.said, row) || seen?.(row) === false) continue
    if (needOf(fleet, row, now) !== 'attention') continue
    const code = diagnose(fleet, row, now)?.code
    if (code !== undefined) counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  return counts
}
