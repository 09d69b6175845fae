import { saidNames } from './alias.ts'
import type { Conflict, ConflictList } from './conflict.ts'
import { claimText } from './conflict-text.ts'
import { openDisputes } from './dispute.ts'
import type { Fleet } from './fleet.ts'
import type { InventoryRow } from './inventory.ts'

/** Conflicts of the inventory and of the data as they are now, at most `limit` of them, and how many there are. */
export function conflictsOf(fleet: Fleet, limit: number): ConflictList {
  const conflicts: Conflict[] = []
  let total = 0
  const add = (conflict: Conflict): void => {
    total += 1
    if (conflicts.length < limit) conflicts.push(conflict)
  }
  for (const terminal of fleet.inventory) {
    if (terminal.mergedInto !== '') continue
    for (const name of saidNames(terminal)) {
      const leader = fleet.inventory[fleet.rows.get(name) ?? terminal.row]
      if (leader && leader.row !== terminal.row) add(claimed(name, leader, terminal))
    }
  }
  for (const { kind, name, terminals, text } of openDisputes(fleet)) add({ kind, name, terminals, text })
  return { conflicts, total }
}

function claimed(name: string, leader: InventoryRow, other: InventoryRow): Conflict {
  const isVehicle = leader.uuid === name && other.uuid === name
  return {
    kind: isVehicle ? 'vehicle' : 'alias',
    name,
    terminals: [leader.id, other.id],
    text: claimText(name, leader, other),
  }
}
