import type { Fleet } from '../../fleet/fleet.ts'
import type { Instant } from '../../time.ts'
import { contentId } from '../content-id.ts'
import type { Incident, IncidentGroup, StoredIncident } from './incident.ts'
import { addMember, type Members, type Parting } from './members.ts'
import { addRow, createRowList, rowsOf } from './row-list.ts'
import { lastGrowth, withEvent, withSilent } from './timeline.ts'

/** An incident that has not ended. */
export type OpenIncident = Members & {
  incident: Incident
  /** Number of its group. */
  readonly group: number
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
    if ((fleet.table.contactAt[row] ?? 0) > 0) takeIn(fleet, open, row, incident.openedAt)
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
    grewAt: lastGrowth(incident),
    heardSince: null,
    earliestContact: incident.openedAt,
    changed: false,
  }
}

function freeNumber({ incidents }: Fleet): number | undefined {
  for (let number = 1; number <= MOST_OPEN; number++) if (!incidents.has(number)) return number
  return undefined
}

export function joinIncident(fleet: Fleet, open: OpenIncident, row: number): void {
  takeIn(fleet, open, row, fleet.table.contactAt[row] ?? 0)
  open.changed = true
}

function takeIn(fleet: Fleet, open: OpenIncident, row: number, contactAt: Instant): void {
  addMember(fleet, open, row, contactAt)
  open.earliestContact = Math.min(open.earliestContact, contactAt)
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

/** Ends it, when its members are free. */
export function closeIncident(fleet: Fleet, open: OpenIncident, parting: Parting, now: Instant): void {
  const { incident } = open
  const silent = parting.silent.count
  const timeline = withEvent(incident.timeline, { at: now, kind: 'closed', silent })
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
