import type { Fleet } from '../core/fleet/fleet.ts'
import { type Applied, applyPlan } from '../core/fleet/import-apply.ts'
import { type PlannedRow, planImport } from '../core/fleet/import-plan.ts'
import { IMPORT_WORDS, type ImportWords } from '../core/fleet/import-words.ts'
import type { ImportProgress, ImportReport } from '../core/fleet/inventory.ts'
import { MOST_LISTED, readingInventory } from '../core/fleet/inventory-csv.ts'
import type { Language } from '../core/letters/letter.ts'
import type { Clock } from '../ports.ts'
import { inSlices } from './slices.ts'

export type InventoryImportDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly fleet: Fleet
  /** See inventory-desk.ts. */
  readonly save: (change: () => Promise<void>) => Promise<void>
  /** Aborted when the service stops. */
  readonly ending: AbortSignal
}

export type InventoryImportOptions = {
  /** Called now and then, and at the beginning of each phase. */
  readonly told: (progress: ImportProgress) => void
  /** `left-out`: a file that was imported before does not bring back a terminal that was replaced since. */
  readonly replacements: 'followed' | 'left-out'
  /** Of bad rows and warnings. */
  readonly language: Language
}

/** Warnings of one report; the last one counts those that are not told. */
const MOST_WARNINGS = 20

/**
 * Imports an inventory file, all of it or nothing: with a single bad row nothing. When the service stops it is given
 * up, unless its rows are being taken over: then that comes to its end at once, so that no half of it is stored.
 */
export async function importInventoryFile(
  deps: InventoryImportDeps,
  bytes: Uint8Array,
  { told, replacements, language }: InventoryImportOptions,
): Promise<ImportReport> {
  const { fleet, ending: until } = deps
  const words = IMPORT_WORDS[language]
  until.throwIfAborted()
  told({ phase: 'reading', done: 0, total: 0 })
  const csv = await inSlices(readingInventory(bytes, words), {
    told: (done) => told({ phase: 'reading', done, total: 0 }),
    until,
  })
  const total = csv.rows.length
  fleet.namesAreFixed = true
  try {
    told({ phase: 'checking', done: 0, total })
    const plan = await inSlices(planImport(fleet, csv.rows, { replacements, words }), {
      told: (done) => told({ phase: 'checking', done, total }),
      until,
    })
    const rejectedTotal = csv.rejectedTotal + plan.rejected.length
    const rejected = firstLines(csv.rejected, plan.rejected)
    const warnings = bounded([...csv.warnings, ...plan.warnings], words)
    const refused = { created: 0, updated: 0, merged: 0, replaced: [], rejected, rejectedTotal, warnings }
    if (rejectedTotal > 0) return refused
    const { created, merged, replaced } = await applyRows(deps, plan.rows, told)
    return { ...refused, created, updated: plan.rows.length - created, merged, replaced }
  } finally {
    fleet.namesAreFixed = false
  }
}

async function applyRows(
  { clock, fleet, save, ending }: InventoryImportDeps,
  rows: readonly PlannedRow[],
  told: (progress: ImportProgress) => void,
): Promise<Applied> {
  const total = rows.length
  let applied: Applied = { created: 0, merged: 0, replaced: [] }
  await save(async () => {
    ending.throwIfAborted()
    told({ phase: 'applying', done: 0, total })
    applied = await inSlices(applyPlan(fleet, rows, clock.now()), {
      told: (done) => told({ phase: 'applying', done: Math.floor(done / 2), total }),
      unhurriedUntil: ending,
    })
    fleet.namesAreFixed = false
    told({ phase: 'storing', done: total, total })
  })
  return applied
}

/** Each list is in the order of lines. */
function firstLines(
  read: ImportReport['rejected'],
  checked: ImportReport['rejected'],
): ImportReport['rejected'] {
  const both = [...read, ...checked.slice(0, MOST_LISTED)]
  return both.sort((a, b) => a.line - b.line).slice(0, MOST_LISTED)
}

function bounded(warnings: readonly string[], words: ImportWords): readonly string[] {
  if (warnings.length <= MOST_WARNINGS) return warnings
  const told = warnings.slice(0, MOST_WARNINGS - 1)
  return [...told, words.more(warnings.length - told.length)]
}
