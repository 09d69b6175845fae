import type { Incident, IncidentGroup } from '../freshness/mass/incident.ts'
import { addRow, createRowList, rowsOf } from '../freshness/mass/row-list.ts'
import type { Fleet } from './fleet.ts'
import { isInScope, rowsInScope, type Scope, seenSince } from './scope.ts'

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
  const own = rowsOfIncident(fleet, incident, rows, scope)
  if (own.length === 0) return undefined
  const silent = rowsOfIncident(fleet, incident, silentRows(fleet, incident, rows), scope)
  const counts = { members: own.length, silent: silent.length }
  return partOfIncident(incident, counts, (group) => isNamedTo(scope, group))
}

/** An incident with the numbers of some of its terminals, and without the names that their owner must not learn. */
export function partOfIncident(
  incident: Incident,
  { members, silent }: Pick<Incident, 'members' | 'silent'>,
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
    const { handedOver } = inventory.rare(row)
    if (closedAt === null) return false
    // A unit that was taken out of a vehicle of somebody else came back as a new terminal.
    if (inventory.firstSeenAt(row) > closedAt) return true
    if (handedOver === null) return false
    const [client, group] = [inventory.text(row, 'client'), inventory.text(row, 'group')]
    return seenSince(scope, { client, group, handedOver }) > closedAt
  }
  return rows.filter((row) => inScope(row) && !wasOver(row))
}

/** Rows of the terminals that an open incident explains now. */
export function openRows(fleet: Fleet, incident: Incident): Uint32Array {
  const { table, inventory } = fleet
  const number = numberOf(fleet, incident)
  if (number === undefined) return new Uint32Array()
  const rows: number[] = []
  for (let row = 0; row < inventory.length; row++) if (table.incident[row] === number) rows.push(row)
  return Uint32Array.from(rows)
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
