import type { InventoryRow } from './inventory.ts'

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
  if (row >= column.of.length) {
    const wider = new Uint8Array(Math.max(row + 1, column.of.length * 2))
    wider.set(column.of)
    column.of = wider
  }
  column.of[row] = saidBy(terminal)
}

/** Whether a terminal is shown in the row. */
export function isShown(column: SaidColumn, row: number): boolean {
  return (column.of[row] ?? SAID.hidden) !== SAID.hidden
}

function saidBy({ mergedInto, lifecycle, intake, maintenance }: InventoryRow): number {
  if (mergedInto !== '') return SAID.hidden
  if (lifecycle === 'decommissioned') return SAID.decommissioned
  if (lifecycle === 'suspended' || intake === 'off') return SAID.suspended
  return maintenance === null ? SAID.nothing : SAID.planned
}
