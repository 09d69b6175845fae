import { instantAfter } from '../freshness/blindness.ts'
import { diagnose } from '../freshness/diagnosis/diagnose.ts'
import { isUnstable } from '../freshness/flaps.ts'
import type { Incident } from '../freshness/mass/incident.ts'
import { deafness, sourceBlindSince } from '../freshness/polled-watch.ts'
import { clockBehind, isParked } from '../freshness/registers.ts'
import { isSilent, type State, stateOf } from '../freshness/state.ts'
import { firmwareAt } from '../request/firmware-of.ts'
import { type Instant, SECOND } from '../time.ts'
import { type Fleet, sourceOf } from './fleet.ts'
import { type SeenIncident, seenIncidents } from './incident-scope.ts'
import type { InventoryRow } from './inventory.ts'
import { learntOf } from './learnt-view.ts'
import { readingsOf } from './reading-columns.ts'
import { shortNumber } from './short-number.ts'
import { thresholdFrom } from './threshold-columns.ts'
import type { ReadingView, TerminalView } from './view.ts'

/** One terminal as whoever may see everything sees it at `now`; undefined: none has that id or alias. */
export function viewTerminal(fleet: Fleet, id: string, now: Instant): TerminalView | undefined {
  const row = fleet.rows.get(id)
  return row === undefined ? undefined : viewRow(fleet, row, now, seenIncidents(fleet, 'all'))
}

/** The terminal in a row as it is shown at `now`. `incidentOf`: as whoever looks sees it (incident-scope.ts). */
export function viewRow(fleet: Fleet, row: number, now: Instant, incidentOf: SeenIncident): TerminalView {
  const { table, thresholds } = fleet
  const terminal = fleet.inventory.at(row)
  if (!terminal) throw new Error(`no terminal in row ${row}`)
  const code = table.state[row] ?? 0
  const parked = isParked(table, row)
  const source = sourceOf(fleet, row)
  const blind = source ? sourceBlindSince(source) : null
  const behind = clockBehind(table, row)
  const dataAt = table.dataAt[row] ?? 0
  const limitMs = (parked ? thresholds.parkedMs[row] : thresholds.movingMs[row]) ?? Infinity
  const limitFrom = thresholdFrom(thresholds, parked ? 'parked' : 'moving', row)
  const state = stateOf(code) ?? 'unknown'
  const incident = incidentOf(row)
  return {
    id: terminal.id,
    name: terminal.name,
    client: terminal.client,
    dealer: terminal.dealer,
    group: terminal.group,
    model: terminal.model,
    ...firmwareIn(fleet, terminal),
    state,
    stateSince: code === 0 ? terminal.firstSeenAt : (table.stateSince[row] ?? 0),
    ...(blind !== null && isSilent(code) ? { asOf: blind } : {}),
    contactAt: known(table.contactAt[row]),
    dataAt: known(dataAt),
    liveAt: known(behind ? table.contactAt[row] : table.liveAt[row]),
    fixAt: known(table.fixAt[row]),
    linkAt: known(table.linkAt[row]),
    dataAgeSeconds: dataAt === 0 ? null : Math.max(0, Math.floor((now - dataAt) / SECOND)),
    threshold: { seconds: Number.isFinite(limitMs) ? limitMs / SECOND : null, from: limitFrom },
    ...(terminal.thresholds === null ? {} : { ownThresholds: terminal.thresholds }),
    ...learntOf(fleet, row),
    ...acknowledgedOf(terminal, now),
    parked,
    source: source?.id ?? null,
    discovered: terminal.discovered,
    unstable: isUnstable(fleet.flaps.get(row), now),
    clockBehind: behind,
    ...backlogOf(fleet, row, state, behind, now),
    ...expectedOf(fleet, row, state),
    ...causeOf(fleet, row, now, incident),
    ...linkTo(incident),
    readings: readingsView(fleet, row),
  }
}

function firmwareIn(fleet: Fleet, terminal: InventoryRow): Pick<TerminalView, 'firmware'> {
  const firmware = firmwareAt(fleet, terminal)
  return firmware ? { firmware } : {}
}

function acknowledgedOf({ acknowledged }: InventoryRow, now: Instant): Pick<TerminalView, 'acknowledged'> {
  return acknowledged === null || acknowledged.until <= now ? {} : { acknowledged }
}

function known(at: Instant | undefined): Instant | null {
  return at ? at : null
}

/** How far an archive lags, and when it will have caught up if it goes on as it did since it began. */
function backlogOf(
  fleet: Fleet,
  row: number,
  state: State,
  behind: boolean,
  now: Instant,
): Pick<TerminalView, 'lagSeconds' | 'caughtUpAt'> {
  if (state !== 'backlog') return {}
  const { table } = fleet
  const lag = Math.max(0, now - (table.dataAt[row] ?? 0))
  const gained = (table.entryLagMs[row] ?? 0) - lag
  const elapsed = now - (table.stateSince[row] ?? 0)
  const lagSeconds = Math.floor(lag / SECOND)
  if (behind || gained <= 0 || elapsed <= 0) return { lagSeconds }
  return { lagSeconds, caughtUpAt: Math.round(now + (lag * elapsed) / gained) }
}

/** A sleeping terminal is expected before its parked threshold is over. */
function expectedOf(fleet: Fleet, row: number, state: State): Pick<TerminalView, 'expectedAt'> {
  const parkedMs = fleet.thresholds.parkedMs[row] ?? Infinity
  const source = sourceOf(fleet, row)
  if (state !== 'sleeping' || !source || !Number.isFinite(parkedMs)) return {}
  const at = instantAfter(deafness(source), fleet.table.contactAt[row] ?? 0, parkedMs)
  return Number.isFinite(at) ? { expectedAt: at } : {}
}

function linkTo(incident: Incident | null): Pick<TerminalView, 'incident'> {
  if (!incident) return {}
  const { id, dimension, group } = incident
  return { incident: { id, dimension, group } }
}

function causeOf(
  fleet: Fleet,
  row: number,
  now: Instant,
  incident: Incident | null,
): Pick<TerminalView, 'cause'> {
  const cause = diagnose(fleet, row, now, incident)
  return cause ? { cause } : {}
}

function readingsView(fleet: Fleet, row: number): Record<string, ReadingView> {
  const { table } = fleet
  const readings: Record<string, ReadingView> = {}
  const ignitionAt = table.ignitionAt[row] ?? 0
  if (ignitionAt > 0) readings['ignition'] = { value: table.ignition[row] === 2, at: ignitionAt }
  const speedAt = table.speedAt[row] ?? 0
  if (speedAt > 0) readings['speedKmh'] = { value: shortNumber(table.speedKmh[row] ?? 0), at: speedAt }
  for (const { name, value, at } of readingsOf(table.readings, row)) readings[name] = { value, at }
  return readings
}
