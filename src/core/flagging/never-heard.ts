import type { Fleet } from '../fleet/fleet.ts'
import { CODE } from '../freshness/state.ts'
import type { Instant } from '../time.ts'
import type { Flag } from './flagged.ts'
import { isInScope, type Scope } from './scope.ts'
import { isAcknowledged } from './standing.ts'

/**
 * Terminals that have sent nothing for `neverAfter` since they are known (spec/freshness.md 4), and for whom that became
 * true after `since`: each is told once. While somebody knows of it the time does not come.
 */
export function neverHeard(fleet: Fleet, scope: Scope, since: Instant, now: Instant): readonly Flag[] {
  const { table, inventory } = fleet
  const flags: Flag[] = []
  for (let row = 0; row < inventory.length; row++) {
    if (table.state[row] !== CODE.never) continue
    const terminal = inventory.at(row)
    if (!terminal || !isInScope(terminal, scope)) continue
    if (isAcknowledged(fleet, row, now)) continue
    const { firstSeenAt, acknowledged } = terminal
    const dueAt = Math.max(
      firstSeenAt + fleet.thresholdsOf(terminal).neverAfter.ms,
      table.stateSince[row] ?? 0,
      acknowledged?.until ?? 0,
    )
    if (since < dueAt && dueAt <= now) flags.push({ row, since: firstSeenAt })
  }
  return flags
}
