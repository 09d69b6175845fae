import type { Fleet } from '../../fleet/fleet.ts'
import { HOUR, type Instant } from '../../time.ts'
import { rememberUntold } from '../alert.ts'
import { type Census, isGone, isOverdue } from './census.ts'
import { addRow, type RowList, rowsOf } from './row-list.ts'
import { isExcused } from './talking.ts'

/** The members of an open incident. */
export type Members = {
  /** Stands in `table.incident` for them. */
  readonly number: number
  rows: RowList
  /** The last contact of each when it was last found silent: who has spoken since is back. */
  contacts: Float64Array
  /** When so many fell silent at once last that it was no chance. Who was silent by then is explained by it. */
  grewAt: Instant
  /** Of a source that is blind by its rate: since when too much is heard for a collapse; null: it is not. */
  heardSince: Instant | null
}

export function addMember({ table }: Fleet, members: Members, row: number, contactAt: Instant): void {
  const { rows } = members
  addRow(rows, row)
  if (members.contacts.length < rows.count) {
    const wider = new Float64Array(rows.of.length)
    wider.set(members.contacts)
    members.contacts = wider
  }
  members.contacts[rows.count - 1] = contactAt
  table.incident[row] = members.number
  table.missing[row] = (table.contactAt[row] ?? 0) <= contactAt ? 1 : 0
}

/** An incident that has not grown for so long explains no further silence. */
const SETTLES_AFTER = HOUR

export function isSettled({ grewAt }: Members, now: Instant): boolean {
  return now - grewAt > SETTLES_AFTER
}

/**
 * Looks which of the members in [from, to) of its list are silent now: notes each, and says how many. Who is silent for
 * a reason of its own is a terminal like others again.
 */
export function countSilent(
  fleet: Fleet,
  census: Census,
  members: Members,
  from: number,
  to: number,
): number {
  const { table } = fleet
  let silent = 0
  for (let i = from; i < to && i < members.rows.count; i++) {
    const row = members.rows.of[i] ?? 0
    // A row that was emptied meanwhile is another terminal's.
    if (table.incident[row] !== members.number) continue
    if (isSingle(fleet, census, members, i)) {
      free(fleet, row)
      rememberUntold(fleet, row)
      continue
    }
    const isMissing = !isLeftOut(fleet, row) && isSilentStill(fleet, census, members, i)
    table.missing[row] = isMissing ? 1 : 0
    if (isMissing) silent++
  }
  return silent
}

/** It was back and fell silent anew when all was settled, or stays silent though its source is heard again. */
function isSingle({ table }: Fleet, census: Census, members: Members, i: number): boolean {
  const { rows, contacts, grewAt, heardSince } = members
  const row = rows.of[i] ?? 0
  if (heardSince !== null && isGone(table, census, row, heardSince)) return true
  const isAnew = (table.contactAt[row] ?? 0) > Math.max(contacts[i] ?? 0, grewAt)
  return isAnew && isSettled(members, census.now) && isOverdue(table, census, row)
}

/** Nobody waits for it, or nobody listens to it any more: its silence says nothing, and would never end. */
function isLeftOut({ table, sources }: Fleet, row: number): boolean {
  return isExcused(table, row) || sources[(table.source[row] ?? 0) - 1]?.retired === true
}

/** One that fell silent again stays so until it speaks, also while its source is blind. */
function isSilentStill({ table }: Fleet, census: Census, { rows, contacts }: Members, i: number): boolean {
  const row = rows.of[i] ?? 0
  const contactAt = table.contactAt[row] ?? 0
  // It may be later than now when the wall clock was set back.
  contacts[i] = Math.min(contacts[i] ?? 0, census.now)
  if (contactAt <= (contacts[i] ?? 0)) return true
  if (!isOverdue(table, census, row)) return false
  contacts[i] = contactAt
  return true
}

/** Members of an incident that ends: those that are silent still, and the others. */
export type Parting = { readonly silent: RowList; readonly back: RowList }

/** The members in [from, to) of its list are terminals like others again. */
export function freeMembers(
  fleet: Fleet,
  { number, rows }: Members,
  from: number,
  to: number,
  { silent, back }: Parting,
): void {
  const { table } = fleet
  for (const row of rowsOf(rows).subarray(from, to)) {
    const isMember = table.incident[row] === number
    addRow(isMember && table.missing[row] === 1 ? silent : back, row)
    if (isMember) free(fleet, row)
  }
}

function free({ table }: Fleet, row: number): void {
  table.incident[row] = 0
  table.missing[row] = 0
}
