import type { Flaps } from '../freshness/flaps.ts'
import { createGaps, type GapTable } from '../freshness/gaps.ts'
import type { Incident, StoredBaseline, StoredIncident } from '../freshness/mass/incident.ts'
import type { RowList } from '../freshness/mass/row-list.ts'
import type { SourceWatch } from '../freshness/source-watch.ts'
import { isSilent } from '../freshness/state.ts'
import type { FreshnessSettings } from '../freshness/threshold.ts'
import { createResolver, type ThresholdResolver } from '../freshness/threshold-resolver.ts'
import { createTraces, type Traces } from '../freshness/traces.ts'
import type { FirmwareCatalogue } from '../request/firmware-model.ts'
import type { ArchiveCounter } from '../telemetry/session.ts'
import type { Dispute } from './conflict.ts'
import { createGroups, type GroupColumns } from './groups.ts'
import type { InventoryRow, Merger } from './inventory.ts'
import { createInventory, type Inventory } from './inventory-pages.ts'
import { createNameIndex, type NameIndex } from './name-index.ts'
import { createNameOrder, type NameOrder } from './name-order.ts'
import { createRecentChanges, type RecentChanges } from './recent-changes.ts'
import { createSaid, type SaidColumn } from './said.ts'
import { createTable, type TerminalTable } from './terminal-table.ts'
import type { HashKey } from './text-hash.ts'
import { createThresholds, type ThresholdColumns } from './threshold-columns.ts'

/** Everything known of the fleet, in memory. */
export type Fleet = {
  readonly table: TerminalTable
  readonly inventory: Inventory
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
  readonly recentChanges: RecentChanges
  /** Which firmware is current, by model. */
  catalogue: FirmwareCatalogue
  /** Open incidents by their number in `table.incident`. */
  readonly incidents: Map<number, Incident>
  /** Rows that became members of these; one that was emptied since is none any more (`table.incident`). */
  readonly incidentRows: Map<number, RowList>
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
  /** Rows whose silence nobody was told of when it began, until that is made up for or it is over. */
  readonly untold: Set<number>
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
  const inventory = createInventory()
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
    recentChanges: createRecentChanges(),
    catalogue: new Map(),
    incidents: new Map(),
    incidentRows: new Map(),
    changedIncidents: [],
    changedBaselines: [],
    sources: [],
    sourceNumbers: new Map(),
    thresholdsOf: createResolver(settings),
    resumeGraceMs,
    changedInventory: new Set(),
    traces: createTraces(),
    flaps: new Map(),
    untold: new Set(),
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
 * Whether an open incident explains its silence. Who talks again stays a member, so that the next silence finds it there,
 * and what is wrong with it then is explained by nothing.
 */
export function isExplained({ table }: Pick<Fleet, 'table'>, row: number): boolean {
  if (table.incident[row] === 0) return false
  return table.missing[row] === 1 || isSilent(table.state[row] ?? 0)
}

/** The open incident that explains its silence; null: none does. */
export function incidentAt(fleet: Fleet, row: number): Incident | null {
  return isExplained(fleet, row) ? (fleet.incidents.get(fleet.table.incident[row] ?? 0) ?? null) : null
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
  handedOver: null,
  formerUnits: [],
}
