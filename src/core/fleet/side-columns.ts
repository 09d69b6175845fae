import type { Instant } from '../time.ts'

/** Of SIDE_COLUMNS those that hold an instant. */
const INSTANTS = [
  /** First sign of a loss of supply since it was last in order (core/freshness/traces.ts). */
  'powerLostAt',
  /** First data in motion without a valid position since the last one that had one. */
  'noFixSince',
  /** First data in motion whose position was that of the data before, to the last digit, and has been so since. */
  'stuckSince',
  /** When it last told another firmware than before. */
  'firmwareAt',
  /** When it last went into roaming or out of it. */
  'roamingAt',
  /** When the inventory last said another mobile operator than before. */
  'operatorAt',
  /** When its data last had a time that cannot be true. */
  'clockFaultAt',
  /** When something that it had said long before was last delivered. */
  'lateAt',
] as const

/**
 * What few terminals have and diagnosis needs. A column exists from its first value on; 0: none. They are stored with
 * the registers' chunks, so a crash may lose the last minutes of them.
 */
export const SIDE_COLUMNS = [
  ...INSTANTS,
  /** Since its ignition went off: the supply from which it has been falling, V; 0: the ignition is on. */
  'supplyAtRest',
  /** The supply before its loss, V. */
  'supplyBefore',
] as const

export type SideColumn = (typeof SIDE_COLUMNS)[number]

export type SideColumns = { capacity: number; readonly columns: Map<SideColumn, Float64Array> }

export function createSideColumns(capacity: number): SideColumns {
  return { capacity, columns: new Map() }
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
  sideColumn(side, name)[row] = value
}

/** The column of that name; it is made when there is none yet. */
export function sideColumn(side: SideColumns, name: SideColumn): Float64Array {
  let column = side.columns.get(name)
  if (!column) {
    column = new Float64Array(side.capacity)
    side.columns.set(name, column)
  }
  return column
}

export function isSideColumn(name: string): name is SideColumn {
  return (SIDE_COLUMNS as readonly string[]).includes(name)
}

/** Forgets the rows from `first` on. */
export function dropSide(side: SideColumns, first: number): void {
  for (const column of side.columns.values()) column.fill(0, first)
}

/** Forgets the row. */
export function clearSide(side: SideColumns, row: number): void {
  for (const column of side.columns.values()) column[row] = 0
}

/** After the wall clock was set back to `now`: nothing may have happened later. */
export function clampSide(side: SideColumns, now: Instant): void {
  for (const name of INSTANTS) {
    const column = side.columns.get(name)
    if (column) for (let row = 0; row < column.length; row++) column[row] = Math.min(column[row] ?? 0, now)
  }
}
