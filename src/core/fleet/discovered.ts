import type { Instant } from '../time.ts'
import { type Fleet, sourceOf } from './fleet.ts'
import type { Adoption, AdoptionReport } from './inventory.ts'
import { idFault } from './inventory-csv.ts'
import { changeTerminal } from './placing.ts'
import { isShown } from './said.ts'

/** A terminal that only appeared in the data. */
export type DiscoveredTerminal = {
  readonly id: string
  readonly aliases: readonly string[]
  readonly firstSeenAt: Instant
  readonly contactAt: Instant | null
  readonly source: string | null
}

export type DiscoveredPage = { readonly items: readonly DiscoveredTerminal[]; readonly total: number }

/** Discovered terminals in the order in which they appeared, from the given place on. */
export function discoveredTerminals(fleet: Fleet, offset: number, limit: number): DiscoveredPage {
  const items: DiscoveredTerminal[] = []
  let total = 0
  for (const row of discoveredRows(fleet)) {
    total += 1
    if (total <= offset || items.length >= limit) continue
    const { inventory, table } = fleet
    items.push({
      id: inventory.text(row, 'id'),
      aliases: inventory.rare(row).learnt.map(({ name }) => name),
      firstSeenAt: inventory.firstSeenAt(row),
      contactAt: table.contactAt[row] || null,
      source: sourceOf(fleet, row)?.id ?? null,
    })
  }
  return { items, total }
}

/** The rows of those that are to be adopted, or who of them cannot be. */
export function planAdoption(
  fleet: Fleet,
  terminals: Adoption['terminals'],
): { readonly rows: readonly number[]; readonly refused: AdoptionReport['refused'] } {
  if (terminals === 'all') return allDiscovered(fleet)
  const refused: AdoptionReport['refused'][number][] = []
  const rows = new Set<number>()
  for (const id of terminals) {
    const terminal = fleet.inventory.at(fleet.rows.get(id) ?? -1)
    if (!terminal) refused.push({ id, reason: 'unknown' })
    else if (!terminal.discovered) refused.push({ id, reason: 'not-discovered' })
    else if (idFault(terminal.id) !== undefined) refused.push({ id, reason: 'no-id' })
    else rows.add(terminal.row)
  }
  return { rows: [...rows], refused }
}

/** Ids that could not stand in an inventory file are left as they are: nobody asked for them by name. */
function allDiscovered(fleet: Fleet) {
  const isWanted = (row: number): boolean => idFault(fleet.inventory.text(row, 'id')) === undefined
  return { rows: Array.from(discoveredRows(fleet)).filter(isWanted), refused: [] }
}

function* discoveredRows({ inventory, said }: Fleet): Generator<number> {
  for (let row = 0; row < inventory.length; row++) {
    if (isShown(said, row) && inventory.isDiscovered(row)) yield row
  }
}

/** Rows between two pauses. */
const SLICE = 250

/** Makes them terminals of the inventory. Now and then it yields how many there are so far. */
export function* adoptRows(
  fleet: Fleet,
  rows: readonly number[],
  said: Omit<Adoption, 'terminals'>,
): Generator<number, number> {
  let adopted = 0
  for (const row of rows) {
    const terminal = fleet.inventory.at(row)
    if (!terminal?.discovered || terminal.mergedInto !== '') continue
    changeTerminal(fleet, { ...terminal, ...said, discovered: false })
    adopted += 1
    if (adopted % SLICE === 0) yield adopted
  }
  return adopted
}
