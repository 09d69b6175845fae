import type { Incident, IncidentGroup } from '../freshness/mass/incident.ts'
import { addRow, createRowList, rowsOf } from '../freshness/mass/row-list.ts'
import { type Fleet, incidentAt } from './fleet.ts'
import { isInScope, rowsInScope, type Scope, seenSince } from './scope.ts'

/** The open incident that explains the silence of a terminal, as somebody sees it; null: none does. */
export type SeenIncident = (row: number) => Incident | null

/** Open incidents as somebody sees them while he is given one answer: each is looked at once. */
export function seenIncidents(fleet: Fleet, scope: Scope): SeenIncident {
  if (scope === 'all') return (row) => incidentAt(fleet, row)
  const seen = new Map<string, Incident | null>()
  return (row) => {
    const incident = incidentAt(fleet, row)
    if (incident === null) return null
    const known = seen.get(incident.id)
    if (known !== undefined) return known
    const part = incidentInScope(fleet, incident, openRows(fleet, incident), scope) ?? null
    seen.set(incident.id, part)
    return part
  }
}

/**
 * An incident as somebody sees it who may not see all of its terminals: with the numbers of his own ones, and without
 * the names of other clients, dealers and groups. Undefined: none of them is his.
 */
export function incidentInScope(
  fleet: Fleet,
  incident: Incident,
  rows: Uint32Array,
  scope: Exclude<Scope, 'all'>,
): Incident | undefined {
  const count = incident.closedAt === null ? countOpen : countClosed
  const counts = count(fleet, incident, rows, scope)
  return counts.members === 0
    ? undefined
    : partOfIncident(incident, counts, (group) => isNamedTo(scope, group))
}

type Counts = Pick<Incident, 'members' | 'silent'>

/** Of a terminal's open incident every page asks, and a million rows may be in it: nothing is kept of them. */
function countOpen(fleet: Fleet, incident: Incident, rows: Uint32Array, scope: Scope): Counts {
  const { table } = fleet
  const number = numberOf(fleet, incident)
  const inScope = rowsInScope(fleet, scope)
  let [members, silent] = [0, 0]
  // By index: an iterator takes many times as long.
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0
    const isMember = table.incident[row] === number
    if ((number !== undefined && !isMember) || inScope?.(row) === false) continue
    members++
    if (isMember && table.missing[row] === 1) silent++
  }
  return { members, silent }
}

function countClosed(fleet: Fleet, incident: Incident, rows: Uint32Array, scope: Scope): Counts {
  const silent = rowsOfIncident(fleet, incident, silentRows(fleet, incident, rows), scope)
  return { members: rowsOfIncident(fleet, incident, rows, scope).length, silent: silent.length }
}

/** An incident with the numbers of some of its terminals, and without the names that their owner must not learn. */
export function partOfIncident(
  incident: Incident,
  { members, silent }: Counts,
  isNamed: (group: IncidentGroup) => boolean,
): Incident {
  return {
    ...incident,
    ...(isNamed(incident) ? {} : { group: '' }),
    also: incident.also.filter(isNamed),
    expected: members,
    members,
    silent,
    timeline: incident.timeline.map((event) => ({
      ...event,
      silent: event.kind === 'closed' ? silent : Math.min(event.silent, members),
    })),
  }
}

/** Those of its rows that it counts as silent: now, or when it ended. */
export function silentRows(fleet: Fleet, incident: Incident, rows: Uint32Array): Uint32Array {
  if (incident.closedAt !== null) return rows.subarray(0, incident.silent)
  const { table } = fleet
  const number = numberOf(fleet, incident)
  const silent = createRowList()
  // Ten times faster than the filter of a typed array, and there may be a million rows.
  for (const row of rows) if (table.missing[row] === 1 && table.incident[row] === number) addRow(silent, row)
  return rowsOf(silent)
}

/** Those of its rows whose terminals somebody may see, and were his before it was over. */
export function rowsOfIncident(
  fleet: Fleet,
  { closedAt }: Pick<Incident, 'closedAt'>,
  rows: Uint32Array,
  scope: Scope,
): Uint32Array {
  const inScope = rowsInScope(fleet, scope)
  if (inScope === null) return rows
  const { inventory } = fleet
  const wasOver = (row: number): boolean => {
    if (closedAt === null) return false
    // A unit that was taken out of a vehicle of somebody else came back as a new terminal.
    if (inventory.firstSeenAt(row) > closedAt) return true
    const { handedOver } = inventory.rare(row)
    if (handedOver === null) return false
    const [client, group] = [inventory.text(row, 'client'), inventory.text(row, 'group')]
    return seenSince(scope, { client, group, handedOver }) > closedAt
  }
  const theirs = createRowList()
  for (const row of rows) if (inScope(row) && !wasOver(row)) addRow(theirs, row)
  return rowsOf(theirs)
}

/** Rows that became members of an open incident, without a copy; one that was emptied since may be among them. */
export function openRows(fleet: Fleet, incident: Incident): Uint32Array {
  const number = numberOf(fleet, incident)
  const joined = number === undefined ? undefined : fleet.incidentRows.get(number)
  return joined ? rowsOf(joined) : new Uint32Array()
}

/** Number of an open incident in `table.incident`; undefined: it is over. */
function numberOf({ incidents }: Fleet, { id }: Incident): number | undefined {
  for (const [number, open] of incidents) if (open.id === id) return number
  return undefined
}

/** Names of clients and dealers are those of people; he learns only his own. */
function isNamedTo(scope: Exclude<Scope, 'all'>, { dimension, group }: IncidentGroup): boolean {
  switch (dimension) {
    case 'client':
      return isInScope(scope, { client: group, group: '' })
    case 'dealer':
      return false
    case 'source':
    case 'operator':
    case 'region':
    case 'model':
    case 'firmware':
    case 'ingest':
      return true
  }
}
