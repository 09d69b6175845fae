import type { Instant } from '../time.ts'
import { aliasesOf } from './alias.ts'
import { changeTerminal, claimAliases, EMPTY, type Fleet, placeFor } from './fleet.ts'
import type { PlannedRow } from './import-plan.ts'
import type { InventoryRow, Replacement, TreeField } from './inventory.ts'
import type { InventoryCells } from './inventory-csv.ts'
import { mergeTerminals } from './merge.ts'
import { replaceTerminal } from './replace.ts'

export type Applied = {
  created: number
  merged: number
  readonly replaced: Replacement[]
}

/** Rows between two pauses. */
const SLICE = 250

/**
 * Takes the rows of a plan into the fleet. Now and then it yields the number of steps so far, two for each row; until
 * its end nothing of it may be stored. A row that says nothing new changes nothing.
 */
export function* applyPlan(
  fleet: Fleet,
  rows: readonly PlannedRow[],
  now: Instant,
): Generator<number, Applied> {
  const applied: Applied = { created: 0, merged: 0, replaced: [] }
  for (const [index, row] of rows.entries()) {
    applyRow(fleet, row, now, applied)
    if (index % SLICE === SLICE - 1) yield index + 1
  }
  // An alias may have moved from a terminal further down to one further up.
  for (const [index, { id }] of rows.entries()) {
    const row = fleet.rows.get(id)
    if (row !== undefined) applied.merged += claimNames(fleet, row)
    if (index % SLICE === SLICE - 1) yield rows.length + index + 1
  }
  return applied
}

function applyRow(fleet: Fleet, planned: PlannedRow, now: Instant, applied: Applied): void {
  const { id, cells, replaces } = planned
  const old = replaces === null ? undefined : fleet.rows.get(replaces)
  if (old !== undefined) {
    const replacement = replaceTerminal(fleet, old, id, now)
    if (replacement) applied.replaced.push(replacement)
  }
  const led = fleet.inventory[fleet.rows.get(id) ?? -1]
  if (led?.id === id) {
    enter(fleet, led, cells)
    return
  }
  const row = placeFor(fleet, id)
  enter(fleet, { ...EMPTY, row, id, discovered: true, firstSeenAt: now }, cells)
  applied.created += 1
  // Data had given this id to a discovered terminal as another name of it.
  if (led?.discovered) {
    mergeTerminals(fleet, led.row, row)
    applied.merged += 1
  }
}

/** Filled cells change a terminal, and what they change is no tree's any more. */
function enter(fleet: Fleet, known: InventoryRow, cells: InventoryCells): void {
  const isNew = (name: keyof InventoryCells): boolean =>
    cells[name] !== undefined && String(cells[name]) !== String(known[name])
  const changed = (Object.keys(cells) as (keyof InventoryCells)[]).filter(isNew)
  if (changed.length === 0 && !known.discovered) return
  const fromTree = known.fromTree.filter((name: TreeField) => !changed.includes(name))
  changeTerminal(fleet, { ...known, ...cells, fromTree, discovered: false })
}

/**
 * Lets the names of a terminal of the inventory lead to it: discovered terminals that have one of them are merged into
 * it, names that lead to other terminals of the inventory stay theirs. Returns how many were merged.
 */
export function claimNames(fleet: Fleet, row: number): number {
  let merged = 0
  for (const alias of aliasesOf(fleet.inventory[row])) {
    const led = fleet.rows.get(alias)
    if (led === undefined || led === row || !fleet.inventory[led]?.discovered) continue
    mergeTerminals(fleet, led, row)
    merged += 1
  }
  claimAliases(fleet, row)
  return merged
}
