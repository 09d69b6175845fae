import { saidNames } from './alias.ts'
import type { Conflict, ConflictList } from './conflict.ts'
import { claimText } from './conflict-text.ts'
import { openDisputes } from './dispute.ts'
import type { Fleet } from './fleet.ts'
import type { InventoryRow } from './inventory.ts'
import { isShown } from './said.ts'

/** Conflicts of the inventory and of the data as they are now, at most `limit` of them, and how many there are. */
export function conflictsOf(fleet: Fleet, limit: number): ConflictList {
  const conflicts: Conflict[] = []
  let total = 0
  const add = (conflict: Conflict): void => {
    total += 1
    if (conflicts.length < limit) conflicts.push(conflict)
  }
  for (let row = 0; row < fleet.inventory.length; row++) {
    if (!isShown(fleet.said, row)) continue
    for (const name of saidNames(namesAt(fleet, row))) {
      const led = fleet.rows.get(name) ?? row
      const leader = led === row ? undefined : fleet.inventory.at(led)
      const terminal = leader && fleet.inventory.at(row)
      if (leader && terminal) add(claimed(name, leader, terminal))
    }
  }
  for (const { kind, name, terminals, text } of openDisputes(fleet)) add({ kind, name, terminals, text })
  return { conflicts, total }
}

function namesAt({ inventory }: Fleet, row: number): Parameters<typeof saidNames>[0] {
  const { aliases } = inventory.rare(row)
  const text = (field: 'id' | 'imei' | 'uuid'): string => inventory.text(row, field)
  return { id: text('id'), imei: text('imei'), uuid: text('uuid'), aliases }
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
