import { isSilent, type State, stateOf } from '../freshness/state.ts'
import type { Instant } from '../time.ts'
import type { Fleet } from './fleet.ts'

/** A terminal that was silent in an incident, as it is now. */
export type MemberView = {
  readonly id: string
  readonly name: string
  readonly client: string
  readonly state: State
  readonly stateSince: Instant
  readonly contactAt: Instant | null
}

/** Members of an incident by their rows, from the given place on: those that are silent now first. */
export function listMembers(
  fleet: Fleet,
  rows: Uint32Array,
  from: number,
  limit: number,
): { readonly items: readonly MemberView[]; readonly total: number } {
  const { table } = fleet
  const shown = [...new Set(Array.from(rows, (row) => shownRow(fleet, row)))].filter((row) => row >= 0)
  const silent = shown.filter((row) => isSilent(table.state[row] ?? 0))
  const others = shown.filter((row) => !isSilent(table.state[row] ?? 0))
  const page = [...silent, ...others].slice(from, from + limit)
  return { items: page.map((row) => viewMember(fleet, row)), total: shown.length }
}

/** Where the terminal of a row is now: it may have been merged into another one. -1: nowhere. */
function shownRow({ inventory, rows }: Fleet, row: number): number {
  const terminal = inventory.at(row)
  if (!terminal) return -1
  return terminal.mergedInto === '' ? row : (rows.get(terminal.id) ?? -1)
}

function viewMember({ table, inventory }: Fleet, row: number): MemberView {
  const contactAt = table.contactAt[row] ?? 0
  return {
    id: inventory.text(row, 'id'),
    name: inventory.text(row, 'name'),
    client: inventory.text(row, 'client'),
    state: stateOf(table.state[row] ?? 0) ?? 'unknown',
    stateSince: table.stateSince[row] ?? 0,
    contactAt: contactAt === 0 ? null : contactAt,
  }
}
