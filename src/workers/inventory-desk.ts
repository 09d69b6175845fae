import type { Conflict, ConflictList } from '../core/fleet/conflict.ts'
import { conflictsOf } from '../core/fleet/conflicts.ts'
import {
  adoptRows,
  type DiscoveredPage,
  discoveredTerminals,
  planAdoption,
} from '../core/fleet/discovered.ts'
import type { Fleet } from '../core/fleet/fleet.ts'
import { applyPlan } from '../core/fleet/import-apply.ts'
import { type PlannedRow, planImport } from '../core/fleet/import-plan.ts'
import type {
  Adoption,
  AdoptionReport,
  ImportProgress,
  ImportReport,
  Replacement,
  TreeReport,
} from '../core/fleet/inventory.ts'
import { readingInventory } from '../core/fleet/inventory-csv.ts'
import { inventoryCsv } from '../core/fleet/inventory-export.ts'
import { applyTreeVehicles } from '../core/fleet/tree-import.ts'
import type { InventoryFromTree } from '../core/online/tree-inventory.ts'
import type { Clock, Log } from '../ports.ts'
import { inSlices } from './slices.ts'

export type InventoryDeskDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly fleet: Fleet
  readonly log: Log
  /**
   * Judges the fleet and stores it; rejects when it cannot be stored. `before` is run first, with nothing being stored
   * meanwhile: what it changes is stored as a whole.
   */
  readonly save: (before?: () => Promise<void>) => Promise<void>
}

type ImportOptions = {
  /** Called now and then. */
  readonly told?: (progress: ImportProgress) => void
  /** `left-out`: a file that was imported before does not bring back a terminal that was replaced since. */
  readonly replacements?: 'followed' | 'left-out'
}

/** Replaced terminals named in log lines, each in one of its own. */
const NAMED = 100

/** Conflicts and terminals named in one log line. */
const CONFLICTS_NAMED = 5

type KnownTree = {
  readonly conflicts: readonly Conflict[]
  /** Those that were ever in it. */
  readonly terminals: Set<string>
  readonly vanished: number
}

/** Changes of the inventory as a whole: files, trees, adoption. One at a time, in the order in which they came. */
export function createInventoryDesk({ clock, fleet, log, save }: InventoryDeskDeps) {
  let turn: Promise<unknown> = Promise.resolve()
  /** By source. */
  const trees = new Map<string, KnownTree>()

  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = turn.then(work)
    turn = done.catch(() => {})
    return done
  }

  /** All or nothing: a single bad row, and nothing is imported. */
  async function importNow(bytes: Uint8Array, options: ImportOptions): Promise<ImportReport> {
    const { told = () => {}, replacements = 'followed' } = options
    const csv = await inSlices(readingInventory(bytes), (done) => told({ phase: 'reading', done, total: 0 }))
    const total = csv.rows.length
    fleet.namesAreFixed = true
    try {
      const plan = await inSlices(planImport(fleet, csv.rows, { replacements }), (done) =>
        told({ phase: 'checking', done, total }),
      )
      const rejected = [...csv.rejected, ...plan.rejected].sort((a, b) => a.line - b.line)
      const warnings = [...csv.warnings, ...plan.warnings]
      if (rejected.length > 0) return { created: 0, updated: 0, merged: 0, replaced: [], rejected, warnings }
      const { created, merged, replaced } = await applyRows(plan.rows, told)
      return { created, updated: plan.rows.length - created, merged, replaced, rejected, warnings }
    } finally {
      fleet.namesAreFixed = false
    }
  }

  async function applyRows(rows: readonly PlannedRow[], told: (progress: ImportProgress) => void) {
    const total = rows.length
    let applied = { created: 0, merged: 0, replaced: [] as readonly Replacement[] }
    await save(async () => {
      applied = await inSlices(applyPlan(fleet, rows, clock.now()), (done) =>
        told({ phase: 'applying', done: Math.floor(done / 2), total }),
      )
      fleet.namesAreFixed = false
      told({ phase: 'storing', done: total, total })
    })
    tellReplaced(applied.replaced, 'inventory file')
    return applied
  }

  function tellReplaced(replaced: readonly Replacement[], by: string): void {
    for (const { vehicle, from, to } of replaced.slice(0, NAMED)) {
      log.info('the terminal of a vehicle was replaced', { vehicle, from, to, by })
    }
    if (replaced.length > NAMED) {
      log.info('further terminals were replaced', { count: replaced.length - NAMED, by })
    }
  }

  /** A tree comes again and again: only what has changed since the last one is told. */
  function tellTree(source: string, conflicts: readonly Conflict[], vanished: readonly string[]): void {
    const before = trees.get(source)
    if (conflicts.length > (before?.conflicts.length ?? 0)) {
      const texts = conflicts.slice(0, CONFLICTS_NAMED).map(({ text }) => text)
      log.warn('a vehicle tree contradicts the inventory', {
        source,
        count: conflicts.length,
        conflicts: texts,
      })
    }
    if (vanished.length > (before?.vanished ?? 0)) {
      const terminals = vanished.slice(0, CONFLICTS_NAMED)
      log.info('terminals are in the tree no more; they stay as they are', {
        source,
        count: vanished.length,
        terminals,
      })
    }
  }

  async function applyTreeNow(source: string, vehicles: readonly InventoryFromTree[]): Promise<TreeReport> {
    const applied = await inSlices(applyTreeVehicles(fleet, vehicles, clock.now()))
    const { replaced, conflicts } = applied
    const known = trees.get(source)?.terminals ?? new Set<string>()
    const present = new Set(vehicles.map(({ terminalId }) => terminalId))
    for (const { from } of replaced) known.delete(from)
    const vanished = [...known].filter((id) => !present.has(id) && fleet.rows.has(id))
    for (const id of present) known.add(id)
    tellTree(source, conflicts, vanished)
    trees.set(source, { conflicts, terminals: known, vanished: vanished.length })
    tellReplaced(replaced, source)
    if (applied.created + applied.updated + replaced.length > 0) await save()
    return { ...applied, vanished }
  }

  return {
    importCsv: (bytes: Uint8Array, options: ImportOptions = {}): Promise<ImportReport> =>
      inTurn(() => importNow(bytes, options)),
    /** Takes a vehicle tree of a polled source as inventory; an unchanged one changes and stores nothing. */
    applyTree: (source: string, vehicles: readonly InventoryFromTree[]): Promise<TreeReport> =>
      inTurn(() => applyTreeNow(source, vehicles)),
    /** Makes discovered terminals part of the inventory, all of them or none. */
    adopt: ({ terminals, ...said }: Adoption): Promise<AdoptionReport> =>
      inTurn(async () => {
        const { rows, refused } = planAdoption(fleet, terminals)
        if (refused.length > 0) return { adopted: 0, refused }
        let adopted = 0
        await save(async () => {
          adopted = await inSlices(adoptRows(fleet, rows, said))
        })
        return { adopted, refused }
      }),
    discovered: (offset: number, limit: number): DiscoveredPage => discoveredTerminals(fleet, offset, limit),
    conflicts(limit: number): ConflictList {
      const ofTrees = [...trees.values()].flatMap(({ conflicts }) => conflicts)
      const { conflicts, total } = conflictsOf(fleet, limit)
      return { conflicts: [...conflicts, ...ofTrees].slice(0, limit), total: total + ofTrees.length }
    },
    /** The inventory as CSV, in pieces. */
    exportCsv: (): Generator<string> => inventoryCsv(fleet.inventory),
  }
}
