import type { Incident, IncidentGroup } from '../freshness/mass/incident.ts'
import { isSilent } from '../freshness/state.ts'
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
  const open = incident.closedAt === null
  const silent = open ? own.filter((row) => isSilent(fleet.table.state[row] ?? 0)).length : 0
  return {
    ...incident,
    ...(isNamedTo(scope, incident) ? {} : { group: '' }),
    also: incident.also.filter((group) => isNamedTo(scope, group)),
    expected: own.length,
    members: own.length,
    silent,
    timeline: incident.timeline.map((event) => ({
      ...event,
      silent: event.kind === 'closed' ? silent : Math.min(event.silent, own.length),
    })),
  }
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
export function openRows({ incidents, table, inventory }: Fleet, incident: Incident): Uint32Array {
  const number = [...incidents].find(([, { id }]) => id === incident.id)?.[0]
  if (number === undefined) return new Uint32Array()
  const rows: number[] = []
  for (let row = 0; row < inventory.length; row++) if (table.incident[row] === number) rows.push(row)
  return Uint32Array.from(rows)
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
