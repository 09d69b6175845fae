import type { InventoryRow } from './inventory.ts'
import type { PackedPage } from './packed-page.ts'
import { endOf, sharedText, startOf } from './packed-text.ts'

/** What the inventory says of a row, as far as it decides whether its terminal is judged. */
export const SAID = {
  /** No terminal is shown in this row. */
  hidden: 0,
  /** Nothing: its state follows from what was heard of it. */
  nothing: 1,
  decommissioned: 2,
  suspended: 3,
  /** Work on the vehicle is planned; `maintenance` of the inventory row says when. */
  planned: 4,
} as const

/** By row. The sweep reads it in place of a million inventory rows, most of which say nothing. */
export type SaidColumn = { of: Uint8Array }

export function createSaid(capacity = 1024): SaidColumn {
  return { of: new Uint8Array(capacity) }
}

/** Keeps what the inventory row says; to be called whenever one is placed. */
export function noteSaid(column: SaidColumn, terminal: InventoryRow): void {
  const { row } = terminal
  if (row >= column.of.length) widen(column, Math.max(row + 1, column.of.length * 2))
  column.of[row] = saidBy(terminal)
}

/** The same for all terminals of a page. */
export function notePageSaid(column: SaidColumn, page: PackedPage): void {
  const { first, rows, shared, own, rare } = page
  if (first + rows > column.of.length) widen(column, Math.max(first + rows, column.of.length * 2))
  for (let n = 0; n < rows; n++) {
    if (endOf(own.id, n) === startOf(own.id, n)) continue
    column.of[first + n] = saidBy({
      mergedInto: sharedText(shared.mergedInto, n),
      lifecycle: sharedText(shared.lifecycle, n),
      intake: sharedText(shared.intake, n),
      maintenance: rare.get(n)?.maintenance ?? null,
    })
  }
}

function widen(column: SaidColumn, capacity: number): void {
  const wider = new Uint8Array(capacity)
  wider.set(column.of)
  column.of = wider
}

/** Whether a terminal is shown in the row. */
export function isShown(column: SaidColumn, row: number): boolean {
  return (column.of[row] ?? SAID.hidden) !== SAID.hidden
}

type Saying = Pick<InventoryRow, 'mergedInto' | 'maintenance'> & {
  readonly lifecycle: string
  readonly intake: string
}

function saidBy({ mergedInto, lifecycle, intake, maintenance }: Saying): number {
  if (mergedInto !== '') return SAID.hidden
  if (lifecycle === 'decommissioned') return SAID.decommissioned
  if (lifecycle === 'suspended' || intake === 'off') return SAID.suspended
  return maintenance === null ? SAID.nothing : SAID.planned
}
