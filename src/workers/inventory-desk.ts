import type { Actor, AuditValue } from '../core/audit.ts'
import type { Conflict, ConflictList } from '../core/fleet/conflict.ts'
import { conflictsOf } from '../core/fleet/conflicts.ts'
import {
  adoptRows,
  type DiscoveredPage,
  discoveredTerminals,
  planAdoption,
} from '../core/fleet/discovered.ts'
import type { Fleet } from '../core/fleet/fleet.ts'
import type {
  Adoption,
  AdoptionReport,
  ImportReport,
  Replacement,
  TreeReport,
} from '../core/fleet/inventory.ts'
import { inventoryCsv } from '../core/fleet/inventory-export.ts'
import { applyTreeVehicles } from '../core/fleet/tree-import.ts'
import type { InventoryFromTree } from '../core/online/tree-inventory.ts'
import type { AuditTrail, Clock, Log } from '../ports.ts'
import { type InventoryImportOptions, importInventoryFile } from './inventory-import.ts'
import { inSlices } from './slices.ts'
import { createTurns } from './turns.ts'

export type InventoryDeskDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly fleet: Fleet
  readonly log: Log
  readonly audit: Pick<AuditTrail, 'add'>
  /**
   * Judges the fleet and stores it; rejects when it cannot be stored now. `before` is run first, with nothing being
   * stored meanwhile: what it changes is stored as a whole, later if need be.
   */
  readonly save: (before?: () => Promise<void>) => Promise<void>
}

type ImportOptions = Partial<InventoryImportOptions> & {
  /** For the audit trail; absent: nobody did it, it is the file of the configuration. */
  readonly actor?: Actor
}

/** Replaced terminals named in log lines, each in one of its own; adopted ones named in the audit trail. */
const NAMED = 100
/** What actions on the inventory as a whole are done to. */
const SUBJECT = 'inventory'

/** Conflicts and terminals named in one log line. */
const CONFLICTS_NAMED = 5

type KnownTree = {
  readonly conflicts: readonly Conflict[]
  /** Those that were ever in it. */
  readonly terminals: Set<string>
  readonly vanished: number
}

/** Changes of the inventory as a whole: files, trees, adoption. One at a time, in the order in which they came. */
export function createInventoryDesk({ clock, fleet, log, audit, save }: InventoryDeskDeps) {
  const turns = createTurns()
  const { ending } = turns
  /** By source. */
  const trees = new Map<string, KnownTree>()

  /** Who did what to the inventory. Its loss undoes nothing that was stored. */
  async function note(actor: Actor | undefined, action: string, after: AuditValue): Promise<void> {
    if (actor === undefined) return
    try {
      await audit.add([{ at: clock.now(), actor, action, subject: SUBJECT, before: null, after }])
    } catch (error) {
      log.error('an action is missing in the audit trail', { action, by: actor.name, error: String(error) })
    }
  }

  async function importNow(bytes: Uint8Array, options: ImportOptions): Promise<ImportReport> {
    const { actor, told = () => {}, replacements = 'followed', language = 'en' } = options
    const kept = createKeeping(save)
    const report = await importInventoryFile({ clock, fleet, save: kept.save, ending }, bytes, {
      told,
      replacements,
      language,
    })
    tellReplaced(report.replaced, 'inventory file')
    if (actor !== undefined && report.rejectedTotal === 0) {
      const { created, updated, merged, replaced } = report
      const counts = { created, updated, merged, replaced: replaced.length }
      await note(actor, 'inventory.import', { ...counts, sha256: await digestOf(bytes) })
    }
    kept.confirm()
    return report
  }

  async function adoptNow({ terminals, ...said }: Adoption, actor?: Actor): Promise<AdoptionReport> {
    const { rows, refused } = planAdoption(fleet, terminals)
    if (refused.length > 0) return { adopted: 0, refused }
    const named = rows.slice(0, NAMED).flatMap((row) => fleet.inventory.at(row)?.id ?? [])
    let adopted = 0
    const kept = createKeeping(save)
    await kept.save(async () => {
      ending.throwIfAborted()
      adopted = await inSlices(adoptRows(fleet, rows, said), { unhurriedUntil: ending })
    })
    await note(actor, 'inventory.adopt', { adopted, terminals: named, ...said })
    kept.confirm()
    return { adopted, refused }
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
    /** All or nothing: with a single bad row nothing is imported. Rejects with ServiceStopping after `end`. */
    importCsv: (bytes: Uint8Array, options: ImportOptions = {}): Promise<ImportReport> =>
      turns.take(
        () => importNow(bytes, options),
        () => options.told?.({ phase: 'waiting', done: 0, total: 0 }),
      ),
    /** Takes a vehicle tree of a polled source as inventory; an unchanged one changes and stores nothing. */
    applyTree: (source: string, vehicles: readonly InventoryFromTree[]): Promise<TreeReport> =>
      turns.take(() => applyTreeNow(source, vehicles)),
    /** Makes discovered terminals part of the inventory, all of them or none. */
    adopt: (adoption: Adoption, actor?: Actor): Promise<AdoptionReport> =>
      turns.take(() => adoptNow(adoption, actor)),
    /** Files and adoptions that are not being taken over yet are given up, and no more are begun. */
    end: (): void => turns.end(),
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

/**
 * Saves a change that holds although it cannot be stored now: whoever made it tells of it first, then `confirm` throws
 * what kept it from being stored.
 */
function createKeeping(save: InventoryDeskDeps['save']) {
  let failure: { readonly error: unknown } | undefined
  return {
    /** Rejects when `change` does. */
    async save(change: () => Promise<void>): Promise<void> {
      let isChanged = false
      try {
        await save(async () => {
          await change()
          isChanged = true
        })
      } catch (error) {
        if (!isChanged) throw error
        failure = { error }
      }
    },
    confirm(): void {
      if (failure) throw failure.error
    },
  }
}

async function digestOf(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
