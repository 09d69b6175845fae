import type { Fleet } from '../fleet/fleet.ts'
import { CODE, isSilent, type Transition } from '../freshness/state.ts'
import type { Instant } from '../time.ts'
import { type Scope, toldSince } from './scope.ts'

/** What happened to one terminal since somebody was last told. */
export type Happened = {
  /** Onset of the newest silence that raised an alert. */
  alertedAt: Instant | null
  /** When it last left silence. */
  leftAt: Instant | null
  /** Its link was noted as unstable. */
  unstable: boolean
}

/** By row of the terminal to which the changes belong now: one that was merged meanwhile is the one that it became. */
export type HappenedByRow = Map<number, Happened>

/**
 * Adds changes, oldest first, as somebody of the scope is told of them: of the time in which a terminal was another
 * client's that it became silent, for it may still be, and nothing else.
 */
export function takeChanges(
  { rows, inventory }: Pick<Fleet, 'rows' | 'inventory'>,
  scope: Scope,
  all: HappenedByRow,
  changes: readonly Transition[],
): void {
  for (const change of changes) {
    const row = rows.get(change.terminalId)
    if (row === undefined) continue
    const happened = all.get(row) ?? { alertedAt: null, leftAt: null, unstable: false }
    if (change.alertId !== undefined) happened.alertedAt = change.contactAt ?? change.at
    const isTold = change.at >= toldSince(inventory.rare(row), scope)
    if (isTold && leavesSilence(change)) happened.leftAt = change.at
    if (isTold && change.note !== undefined) happened.unstable = true
    all.set(row, happened)
  }
}

function leavesSilence({ from, to }: Transition): boolean {
  return from !== null && isSilent(CODE[from]) && !isSilent(CODE[to])
}
