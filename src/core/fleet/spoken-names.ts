import type { Instant } from '../time.ts'
import { learntName } from './alias.ts'
import { dispute } from './dispute.ts'
import { EMPTY, type Fleet } from './fleet.ts'
import type { InventoryRow } from './inventory.ts'
import { changeTerminal, placeFor } from './placing.ts'
import { markDirty } from './terminal-table.ts'

/**
 * The row of a terminal that data came from. An unknown id becomes a discovered terminal, and so does one that another
 * source has taught as a name: two gateways may number their devices alike.
 */
export function rowFor(fleet: Fleet, id: string, source: number, now: Instant): number {
  const known = fleet.rows.get(id)
  if (known !== undefined && isSpokenBy(fleet, known, id, source)) return known
  if (known !== undefined) forgetName(fleet, known, id)
  const row = placeFor(fleet, id)
  changeTerminal(fleet, { ...EMPTY, row, id, discovered: true, firstSeenAt: now })
  fleet.table.source[row] = source
  markDirty(fleet.table, row)
  if (known !== undefined) dispute(fleet, 'split', id, { leader: row, other: known }, now)
  return row
}

/** Whether data of a source under a name that leads to the row is of the terminal there. */
export function isSpokenBy(fleet: Fleet, row: number, name: string, source: number): boolean {
  const { learnt } = fleet.inventory.rare(row)
  if (learnt.length === 0 || fleet.inventory.is(row, 'id', name)) return true
  const teacher = learnt.find((each) => each.name === name)?.source ?? 0
  return teacher === 0 || teacher === source
}

/** Takes a learnt name away from the terminal in the row. */
export function forgetName(fleet: Fleet, row: number, name: string): void {
  const terminal = fleet.inventory.at(row)
  if (!terminal || !learntName(terminal, name)) return
  changeTerminal(fleet, { ...terminal, learnt: terminal.learnt.filter((learnt) => learnt.name !== name) })
}

/** The terminal to which data under the name leads because it is its id or people said so, not only learnt. */
export function terminalSaid(fleet: Fleet, name: string): InventoryRow | undefined {
  const led = fleet.inventory.at(fleet.rows.get(name) ?? -1)
  return led && learntName(led, name) ? undefined : led
}

/** The terminal of the inventory that has the name from data only: people may give it to another one. */
export function terminalTaught(fleet: Fleet, name: string): InventoryRow | undefined {
  const led = fleet.inventory.at(fleet.rows.get(name) ?? -1)
  return led?.discovered === false && learntName(led, name) ? led : undefined
}
