import type { Flaps } from '../freshness/flaps.ts'
import { createGaps, type GapTable, gapsOf, HABITS, type Habit } from '../freshness/gaps.ts'
import { learntMs } from '../freshness/learnt.ts'
import type { Incident, StoredBaseline, StoredIncident } from '../freshness/mass/incident.ts'
import type { SourceWatch } from '../freshness/source-watch.ts'
import { isSilent } from '../freshness/state.ts'
import type { FreshnessSettings } from '../freshness/threshold.ts'
import { createResolver, type ThresholdResolver } from '../freshness/threshold-resolver.ts'
import { createTraces, type Traces } from '../freshness/traces.ts'
import type { ArchiveCounter } from '../telemetry/session.ts'
import type { Instant } from '../time.ts'
import { aliasesOf, learntName, withLearnt } from './alias.ts'
import type { Dispute } from './conflict.ts'
import { dispute } from './dispute.ts'
import { createGroups, type GroupColumns, setGroup } from './groups.ts'
import type { InventoryRow, Merger } from './inventory.ts'
import { createNameIndex, type NameIndex } from './name-index.ts'
import { createNameOrder, type NameOrder, noteName } from './name-order.ts'
import { firmwareOf } from './reading-columns.ts'
import { createSaid, noteSaid, type SaidColumn } from './said.ts'
import { createTable, ensureRow, markDirty, reserveRows, type TerminalTable } from './terminal-table.ts'
import type { HashKey } from './text-hash.ts'
import {
  createThresholds,
  reserveThresholds,
  setThreshold,
  type ThresholdColumns,
  thresholdFrom,
} from './threshold-columns.ts'

/** Everything known of the fleet, in memory. */
export type Fleet = {
  readonly table: TerminalTable
  /** By row. */
  readonly inventory: InventoryRow[]
  /** Ids and other names (alias.ts) of the terminals that are shown, to their rows. */
  readonly rows: NameIndex
  /** Ids of merged terminals and of units that were taken out of their vehicle, to their empty rows. */
  readonly hidden: Map<string, number>
  readonly thresholds: ThresholdColumns
  /** What the terminals that learn have learnt from. */
  readonly gaps: GapTable
  /** Operator, region and so on of every terminal, by row. */
  readonly groups: GroupColumns
  /** What the inventory says of every terminal, by row. */
  readonly said: SaidColumn
  readonly names: NameOrder
  /** Open incidents by their number in `table.incident`. */
  readonly incidents: Map<number, Incident>
  /** What of incidents and of what is usual in groups changed since it was last stored, newest last. */
  changedIncidents: StoredIncident[]
  changedBaselines: StoredBaseline[]
  /** By number less 1; numbers stand in the table and outlive a restart. */
  readonly sources: SourceWatch[]
  readonly sourceNumbers: Map<string, number>
  /** Of the present settings. */
  thresholdsOf: ThresholdResolver
  resumeGraceMs: number
  /** Rows whose inventory changed since it was last stored. */
  readonly changedInventory: Set<number>
  /** What diagnosis remembers beside the table. */
  readonly traces: Traces
  /** For the rows that changed into or out of silence lately. */
  readonly flaps: Map<number, Flaps>
  /** How far the archives of terminals that send it themselves were taken in, by terminal. */
  readonly counters: Map<string, ArchiveCounter>
  /** Terminals whose counter changed since it was last stored. */
  readonly changedCounters: Set<string>
  /** Terminals that were merged since this was last stored, oldest first. */
  mergers: Merger[]
  /** While an inventory file is worked in nothing is learnt from data: what was checked stays true. */
  namesAreFixed: boolean
  /** What data disputes, by the name that it is about; bounded (dispute.ts). */
  readonly disputes: Map<string, Dispute>
  /** Disputes that came up, until somebody logs them; bounded. */
  disputed: Dispute[]
  /** Names that lead to another terminal of the inventory than before, and terminals that data merged, until logged. */
  learnt: Merger[]
}

/** `key`: of the hash of names; random wherever strangers can send. */
export function createFleet(
  settings: FreshnessSettings,
  resumeGraceMs: number,
  key: HashKey = [0, 0],
): Fleet {
  const inventory: InventoryRow[] = []
  return {
    table: createTable(),
    inventory,
    rows: createNameIndex(inventory, key),
    hidden: new Map(),
    thresholds: createThresholds(),
    gaps: createGaps(),
    groups: createGroups(),
    said: createSaid(),
    names: createNameOrder(),
    incidents: new Map(),
    changedIncidents: [],
    changedBaselines: [],
    sources: [],
    sourceNumbers: new Map(),
    thresholdsOf: createResolver(settings),
    resumeGraceMs,
    changedInventory: new Set(),
    traces: createTraces(),
    flaps: new Map(),
    counters: new Map(),
    changedCounters: new Set(),
    mergers: [],
    namesAreFixed: false,
    disputes: new Map(),
    disputed: [],
    learnt: [],
  }
}

/** Terminals that are shown. */
function terminalCount({ inventory, hidden }: Pick<Fleet, 'inventory' | 'hidden'>): number {
  return inventory.length - hidden.size
}

/** A stranger cannot fill the memory with invented terminals. */
const MOST_TERMINALS = 2_000_000

/** No further terminal may be discovered. Rows of merged ones take memory too, and a sender can make them. */
export function isFull(fleet: Pick<Fleet, 'inventory' | 'hidden'>): boolean {
  return terminalCount(fleet) >= MOST_TERMINALS || fleet.inventory.length >= 2 * MOST_TERMINALS
}

/** Sources of one data folder, retired ones too: their numbers are bytes in the register table. */
export const MOST_SOURCES = 255

/** Adds a source that was numbered before or is new; numbers are given in order, at most MOST_SOURCES. */
export function addSource(fleet: Fleet, watch: SourceWatch): void {
  fleet.sources.push(watch)
  fleet.sourceNumbers.set(watch.id, fleet.sources.length)
}

/** The source that last heard the terminal. */
export function sourceOf(fleet: Fleet, row: number): SourceWatch | undefined {
  return fleet.sources[(fleet.table.source[row] ?? 0) - 1]
}

/**
 * The row of a terminal that data came from. An unknown id becomes a discovered terminal, and so does one that another
 * source has taught as a name: two gateways may number their devices alike.
 */
export function rowFor(fleet: Fleet, id: string, source: number, now: Instant): number {
  const known = fleet.rows.get(id)
  if (known !== undefined && isSpokenBy(fleet, known, id, source)) return known
  if (known !== undefined) forgetName(fleet, known, id)
  const row = placeFor(fleet, id)
  changeTerminal(fleet, { ...EMPTY, row, id, discovered: true, firstSeenAt: now })
  fleet.table.source[row] = source
  markDirty(fleet.table, row)
  if (known !== undefined) dispute(fleet, 'split', id, { leader: row, other: known }, now)
  return row
}

/** Whether data of a source under a name that leads to the row is of the terminal there. */
export function isSpokenBy(fleet: Fleet, row: number, name: string, source: number): boolean {
  const terminal = fleet.inventory[row]
  if (terminal === undefined || terminal.id === name || terminal.learnt.length === 0) return true
  const teacher = learntName(terminal, name)?.source ?? 0
  return teacher === 0 || teacher === source
}

/** Takes a learnt name away from the terminal in the row. */
export function forgetName(fleet: Fleet, row: number, name: string): void {
  const terminal = fleet.inventory[row]
  if (!terminal || !learntName(terminal, name)) return
  changeTerminal(fleet, { ...terminal, learnt: terminal.learnt.filter((learnt) => learnt.name !== name) })
}

/** The terminal to which data under the name leads because it is its id or people said so, not only learnt. */
export function terminalSaid(fleet: Fleet, name: string): InventoryRow | undefined {
  const led = fleet.inventory[fleet.rows.get(name) ?? -1]
  return led && learntName(led, name) ? undefined : led
}

/** The terminal of the inventory that has the name from data only: people may give it to another one. */
export function terminalTaught(fleet: Fleet, name: string): InventoryRow | undefined {
  const led = fleet.inventory[fleet.rows.get(name) ?? -1]
  return led?.discovered === false && learntName(led, name) ? led : undefined
}

/** Where a terminal goes that is not shown: the row that its id had before, or a new one. */
export function placeFor(fleet: Fleet, id: string): number {
  return fleet.hidden.get(id) ?? fleet.inventory.length
}

/** Places an inventory row that must be stored. */
export function changeTerminal(fleet: Fleet, terminal: InventoryRow): void {
  putTerminal(fleet, withLearnt(terminal, []))
  fleet.changedInventory.add(terminal.row)
}

/** Places an inventory row: a new one or a changed one. */
export function putTerminal(fleet: Fleet, terminal: InventoryRow): void {
  placeTerminal(fleet, terminal)
  placeInGroups(fleet, terminal.row)
}

/** Makes room for stored terminals, so that nothing grows step by step while they are placed. */
export function reserveTerminals(fleet: Fleet, terminals: readonly InventoryRow[]): void {
  let rows = 0
  let names = 0
  for (const { row, imei, uuid } of terminals) {
    rows = Math.max(rows, row + 1)
    names += 1 + Number(imei !== '') + Number(uuid !== '')
  }
  reserveRows(fleet.table, rows)
  reserveThresholds(fleet.thresholds, rows)
  fleet.rows.reserve(names)
}

/** Places a stored inventory row; its groups depend on what the terminal told too, and so on the registers. */
export function placeTerminal(fleet: Fleet, terminal: InventoryRow): void {
  const { row, id } = terminal
  ensureRow(fleet.table, row)
  const before = aliasesOf(fleet.inventory[row])
  for (const alias of before) if (fleet.rows.get(alias) === row) fleet.rows.delete(alias)
  noteName(fleet.names, fleet.inventory[row], terminal)
  fleet.inventory[row] = terminal
  noteSaid(fleet.said, terminal)
  if (terminal.mergedInto === '') {
    fleet.hidden.delete(id)
    fleet.rows.set(id, row)
    claimAliases(fleet, row)
  } else {
    fleet.hidden.set(id, row)
    if (fleet.rows.get(id) === row) fleet.rows.delete(id)
  }
  for (const alias of before) if (!fleet.rows.has(alias)) freeMerged(fleet, alias)
  resolveThresholds(fleet, row)
}

/** Groups follow the inventory; the firmware is that which the terminal itself told last, if it ever did. */
export function placeInGroups({ table, inventory, groups }: Fleet, row: number): void {
  const terminal = inventory[row]
  if (!terminal) return
  const { operator, region, client, dealer, model, sim, group } = terminal
  setGroup(groups.operator, row, operator)
  setGroup(groups.region, row, region)
  setGroup(groups.client, row, client)
  setGroup(groups.dealer, row, dealer)
  setGroup(groups.model, row, model)
  setGroup(groups.firmware, row, firmwareOf(table.readings, row)?.value ?? terminal.firmware)
  setGroup(groups.simRange, row, simRange(sim))
  setGroup(groups.group, row, group)
}

/** SIM cards are handed out in runs of neighbouring numbers: all but the last three digits. */
function simRange(sim: string): string {
  const digits = sim.replace(/\D/g, '')
  return digits.length < 7 ? '' : digits.slice(0, -3)
}

/**
 * Lets data under the terminal's aliases lead to it, as far as no other terminal has them. After a whole inventory was
 * placed this is to be called again: an alias may have moved from a terminal further down to one further up.
 */
export function claimAliases(fleet: Fleet, row: number): void {
  for (const alias of aliasesOf(fleet.inventory[row])) fleet.rows.claim(alias, row)
}

/** A merged terminal whose id nobody claims any more is nobody's: should it speak again, it is a discovered one. */
function freeMerged(fleet: Fleet, id: string): void {
  const terminal = fleet.inventory[fleet.hidden.get(id) ?? -1]
  if (!terminal || terminal.mergedInto === id) return
  fleet.inventory[terminal.row] = { ...terminal, mergedInto: id }
  fleet.changedInventory.add(terminal.row)
}

/** Takes new settings and resolves the thresholds of every terminal. */
export function useSettings(fleet: Fleet, settings: FreshnessSettings, resumeGraceMs: number): void {
  fleet.thresholdsOf = createResolver(settings)
  fleet.resumeGraceMs = resumeGraceMs
  for (const terminal of fleet.inventory) resolveThresholds(fleet, terminal.row)
}

export const EMPTY: Omit<InventoryRow, 'row' | 'id' | 'firstSeenAt'> = {
  name: '',
  client: '',
  dealer: '',
  group: '',
  operator: '',
  region: '',
  model: '',
  firmware: '',
  imei: '',
  sim: '',
  profile: '',
  uuid: '',
  aliases: [],
  learnt: [],
  lifecycle: 'active',
  intake: 'unknown',
  fromTree: [],
  mergedInto: '',
  discovered: false,
  maintenance: null,
  thresholds: null,
  acknowledged: null,
}

function resolveThresholds(fleet: Fleet, row: number): void {
  const terminal = fleet.inventory[row]
  if (!terminal) return
  const columns = fleet.thresholds
  reserveThresholds(columns, row + 1)
  const { moving, parked, lost, liveLagMs, learning } = fleet.thresholdsOf(terminal)
  const movingMs = columns.movingMs[row]
  const parkedMs = columns.parkedMs[row]
  const lostMs = columns.lostMs[row]
  setThreshold(columns, 'moving', row, moving)
  setThreshold(columns, 'parked', row, parked)
  columns.lostMs[row] = lost.ms
  if (liveLagMs === undefined) columns.liveLagMs.delete(row)
  else columns.liveLagMs.set(row, liveLagMs)
  if (learning === null) columns.learning.delete(row)
  else columns.learning.set(row, learning)
  for (const habit of HABITS) useLearnt(fleet, row, habit)
  const same =
    columns.movingMs[row] === movingMs && columns.parkedMs[row] === parkedMs && columns.lostMs[row] === lostMs
  // A silent terminal otherwise leaves its state only when it speaks; other limits are a reason to judge it anew.
  if (!same && isSilent(fleet.table.state[row] ?? 0)) fleet.table.leaveAt[row] = LONG_AGO
}

/** Takes the threshold that a terminal's own gaps teach in place of the default (spec/freshness.md 4). */
export function useLearnt(fleet: Fleet, row: number, habit: Habit): void {
  const { thresholds } = fleet
  const bounds = thresholds.learning.get(row)
  if (!bounds) return
  const from = thresholdFrom(thresholds, habit, row)
  if (from !== 'default' && from !== 'learnt') return
  const ms = learntMs(gapsOf(fleet.gaps, row, habit), habit, sourceOf(fleet, row)?.intervalMs ?? 0, bounds)
  if (ms !== undefined) setThreshold(thresholds, habit, row, { ms, from: 'learnt' })
}

/** The same for every terminal, once the sources of a restored fleet and their intervals are known. */
export function useAllLearnt(fleet: Fleet): void {
  for (const row of fleet.thresholds.learning.keys()) {
    for (const habit of HABITS) useLearnt(fleet, row, habit)
  }
}

/** An instant that is over, but not 0, which would mean none. */
const LONG_AGO: Instant = 1
