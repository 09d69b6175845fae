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

export type MemberQuery = {
  readonly limit: number
  readonly cursor?: string
}

export type MemberPage = {
  readonly items: readonly MemberView[]
  readonly next: string | null
  readonly total: number
}

/**
 * A page of the members of an incident by their rows: those that are silent now first. A cursor goes on behind the
 * place that its terminal had, also when that is no longer silent.
 */
export function listMembers(
  fleet: Fleet,
  rows: Uint32Array,
  { limit, cursor }: MemberQuery,
): MemberPage | 'bad-cursor' {
  const shown = shownRows(fleet, rows)
  const groups: Groups = {
    silent: shown.filter((row) => groupOf(fleet, row) === 'silent'),
    other: shown.filter((row) => groupOf(fleet, row) === 'other'),
  }
  const rest = cursor === undefined ? [...groups.silent, ...groups.other] : rowsBehind(fleet, groups, cursor)
  if (rest === undefined) return 'bad-cursor'
  const page = rest.slice(0, limit)
  const last = page.at(-1)
  return {
    items: page.map((row) => viewMember(fleet, row)),
    next: rest.length > page.length && last !== undefined ? cursorOf(fleet, last) : null,
    total: shown.length,
  }
}

/** Rows in order. */
type Groups = { readonly silent: readonly number[]; readonly other: readonly number[] }

/** Each terminal once, in the order of their rows: it stays when members join, and when the incident ends. */
function shownRows(fleet: Fleet, rows: Uint32Array): readonly number[] {
  const shown = new Set(Array.from(rows, (row) => shownRow(fleet, row)))
  shown.delete(NOWHERE)
  return Array.from(Uint32Array.from(shown).sort())
}

const NOWHERE = -1

/** Where the terminal of a row is now: it may have been merged into another one. */
function shownRow({ inventory, rows }: Fleet, row: number): number {
  const terminal = inventory.at(row)
  if (!terminal) return NOWHERE
  return terminal.mergedInto === '' ? row : (rows.get(terminal.id) ?? NOWHERE)
}

function groupOf({ table }: Fleet, row: number): keyof Groups {
  return isSilent(table.state[row] ?? 0) ? 'silent' : 'other'
}

function cursorOf(fleet: Fleet, last: number): string {
  return `${groupOf(fleet, last)}~${fleet.inventory.text(last, 'id')}`
}

/** Undefined: the cursor names no member. */
function rowsBehind(fleet: Fleet, { silent, other }: Groups, cursor: string): readonly number[] | undefined {
  const [, group, id = ''] = /^(silent|other)~(.+)$/s.exec(cursor) ?? []
  const last = fleet.rows.get(id)
  if (last === undefined || !(silent.includes(last) || other.includes(last))) return undefined
  const isBehind = (row: number): boolean => row > last
  return group === 'silent' ? [...silent.filter(isBehind), ...other] : other.filter(isBehind)
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
