import type { InventoryRow, Merger } from '../../core/fleet/inventory.ts'
import { CODE, isSilent, type Transition } from '../../core/freshness/state.ts'
import type { ArchiveCounter } from '../../core/telemetry/session.ts'
import { DAY, type Instant } from '../../core/time.ts'
import { type BlindRow, type FleetFlush, type FleetStore, type StoredFleet, StoreError } from '../../ports.ts'

/** How long blind stretches are remembered. */
const BLIND_KEPT_MS = 60 * DAY

type Tables = {
  readonly terminals: Map<number, InventoryRow>
  /** Row by terminal id. */
  readonly ids: Map<string, number>
  readonly chunks: Map<number, Uint8Array>
  journal: Uint8Array[]
  readonly transitions: Map<string, Transition[]>
  /** Alerts that have been stored: the same alert seen again after a crash is one row. */
  readonly alerts: Set<string>
  readonly blind: Map<string, BlindRow>
  readonly counters: Map<string, ArchiveCounter>
  heartbeatAt: Instant | null
}

/** Last-seen data and inventory that end with the process. */
export function createMemoryFleetStore(): FleetStore {
  const tables: Tables = {
    terminals: new Map(),
    ids: new Map(),
    chunks: new Map(),
    journal: [],
    transitions: new Map(),
    alerts: new Set(),
    blind: new Map(),
    counters: new Map(),
    heartbeatAt: null,
  }
  return {
    load: async () => load(tables),
    flush: async (flush) => apply(tables, flush),
    checkpoint: async (chunks) => checkpoint(tables, chunks),
    history: async (terminalId, from, to, limit) =>
      (tables.transitions.get(terminalId) ?? [])
        .filter((row) => row.at >= from && row.at < to)
        .reverse()
        .sort((a, b) => b.at - a.at)
        .slice(0, limit),
  }
}

function load(tables: Tables): StoredFleet {
  return {
    terminals: [...tables.terminals.values()].sort((a, b) => a.row - b.row),
    chunks: [...tables.chunks]
      .sort(([a], [b]) => a - b)
      .map(([number, bytes]) => ({ number, bytes: bytes.slice() })),
    journal: tables.journal.map((entry) => entry.slice()),
    blind: [...tables.blind.values()]
      .filter((row) => isKept(row, tables.heartbeatAt))
      .sort((a, b) => a.from - b.from || compare(`${a.source} ${a.kind}`, `${b.source} ${b.kind}`)),
    flaps: [...tables.transitions.values()]
      .flat()
      .filter((row) => isFlap(row) && row.at > (tables.heartbeatAt ?? 0) - DAY)
      .sort((a, b) => a.at - b.at),
    counters: [...tables.counters.values()].sort((a, b) => compare(a.terminalId, b.terminalId)),
    heartbeatAt: tables.heartbeatAt,
  }
}

function apply(tables: Tables, flush: FleetFlush): void {
  assertUniqueIds(tables, flush.terminals)
  if (flush.journal.length > 0) tables.journal.push(flush.journal.slice())
  for (const terminal of flush.terminals) saveTerminal(tables, terminal)
  for (const merger of flush.mergers) moveTransitions(tables, merger)
  for (const transition of flush.transitions) addTransition(tables, transition)
  for (const counter of flush.counters) tables.counters.set(counter.terminalId, counter)
  for (const row of flush.blind) tables.blind.set(JSON.stringify([row.source, row.kind, row.from]), row)
  tables.heartbeatAt = flush.at
}

function checkpoint(tables: Tables, chunks: StoredFleet['chunks']): void {
  for (const { number, bytes } of chunks) tables.chunks.set(number, bytes.slice())
  tables.journal = []
  for (const [key, row] of tables.blind) if (!isKept(row, tables.heartbeatAt)) tables.blind.delete(key)
}

function isFlap({ from, to }: Transition): boolean {
  return from !== null && isSilent(CODE[from]) !== isSilent(CODE[to])
}

function isKept(row: BlindRow, heartbeatAt: Instant | null): boolean {
  return row.to === null || heartbeatAt === null || row.to >= heartbeatAt - BLIND_KEPT_MS
}

function saveTerminal(tables: Tables, terminal: InventoryRow): void {
  const before = tables.terminals.get(terminal.row)
  if (before) tables.ids.delete(before.id)
  tables.terminals.set(terminal.row, terminal)
  tables.ids.set(terminal.id, terminal.row)
}

/** What both had at one moment is one row. */
function moveTransitions(tables: Tables, { from, into }: Merger): void {
  const moved = tables.transitions.get(from) ?? []
  tables.transitions.delete(from)
  for (const transition of moved) {
    if (transition.alertId !== undefined) tables.alerts.delete(alertKey(transition))
    const known = tables.transitions.get(into) ?? []
    const renamed = { ...transition, terminalId: into }
    const others = known.filter(
      ({ at, alertId }) => at !== renamed.at || alertId === undefined || alertId !== renamed.alertId,
    )
    tables.transitions.set(
      into,
      [...others, renamed].sort((a, b) => a.at - b.at),
    )
    if (renamed.alertId !== undefined) tables.alerts.add(alertKey(renamed))
  }
}

function alertKey({ terminalId, at, alertId }: Transition): string {
  return JSON.stringify([terminalId, at, alertId])
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function addTransition(tables: Tables, transition: Transition): void {
  const { terminalId, alertId } = transition
  if (alertId !== undefined) {
    const alert = alertKey(transition)
    if (tables.alerts.has(alert)) return
    tables.alerts.add(alert)
  }
  const known = tables.transitions.get(terminalId)
  if (known) known.push(transition)
  else tables.transitions.set(terminalId, [transition])
}

function assertUniqueIds(tables: Tables, changed: readonly InventoryRow[]): void {
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
