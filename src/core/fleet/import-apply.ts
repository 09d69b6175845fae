import type { Instant } from '../time.ts'
import { aliasesOf, saidNames } from './alias.ts'
import { EMPTY, type Fleet } from './fleet.ts'
import { handOver } from './handover.ts'
import type { PlannedRow } from './import-plan.ts'
import type { InventoryRow, Replacement, TreeField } from './inventory.ts'
import type { InventoryCells } from './inventory-csv.ts'
import { mergeTerminals } from './merge.ts'
import { changeTerminal, claimAliases, placeFor } from './placing.ts'
import { replaceTerminal } from './replace.ts'
import { setSide } from './side-columns.ts'
import { forgetName, terminalTaught } from './spoken-names.ts'
import { markDirty } from './terminal-table.ts'

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
  let isReleased = false
  for (const [index, row] of rows.entries()) {
    isReleased = applyRow(fleet, row, now, applied) || isReleased
    if (index % SLICE === SLICE - 1) yield index + 1
  }
  // An alias may have moved from a terminal further down to one further up.
  for (const [index, { id }] of rows.entries()) {
    const row = fleet.rows.get(id)
    if (row !== undefined) applied.merged += claimNames(fleet, row)
    if (index % SLICE === SLICE - 1) yield rows.length + index + 1
  }
  if (isReleased) {
    for (const merged of claimAllNames(fleet)) {
      applied.merged += merged
      yield 2 * rows.length
    }
  }
  return applied
}

/**
 * Names that a terminal had and has no longer lead to the next one that people gave them to. Pause after each step; it
 * yields how many discovered terminals it merged.
 */
export function* claimAllNames(fleet: Fleet): Generator<number> {
  let merged = 0
  for (let row = 0; row < fleet.inventory.length; row += 1) {
    if (fleet.inventory.at(row)?.discovered === false) merged += claimNames(fleet, row)
    if (row % SLICE !== SLICE - 1) continue
    yield merged
    merged = 0
  }
  yield merged
}

/** True when a terminal lost a name by it that another one may have, too. */
function applyRow(fleet: Fleet, planned: PlannedRow, now: Instant, applied: Applied): boolean {
  const { id, cells, replaces } = planned
  const old = replaces === null ? undefined : fleet.rows.get(replaces)
  if (old !== undefined) {
    const replacement = replaceTerminal(fleet, old, id, now)
    if (replacement) applied.replaced.push(replacement)
  }
  takeTaught(fleet, id)
  const led = fleet.inventory.at(fleet.rows.get(id) ?? -1)
  if (led?.id === id) return enter(fleet, led, cells, now) || old !== undefined
  const row = placeFor(fleet, id)
  enter(fleet, { ...EMPTY, row, id, discovered: true, firstSeenAt: now }, cells, now)
  applied.created += 1
  // Data had given this id to a discovered terminal as another name of it.
  if (led?.discovered) {
    mergeTerminals(fleet, led.row, row)
    applied.merged += 1
  }
  return old !== undefined
}

/**
 * Filled cells change a terminal, and what they change is no tree's any more. The empty text clears what was known;
 * an empty list of aliases also what was learnt, until data teaches it again. True when a name is gone by it.
 */
function enter(fleet: Fleet, known: InventoryRow, cells: InventoryCells, now: Instant): boolean {
  const isNew = (name: keyof InventoryCells): boolean =>
    cells[name] !== undefined && textOf(cells[name]) !== textOf(known[name])
  const changed = (Object.keys(cells) as (keyof InventoryCells)[]).filter(isNew)
  const learnt = cells.aliases?.length === 0 ? [] : known.learnt
  if (changed.length === 0 && !known.discovered && learnt.length === known.learnt.length) return false
  const fromTree = known.fromTree.filter((name: TreeField) => !changed.includes(name))
  const entered = { ...known, ...cells, learnt, fromTree, discovered: false }
  for (const name of saidNames(entered)) takeTaught(fleet, name, known.row)
  changeTerminal(fleet, handOver(known, entered, now))
  if (isAnotherOperator(known.operator, entered.operator)) {
    setSide(fleet.table.side, 'operatorAt', known.row, now)
    markDirty(fleet.table, known.row)
  }
  const names = new Set(aliasesOf(entered))
  return aliasesOf(known).some((name) => !names.has(name))
}

function isAnotherOperator(before: string, after: string): boolean {
  return before !== '' && after !== '' && before.toLowerCase() !== after.toLowerCase()
}

/** Aliases have no blanks in them. */
function textOf(cell: string | readonly string[] | undefined): string {
  return typeof cell === 'object' ? cell.join(' ') : (cell ?? '')
}

/** A name that people give to another terminal is taken from the one of the inventory that had only learnt it. */
export function takeTaught(fleet: Fleet, name: string, by?: number): boolean {
  const holder = terminalTaught(fleet, name)
  if (!holder || holder.row === by) return false
  forgetName(fleet, holder.row, name)
  return true
}

/**
 * Lets the names of a terminal of the inventory lead to it: discovered terminals that have one of them are merged into
 * it, names that lead to other terminals of the inventory stay theirs. Returns how many were merged.
 */
export function claimNames(fleet: Fleet, row: number): number {
  let merged = 0
  for (const alias of aliasesOf(fleet.inventory.at(row))) {
    const led = fleet.rows.get(alias)
    if (led === undefined || led === row || !fleet.inventory.at(led)?.discovered) continue
    mergeTerminals(fleet, led, row)
    merged += 1
  }
  claimAliases(fleet, row)
  return merged
}
