import type { InventoryRow, Merger } from '../../core/fleet/inventory.ts'
import { packPages } from '../../core/fleet/packed-page.ts'
import { handOver } from '../../core/fleet/restore.ts'
import { packFlaps } from '../../core/freshness/flaps.ts'
import type { StoredBaseline, StoredIncident } from '../../core/freshness/mass/incident.ts'
import { CODE, isSilent, type Transition } from '../../core/freshness/state.ts'
import type { ArchiveCounter } from '../../core/telemetry/session.ts'
import { DAY, type Instant } from '../../core/time.ts'
import {
  type BlindRow,
  type Checkpoint,
  type FlagChange,
  type FleetFlush,
  type FleetStore,
  type StoredFleet,
  StoreError,
} from '../../ports.ts'

/** How long blind stretches are remembered. */
const BLIND_KEPT_MS = 60 * DAY

/** What the store of the fleet shares with that of the flags (flag-store.ts). */
export type FleetTables = {
  readonly terminals: Map<number, InventoryRow>
  /** Row by terminal id. */
  readonly ids: Map<string, number>
  readonly chunks: Map<number, Uint8Array>
  journal: { readonly number: number; readonly bytes: Uint8Array }[]
  /** By terminal. */
  readonly transitions: Map<string, FlagChange[]>
  /** Number of the newest transition. */
  newest: number
  /** Alerts that have been stored: the same alert seen again after a crash is one row. */
  readonly alerts: Set<string>
  readonly blind: Map<string, BlindRow>
  readonly counters: Map<string, ArchiveCounter>
  readonly incidents: Map<string, StoredIncident>
  readonly baselines: Map<string, StoredBaseline>
  /** Bytes by row. */
  readonly gaps: Map<number, Uint8Array>
  heartbeatAt: Instant | null
}

export function createFleetTables(): FleetTables {
  return {
    terminals: new Map(),
    ids: new Map(),
    chunks: new Map(),
    journal: [],
    transitions: new Map(),
    newest: 0,
    alerts: new Set(),
    blind: new Map(),
    counters: new Map(),
    incidents: new Map(),
    baselines: new Map(),
    gaps: new Map(),
    heartbeatAt: null,
  }
}

/** Last-seen data and inventory that end with the process. */
export function createMemoryFleetStore(tables: FleetTables): FleetStore {
  return {
    load: async (taker) => {
      const stored = load(tables)
      if (!taker) return stored
      handOver(stored, taker)
      return { ...stored, terminals: [], chunks: [], journal: [] }
    },
    flush: async (flush) => apply(tables, flush),
    journalEnd: async () => journalEnd(tables),
    checkpoint: async (part) => checkpoint(tables, part),
    history: async (terminalId, from, to, limit) =>
      (tables.transitions.get(terminalId) ?? [])
        .filter((row) => row.at >= from && row.at < to)
        .sort((a, b) => b.at - a.at || b.number - a.number)
        .slice(0, limit)
        .map(toTransition),
  }
}

function load(tables: FleetTables): StoredFleet {
  const end = tables.heartbeatAt ?? 0
  return {
    terminals: packPages(tables.terminals.values()),
    chunks: [...tables.chunks]
      .sort(([a], [b]) => a - b)
      .map(([number, bytes]) => ({ number, bytes: bytes.slice() })),
    journal: tables.journal.map(({ bytes }) => bytes.slice()),
    blind: [...tables.blind.values()]
      .filter((row) => isKept(row, tables.heartbeatAt))
      .sort((a, b) => a.from - b.from || compare(`${a.source} ${a.kind}`, `${b.source} ${b.kind}`)),
    flaps: packFlaps(
      [...tables.transitions.values()]
        .flat()
        .filter((row) => isFlap(row) && row.at > end - DAY && row.at <= end)
        .sort((a, b) => a.at - b.at || a.number - b.number)
        .map(({ terminalId, at, note }) => [terminalId, at, note !== undefined]),
    ),
    counters: [...tables.counters.values()].sort((a, b) => compare(a.terminalId, b.terminalId)),
    ...loadLearnt(tables),
    heartbeatAt: tables.heartbeatAt,
  }
}

function loadLearnt(tables: FleetTables): Pick<StoredFleet, 'incidents' | 'baselines' | 'gaps'> {
  return {
    incidents: [...tables.incidents.values()]
      .filter(({ incident }) => incident.closedAt === null)
      .sort(({ incident: a }, { incident: b }) => a.openedAt - b.openedAt || compare(a.id, b.id))
      .map(({ incident, rows }) => ({ incident, rows: rows.slice() })),
    baselines: [...tables.baselines.values()]
      .sort((a, b) => compare(a.dimension, b.dimension) || compare(a.group, b.group))
      .map((baseline) => ({ ...baseline, bytes: baseline.bytes.slice() })),
    gaps: [...tables.gaps].sort(([a], [b]) => a - b).map(([row, bytes]) => ({ row, bytes: bytes.slice() })),
  }
}

function apply(tables: FleetTables, flush: FleetFlush): void {
  assertUniqueIds(tables, flush.terminals)
  for (const entry of flush.journal) {
    tables.journal.push({ number: journalEnd(tables) + 1, bytes: entry.slice() })
  }
  for (const terminal of flush.terminals) saveTerminal(tables, terminal)
  for (const merger of flush.mergers) moveTransitions(tables, merger)
  for (const transition of flush.transitions) addTransition(tables, transition)
  for (const counter of flush.counters) tables.counters.set(counter.terminalId, counter)
  for (const row of flush.blind) tables.blind.set(JSON.stringify([row.source, row.kind, row.from]), row)
  saveLearnt(tables, flush)
  tables.heartbeatAt = flush.at
}

function saveLearnt(tables: FleetTables, { incidents, baselines, gaps }: FleetFlush): void {
  for (const { incident, rows } of incidents) {
    tables.incidents.set(incident.id, { incident, rows: rows.slice() })
  }
  for (const baseline of baselines) {
    const key = JSON.stringify([baseline.dimension, baseline.group])
    tables.baselines.set(key, { ...baseline, bytes: baseline.bytes.slice() })
  }
  for (const { row, bytes } of gaps) {
    if (bytes.length > 0) tables.gaps.set(row, bytes.slice())
    else tables.gaps.delete(row)
  }
}

function journalEnd({ journal }: FleetTables): number {
  return journal.at(-1)?.number ?? 0
}

function checkpoint(tables: FleetTables, { chunks, forget = Infinity, flush }: Checkpoint): void {
  if (flush) assertUniqueIds(tables, flush.terminals)
  for (const { number, bytes } of chunks) tables.chunks.set(number, bytes.slice())
  if (forget !== 'none') tables.journal = tables.journal.filter(({ number }) => number > forget)
  for (const [key, row] of tables.blind) if (!isKept(row, tables.heartbeatAt)) tables.blind.delete(key)
  if (flush) apply(tables, flush)
}

function isFlap({ from, to, incident }: Transition): boolean {
  return from !== null && isSilent(CODE[from]) !== isSilent(CODE[to]) && incident === undefined
}

function isKept(row: BlindRow, heartbeatAt: Instant | null): boolean {
  return row.to === null || heartbeatAt === null || row.to >= heartbeatAt - BLIND_KEPT_MS
}

function saveTerminal(tables: FleetTables, terminal: InventoryRow): void {
  const before = tables.terminals.get(terminal.row)
  if (before) tables.ids.delete(before.id)
  tables.terminals.set(terminal.row, terminal)
  tables.ids.set(terminal.id, terminal.row)
}

/** What both had at one moment is one row. */
function moveTransitions(tables: FleetTables, { from, into }: Merger): void {
  const moved = tables.transitions.get(from) ?? []
  tables.transitions.delete(from)
  for (const transition of moved) {
    if (transition.alertId !== undefined) tables.alerts.delete(alertKey(transition))
    const known = tables.transitions.get(into) ?? []
    const renamed = { ...transition, terminalId: into }
    const others = known.filter(
      ({ at, alertId }) => at !== renamed.at || alertId === undefined || alertId !== renamed.alertId,
    )
    tables.transitions.set(into, [...others, renamed])
    if (renamed.alertId !== undefined) tables.alerts.add(alertKey(renamed))
  }
}

function alertKey({ terminalId, at, alertId }: Transition): string {
  return JSON.stringify([terminalId, at, alertId])
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function addTransition(tables: FleetTables, transition: Transition): void {
  const { terminalId, alertId } = transition
  if (alertId !== undefined) {
    const alert = alertKey(transition)
    if (tables.alerts.has(alert)) return
    tables.alerts.add(alert)
  }
  tables.newest += 1
  const numbered = { number: tables.newest, ...transition }
  const known = tables.transitions.get(terminalId)
  if (known) known.push(numbered)
  else tables.transitions.set(terminalId, [numbered])
}

function toTransition({ number: _, ...transition }: FlagChange): Transition {
  return transition
}

function assertUniqueIds(tables: FleetTables, changed: readonly InventoryRow[]): void {
  const seen = new Map<string, number>()
  for (const { id, row } of changed) {
    const owner = seen.get(id) ?? tables.ids.get(id) ?? row
    if (owner !== row) {
      throw new StoreError(
        'other',
        `Two rows of the inventory have the terminal id ${id}; nothing was stored.`,
      )
    }
    seen.set(id, row)
  }
}
