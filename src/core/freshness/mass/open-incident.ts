import type { Fleet } from '../../fleet/fleet.ts'
import { type Instant, MINUTE } from '../../time.ts'
import { contentId } from '../content-id.ts'
import { type Census, isOverdue } from './census.ts'
import type { Incident, IncidentEvent, IncidentGroup, StoredIncident } from './incident.ts'
import { addRow, createRowList, type RowList, rowsOf } from './row-list.ts'
import { isExcused } from './talking.ts'

/** An incident that has not ended. */
export type OpenIncident = {
  /** Stands in `table.incident` for its members. */
  readonly number: number
  incident: Incident
  /** Number of its group. */
  readonly group: number
  /** Members, and the last contact of each when it was last found silent: who has spoken since is back. */
  rows: RowList
  contacts: Float64Array
  earliestContact: Instant
  /** What changed must be stored. */
  changed: boolean
}

/** Numbers are 16 bits in the table. */
const MOST_OPEN = 65_535

/** Opens an incident that has no members yet; undefined: there are too many open ones. */
export function openIncident(
  fleet: Fleet,
  group: IncidentGroup & { readonly number: number; readonly also: readonly IncidentGroup[] },
  expected: number,
  now: Instant,
): OpenIncident | undefined {
  const number = freeNumber(fleet)
  if (number === undefined) return undefined
  const { dimension, group: name, also } = group
  const incident: Incident = {
    id: contentId(`${dimension}\n${name}\n${now}`),
    dimension,
    group: name,
    also,
    openedAt: now,
    onsetAt: now,
    closedAt: null,
    expected,
    members: 0,
    silent: 0,
    clearSince: null,
    timeline: [],
  }
  return emptyIncident(fleet, number, incident, group.number)
}

/** The members with which it opens are there: all of them are silent. */
export function noteOpening(fleet: Fleet, open: OpenIncident): void {
  const { incident } = open
  const silent = open.rows.count
  const onsetAt = open.earliestContact
  const timeline = [{ at: incident.openedAt, kind: 'opened', silent }] as const
  open.changed = true
  change(fleet, open, { ...incident, onsetAt, members: silent, silent, timeline })
}

/** Puts an incident that was open when it was stored into the table. `deadMs`: so long nobody looked at it since. */
export function resumeIncident(
  fleet: Fleet,
  { incident: stored, rows }: StoredIncident,
  group: number,
  deadMs: number,
): OpenIncident | undefined {
  const incident = { ...stored, clearSince: clearAfter(fleet, stored, deadMs) }
  const number = freeNumber(fleet)
  if (number === undefined) return undefined
  const open = emptyIncident(fleet, number, incident, group)
  for (const row of rows) {
    // One that was emptied meanwhile is no member any more. Whoever has spoken since it opened is back; of who joined
    // later it is judged by its silence.
    if ((fleet.table.contactAt[row] ?? 0) > 0) addMember(fleet, open, row, incident.openedAt)
  }
  return open
}

/** A short stand-still only stops the clock (spec/freshness.md 3); after a long one it begins anew. */
function clearAfter({ resumeGraceMs }: Fleet, { clearSince }: Incident, deadMs: number): Instant | null {
  return clearSince === null || deadMs > resumeGraceMs ? null : clearSince + deadMs
}

function emptyIncident(fleet: Fleet, number: number, incident: Incident, group: number): OpenIncident {
  const rows = createRowList()
  fleet.incidents.set(number, incident)
  fleet.incidentRows.set(number, rows)
  return {
    number,
    incident,
    group,
    rows,
    contacts: new Float64Array(16),
    earliestContact: incident.openedAt,
    changed: false,
  }
}

function addMember(fleet: Fleet, open: OpenIncident, row: number, contactAt: Instant): void {
  addRow(open.rows, row)
  if (open.contacts.length < open.rows.count) {
    const wider = new Float64Array(open.rows.of.length)
    wider.set(open.contacts)
    open.contacts = wider
  }
  open.contacts[open.rows.count - 1] = contactAt
  open.earliestContact = Math.min(open.earliestContact, contactAt)
  fleet.table.incident[row] = open.number
  fleet.table.missing[row] = (fleet.table.contactAt[row] ?? 0) <= contactAt ? 1 : 0
}

function freeNumber({ incidents }: Fleet): number | undefined {
  for (let number = 1; number <= MOST_OPEN; number++) if (!incidents.has(number)) return number
  return undefined
}

export function joinIncident(fleet: Fleet, open: OpenIncident, row: number): void {
  addMember(fleet, open, row, fleet.table.contactAt[row] ?? 0)
  open.changed = true
}

/** Looks which of the members in [from, to) of its list are silent now: notes each, and says how many. */
export function countSilent(
  fleet: Fleet,
  census: Census,
  open: OpenIncident,
  from: number,
  to: number,
): number {
  const { table } = fleet
  let silent = 0
  for (let i = from; i < to && i < open.rows.count; i++) {
    const row = open.rows.of[i] ?? 0
    // A row that was emptied meanwhile is another terminal's.
    if (table.incident[row] !== open.number) continue
    const isMissing = !isLeftOut(fleet, row) && isSilentStill(fleet, census, open, i)
    table.missing[row] = isMissing ? 1 : 0
    if (isMissing) silent++
  }
  return silent
}

/** Nobody waits for it, or nobody listens to it any more: its silence says nothing, and would never end. */
function isLeftOut({ table, sources }: Fleet, row: number): boolean {
  return isExcused(table, row) || sources[(table.source[row] ?? 0) - 1]?.retired === true
}

/** One that fell silent again stays so until it speaks, also while its source is blind. */
function isSilentStill(
  { table }: Fleet,
  census: Census,
  { rows, contacts }: OpenIncident,
  i: number,
): boolean {
  const row = rows.of[i] ?? 0
  const contactAt = table.contactAt[row] ?? 0
  // It may be later than now when the wall clock was set back.
  contacts[i] = Math.min(contacts[i] ?? 0, census.now)
  if (contactAt <= (contacts[i] ?? 0)) return true
  if (!isOverdue(table, census, row)) return false
  contacts[i] = contactAt
  return true
}

/** Takes over how many are silent now; a change that is worth it goes into the timeline. */
export function noteSilent(fleet: Fleet, open: OpenIncident, silent: number, now: Instant): void {
  const { incident, rows } = open
  if (silent === incident.silent && rows.count === incident.members) return
  const timeline = withSilent(incident.timeline, silent, now)
  if (timeline !== incident.timeline) open.changed = true
  change(fleet, open, { ...incident, silent, members: rows.count, timeline })
}

/** Takes over whether so few are silent that it may end. */
export function noteClear(fleet: Fleet, open: OpenIncident, isClear: boolean, now: Instant): void {
  const { incident } = open
  const clearSince = isClear ? Math.min(incident.clearSince ?? now, now) : null
  if (clearSince === incident.clearSince) return
  open.changed = true
  change(fleet, open, { ...incident, clearSince })
}

/** At most so many events are kept; the first one stays. */
const MOST_EVENTS = 100
const EVENT_EVERY = 10 * MINUTE

function withSilent(
  timeline: readonly IncidentEvent[],
  silent: number,
  at: Instant,
): readonly IncidentEvent[] {
  const last = timeline.at(-1)
  if (!last || silent === last.silent) return timeline
  const isLarge = silent >= 2 * last.silent || silent <= last.silent / 2
  if (!isLarge && at - last.at < EVENT_EVERY) return timeline
  return bounded([...timeline, { at, kind: silent > last.silent ? 'grew' : 'shrank', silent }])
}

function bounded(timeline: readonly IncidentEvent[]): readonly IncidentEvent[] {
  return timeline.length <= MOST_EVENTS ? timeline : [...timeline.slice(0, 1), ...timeline.slice(2)]
}

/** Members of an incident that ends: those that are silent still, and the others. */
export type Parting = { readonly silent: RowList; readonly back: RowList }

/** The members in [from, to) of its list are terminals like others again. */
export function freeMembers(
  { table }: Fleet,
  open: OpenIncident,
  from: number,
  to: number,
  { silent, back }: Parting,
): void {
  for (const row of rowsOf(open.rows).subarray(from, to)) {
    const isMember = table.incident[row] === open.number
    addRow(isMember && table.missing[row] === 1 ? silent : back, row)
    if (!isMember) continue
    table.incident[row] = 0
    table.missing[row] = 0
  }
}

/** Ends it, when its members are free. */
export function closeIncident(fleet: Fleet, open: OpenIncident, parting: Parting, now: Instant): void {
  const { incident } = open
  const silent = parting.silent.count
  const timeline = bounded([...incident.timeline, { at: now, kind: 'closed', silent }])
  for (const row of rowsOf(parting.back)) addRow(parting.silent, row)
  open.rows = parting.silent
  open.changed = true
  change(fleet, open, { ...incident, silent, closedAt: now, timeline })
  fleet.incidents.delete(open.number)
  fleet.incidentRows.delete(open.number)
}

function change(fleet: Fleet, open: OpenIncident, incident: Incident): void {
  open.incident = incident
  fleet.incidents.set(open.number, incident)
}

/** An incident as it is now: what is stored of an open one is up to a flush old, and its counts older. */
export function presentIncident({ incidents }: Pick<Fleet, 'incidents'>, stored: Incident): Incident {
  if (stored.closedAt !== null) return stored
  for (const open of incidents.values()) if (open.id === stored.id) return open
  return stored
}

export function storedIncident({ incident, rows }: OpenIncident): StoredIncident {
  return { incident, rows: rowsOf(rows).slice() }
}
