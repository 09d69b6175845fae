import type { Fleet } from '../fleet/fleet.ts'
import type { GroupColumn } from '../fleet/groups.ts'
import type { InventoryRow } from '../fleet/inventory.ts'
import type { Instant } from '../time.ts'

/** Whose terminals somebody is told of; an empty text is any, both empty the whole fleet. */
export type Scope = { readonly dealer: string; readonly client: string }

/** Judged by what the terminal is now. One that was merged into another is nobody's. */
export function isInScope(terminal: InventoryRow, { dealer, client }: Scope): boolean {
  if (terminal.mergedInto !== '') return false
  return (dealer === '' || terminal.dealer === dealer) && (client === '' || terminal.client === client)
}

/** What happened to a terminal earlier is not told about the scope: it was another client's. 0: all may be told. */
export function toldSince({ handedOver }: Pick<InventoryRow, 'handedOver'>, scope: Scope): Instant {
  return isWholeFleet(scope) ? 0 : (handedOver?.client ?? 0)
}

/** The same for whoever looks at every row: rows of merged terminals are not sorted out. */
export function scopeFilter(
  { groups }: Pick<Fleet, 'groups'>,
  { dealer, client }: Scope,
): (row: number) => boolean {
  const ofDealer = groupFilter(groups.dealer, dealer)
  const ofClient = groupFilter(groups.client, client)
  return (row) => ofDealer(row) && ofClient(row)
}

function groupFilter(column: GroupColumn, name: string): (row: number) => boolean {
  const number = name === '' ? 0 : column.numbers.get(name)
  if (number === 0) return () => true
  return (row) => number !== undefined && column.of[row] === number
}

export function isWholeFleet({ dealer, client }: Scope): boolean {
  return dealer === '' && client === ''
}

/** Whether the inventory has any terminal of the scope. Whoever watches the whole fleet waits for its first one. */
export function hasTerminals(fleet: Pick<Fleet, 'groups' | 'inventory'>, scope: Scope): boolean {
  if (isWholeFleet(scope)) return true
  const isOfScope = scopeFilter(fleet, scope)
  for (let row = 0; row < fleet.inventory.length; row++) {
    if (isOfScope(row) && fleet.inventory.at(row)?.mergedInto === '') return true
  }
  return false
}
