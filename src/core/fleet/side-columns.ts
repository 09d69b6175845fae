/**
 * What few terminals have and diagnosis needs. A column exists from its first value on; 0: none. They are stored with
 * the registers' chunks, so a crash may lose the last minutes of them.
 */
export const SIDE_COLUMNS = [
  /** The highest supply that was ever seen in normal work, V: tells a 12 V vehicle from one of 24 V. */
  'supplyPeak',
] as const

export type SideColumn = (typeof SIDE_COLUMNS)[number]

export type SideColumns = { capacity: number; readonly columns: Map<SideColumn, Float64Array> }

export function createSideColumns(): SideColumns {
  return { capacity: 1024, columns: new Map() }
}

export function growSideColumns(side: SideColumns, capacity: number): void {
  side.capacity = capacity
  for (const [name, column] of side.columns) {
    const wider = new Float64Array(capacity)
    wider.set(column)
    side.columns.set(name, wider)
  }
}

export function sideValue(side: SideColumns, name: SideColumn, row: number): number {
  return side.columns.get(name)?.[row] ?? 0
}

export function setSide(side: SideColumns, name: SideColumn, row: number, value: number): void {
  let column = side.columns.get(name)
  if (!column) {
    column = new Float64Array(side.capacity)
    side.columns.set(name, column)
  }
  column[row] = value
}

/** Forgets the row. */
export function clearSide(side: SideColumns, row: number): void {
  for (const column of side.columns.values()) column[row] = 0
}
