import { createFleet, type Fleet } from '../../src/core/fleet/fleet.ts'
import type { InventoryRow } from '../../src/core/fleet/inventory.ts'
import { putTerminal } from '../../src/core/fleet/placing.ts'
import type { Incident, StoredIncident } from '../../src/core/freshness/mass/incident.ts'
import { CODE, type State } from '../../src/core/freshness/state.ts'
import { DAY, HOUR, type Instant, MINUTE } from '../../src/core/time.ts'
import { DEFAULTS } from './fleet-scenario.ts'
import { terminalRow } from './store-rows.ts'

/** 2026-11-26T05:00Z, a Thursday, 08:00 in Moscow. */
export const EIGHT: Instant = 1_795_669_200_000

/** A fleet without terminals. */
export function emptyFleet(): Fleet {
  return createFleet(DEFAULTS, 2 * MINUTE)
}

/** Puts a terminal of client Agro of dealer North into the fleet, fresh since EIGHT; returns its row. */
export function addTerminal(fleet: Fleet, id: string, change: Partial<InventoryRow> = {}): number {
  const row = fleet.inventory.length
  const place = { dealer: 'North', client: 'Agro', group: '', operator: 'MTS' }
  const known = { imei: '', uuid: '', aliases: [], learnt: [], firstSeenAt: EIGHT - 30 * DAY }
  putTerminal(fleet, terminalRow(row, { id, name: `Truck ${id}`, ...place, ...known, ...change }))
  put(fleet, id, 'fresh', EIGHT)
  return row
}

/** What the registers say of a terminal. */
export function put(
  fleet: Fleet,
  id: string,
  state: State,
  contactAt: Instant,
  stateSince = contactAt,
): void {
  const row = fleet.rows.get(id)
  if (row === undefined) throw new Error(`no terminal ${id}`)
  fleet.table.state[row] = CODE[state]
  fleet.table.contactAt[row] = contactAt
  fleet.table.dataAt[row] = contactAt
  fleet.table.stateSince[row] = stateSince
}

/** The terminal is stale, and an alert was raised of that. */
export function putAlerted(fleet: Fleet, id: string, contactAt: Instant, stateSince = contactAt): void {
  put(fleet, id, 'stale', contactAt, stateSince)
  fleet.table.alertedContactAt[fleet.rows.get(id) ?? -1] = contactAt
}

export function acknowledge(fleet: Fleet, id: string, until: Instant): void {
  const terminal = fleet.inventory.at(fleet.rows.get(id) ?? -1)
  if (terminal) putTerminal(fleet, { ...terminal, acknowledged: { until, reason: 'in repair', by: 'anna' } })
}

export function moveTo(fleet: Fleet, id: string, client: string): void {
  const terminal = fleet.inventory.at(fleet.rows.get(id) ?? -1)
  if (terminal) putTerminal(fleet, { ...terminal, client })
}

/** Puts an open incident into the fleet as its first one; `silent`: the members that are silent now. */
export function openMass(fleet: Fleet, { incident, rows }: StoredIncident, silent = rows): void {
  fleet.incidents.set(1, incident)
  fleet.incidentRows.set(1, { of: rows, count: rows.length })
  for (const row of rows) fleet.table.incident[row] = 1
  for (const row of rows) fleet.table.missing[row] = silent.includes(row) ? 1 : 0
}

export function massSilence(change: Partial<Incident> = {}): Incident {
  return {
    id: '1f2e',
    dimension: 'operator',
    group: 'МТС',
    also: [],
    openedAt: EIGHT - HOUR,
    onsetAt: EIGHT - HOUR - 10 * MINUTE,
    closedAt: null,
    expected: 150,
    members: 120,
    silent: 118,
    clearSince: null,
    timeline: [],
    ...change,
  }
}
