import { aliasesOf, withLearnt } from './alias.ts'
import type { Fleet } from './fleet.ts'
import { placeInGroups } from './fleet-groups.ts'
import { resolveThresholds } from './fleet-thresholds.ts'
import type { InventoryRow } from './inventory.ts'
import { noteName } from './name-order.ts'
import { noteSaid } from './said.ts'
import { ensureRow } from './terminal-table.ts'

/** Places an inventory row that must be stored. */
export function changeTerminal(fleet: Fleet, terminal: InventoryRow): void {
  putTerminal(fleet, withLearnt(terminal, []))
  fleet.changedInventory.add(terminal.row)
}

/** Places an inventory row: a new one or a changed one. */
export function putTerminal(fleet: Fleet, terminal: InventoryRow): void {
  placeTerminal(fleet, terminal)
  placeInGroups(fleet, terminal)
}

/** Where a terminal goes that is not shown: the row that its id had before, or a new one. */
export function placeFor(fleet: Fleet, id: string): number {
  return fleet.hidden.get(id) ?? fleet.inventory.length
}

function placeTerminal(fleet: Fleet, terminal: InventoryRow): void {
  const { row, id } = terminal
  ensureRow(fleet.table, row)
  const before = aliasesOf(fleet.inventory.at(row))
  for (const alias of before) if (fleet.rows.get(alias) === row) fleet.rows.delete(alias)
  noteName(fleet.names, fleet.inventory.at(row), terminal)
  fleet.inventory.set(terminal)
  noteSaid(fleet.said, terminal)
  if (terminal.mergedInto === '') {
    fleet.hidden.delete(id)
    fleet.rows.set(id, row)
    claimAliases(fleet, row)
  } else {
    fleet.hidden.set(id, row)
    if (fleet.rows.get(id) === row) fleet.rows.delete(id)
  }
  for (const alias of before) if (!fleet.rows.has(alias)) freeMerged(fleet, alias)
  resolveThresholds(fleet, terminal)
}

/**
 * Lets data under the terminal's aliases lead to it, as far as no other terminal has them. After a whole inventory was
 * placed this is to be called again: an alias may have moved from a terminal further down to one further up.
 */
export function claimAliases(fleet: Fleet, row: number): void {
  for (const alias of aliasesOf(fleet.inventory.at(row))) fleet.rows.claim(alias, row)
}

/** A merged terminal whose id nobody claims any more is nobody's: should it speak again, it is a discovered one. */
function freeMerged(fleet: Fleet, id: string): void {
  const terminal = fleet.inventory.at(fleet.hidden.get(id) ?? -1)
  if (!terminal || terminal.mergedInto === id) return
  fleet.inventory.set({ ...terminal, mergedInto: id })
  fleet.changedInventory.add(terminal.row)
}
