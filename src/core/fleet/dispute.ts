import { HOUR, type Instant } from '../time.ts'
import { isAlias } from './alias.ts'
import type { Dispute, DisputeReason } from './conflict.ts'
import { disputeText } from './conflict-text.ts'
import type { InventoryRow } from './inventory.ts'
import type { Inventory } from './inventory-pages.ts'
import type { NameIndex } from './name-index.ts'

/** The part of the fleet that disputes are about. */
type Named = {
  readonly inventory: Pick<Inventory, 'at'>
  readonly rows: Pick<NameIndex, 'get'>
  readonly table: { readonly contactAt: Float64Array; readonly linkAt: Float64Array }
  readonly disputes: Map<string, Dispute>
  disputed: Dispute[]
}

/** Disputes that are kept; a new one drives out the oldest. */
const MOST_DISPUTES = 1000
/** A terminal that has spoken for so long without the name gives it no more: its sender was corrected. */
const SAID_FOR = HOUR

/** Notes a dispute about a name, each once; `leader`: the row that the name leads to. */
export function dispute(
  fleet: Named,
  reason: DisputeReason,
  name: string,
  rows: { readonly leader: number; readonly other: number },
  now: Instant,
): void {
  const leader = fleet.inventory.at(rows.leader)
  const other = fleet.inventory.at(rows.other)
  if (!leader || !other) return
  const text = disputeText(reason, name, leader, other)
  const noted: Dispute = {
    kind: 'data',
    name,
    terminals: [leader.id, other.id],
    text,
    reason,
    saidAt: now,
  }
  if (!holds(fleet, noted)) return
  fleet.disputes.delete(name)
  const [oldest] = fleet.disputes.keys()
  if (oldest !== undefined && fleet.disputes.size >= MOST_DISPUTES) fleet.disputes.delete(oldest)
  fleet.disputes.set(name, noted)
  if (fleet.disputed.length < MOST_DISPUTES) fleet.disputed.push(noted)
}

/** True while a name is disputed, and then nothing is learnt of it. A settled dispute is forgotten. */
export function isDisputed(fleet: Named, name: string, by: string, now: Instant): boolean {
  const noted = fleet.disputes.get(name)
  if (noted === undefined) return false
  if (!holds(fleet, noted)) {
    fleet.disputes.delete(name)
    return false
  }
  if (noted.terminals.includes(by)) noted.saidAt = now
  return true
}

/** The disputes that hold, in words for how things are now; settled ones are forgotten. */
export function openDisputes(fleet: Named): readonly Dispute[] {
  return [...fleet.disputes.values()].flatMap((noted) => {
    const [leader, other] = noted.terminals.map((id) => terminalAt(fleet, id))
    if (leader && other && holds(fleet, noted)) {
      return { ...noted, text: disputeText(noted.reason, noted.name, leader, other) }
    }
    fleet.disputes.delete(noted.name)
    return []
  })
}

/**
 * People settle a dispute by entering the name among the aliases of the terminal that it leads to (where no file could
 * hold it there: by taking that terminal into the inventory), by making one terminal of both, or by decommissioning
 * one; data settles it by saying it no longer.
 */
function holds(
  fleet: Named,
  { name, terminals: [first = '', second = ''], reason, saidAt }: Dispute,
): boolean {
  const leader = terminalAt(fleet, first)
  const other = terminalAt(fleet, second)
  if (leader?.id !== first || other?.id !== second || fleet.rows.get(name) !== leader.row) return false
  if (leader.aliases.includes(name) || (!isAlias(name) && !leader.discovered)) return false
  if (leader.lifecycle === 'decommissioned' || other.lifecycle === 'decommissioned') return false
  return reason !== 'claimed' || heardAt(fleet, other.row) <= saidAt + SAID_FOR
}

function terminalAt(fleet: Named, name: string): InventoryRow | undefined {
  return fleet.inventory.at(fleet.rows.get(name) ?? -1)
}

function heardAt({ table }: Named, row: number): Instant {
  return Math.max(table.linkAt[row] ?? 0, table.contactAt[row] ?? 0)
}
