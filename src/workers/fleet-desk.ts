import { claimAliases, EMPTY, type Fleet, putTerminal } from '../core/fleet/fleet.ts'
import type { ImportReport, InventoryRow, TerminalChange } from '../core/fleet/inventory.ts'
import { type InventoryCells, type InventoryCsv, readInventoryCsv } from '../core/fleet/inventory-csv.ts'
import { listTerminals, viewTerminal } from '../core/fleet/query.ts'
import { countStates } from '../core/fleet/summary.ts'
import type { Summary, TerminalPage, TerminalQuery, TerminalView } from '../core/fleet/view.ts'
import type { Transition } from '../core/freshness/state.ts'
import type { Instant } from '../core/time.ts'
import type { Clock, FleetStore } from '../ports.ts'

export type FleetDeskDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly fleet: Fleet
  readonly store: Pick<FleetStore, 'history'>
  /** Judges the fleet and stores it; rejects when it cannot be stored. */
  readonly save: () => Promise<void>
}

export type FleetDesk = ReturnType<typeof createFleetDesk>

/** The fleet for people: reading it and changing its inventory. */
export function createFleetDesk(deps: FleetDeskDeps) {
  const { clock, fleet, store, save } = deps

  function put(terminal: InventoryRow): void {
    putTerminal(fleet, terminal)
    fleet.changedInventory.add(terminal.row)
  }

  /** All or nothing: a single bad row, and nothing is imported. */
  async function importCsv(bytes: Uint8Array): Promise<ImportReport> {
    const csv = readInventoryCsv(bytes)
    const rejected = [...csv.rejected, ...clashes(fleet, csv.rows)].sort((a, b) => a.line - b.line)
    if (rejected.length > 0) return { created: 0, updated: 0, rejected, warnings: csv.warnings }
    const before = fleet.inventory.length
    for (const { id, cells } of csv.rows) importRow(id, cells)
    for (const { id } of csv.rows) claimAliases(fleet, fleet.rows.get(id) ?? 0)
    const created = fleet.inventory.length - before
    await save()
    return { created, updated: csv.rows.length - created, rejected, warnings: csv.warnings }
  }

  function importRow(id: string, cells: InventoryCells): void {
    const row = fleet.rows.get(id)
    const known = row === undefined ? undefined : fleet.inventory[row]
    const base = known ?? { ...EMPTY, id, row: fleet.inventory.length, firstSeenAt: clock.now() }
    put({ ...base, ...cells, discovered: false })
  }

  return {
    list: (query: TerminalQuery): TerminalPage | 'bad-cursor' => listTerminals(fleet, query, clock.now()),
    get: (id: string): TerminalView | undefined => viewTerminal(fleet, id, clock.now()),
    summary: (): Summary => countStates(fleet),
    async history(id: string, from: Instant, to: Instant): Promise<readonly Transition[]> {
      const known = fleet.inventory[fleet.rows.get(id) ?? -1]
      return store.history(known?.id ?? id, from, to, HISTORY_LIMIT)
    },
    async change(id: string, change: TerminalChange): Promise<boolean> {
      const row = fleet.rows.get(id)
      const terminal = row === undefined ? undefined : fleet.inventory[row]
      if (!terminal) return false
      put({ ...terminal, ...change })
      await save()
      return true
    },
    importCsv,
  }
}

/** Rows whose terminal id is an alias of another terminal, in the fleet or further up in the file. */
function clashes(fleet: Fleet, rows: readonly InventoryCsv['rows'][number][]): ImportReport['rejected'] {
  const aliases = new Map<string, string>()
  const ids = new Set(rows.map(({ id }) => id))
  return rows.flatMap(({ line, id, cells }) => {
    const owner = aliases.get(id) ?? ownerOf(fleet, id)
    for (const alias of [cells.imei, cells.uuid])
      if (alias && alias !== id && ids.has(alias)) aliases.set(alias, id)
    return owner !== undefined && owner !== id
      ? [{ line, reason: `${id} is another name of terminal ${owner}` }]
      : []
  })
}

function ownerOf({ rows, inventory }: Fleet, id: string): string | undefined {
  const row = rows.get(id)
  return row === undefined ? undefined : inventory[row]?.id
}

/** More than anybody reads; keeps one request from loading a year of an unstable link. */
const HISTORY_LIMIT = 100_000
