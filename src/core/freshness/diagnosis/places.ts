import type { TerminalTable } from '../../fleet/terminal-table.ts'
import { MINUTE } from '../../time.ts'
import { isParked } from '../registers.ts'
import { isSilent, type StateCode } from '../state.ts'

/**
 * Where terminals fell silent while they moved and came back later: there is no coverage there. Cells of about 1 km,
 * the ones that were used longest ago go first.
 */
export type Places = {
  /** Rows that came back, by cell, each once, newest last. */
  readonly cells: Map<number, number[]>
  /** Cells in which terminals fell silent that have not come back yet, by row. */
  readonly waiting: Map<number, number>
}

const MOST_CELLS = 20_000
const MOST_WAITING = 100_000
/** More are not needed to tell three others. */
const MOST_ROWS = 8

/** A position that is older than this at the last contact does not tell where it fell silent. */
const POSITION_HOLDS = 10 * MINUTE

/** Height of a cell, degrees: 1.1 km. */
const STEP = 0.01
const DEGREES = Math.PI / 180
/** Cells in a row around the Earth are fewer than this. */
const ROW_OF_CELLS = 100_000

export function createPlaces(): Places {
  return { cells: new Map(), waiting: new Map() }
}

/**
 * Notes a change of state: into silence where a terminal moved, out of it that one came back. What an incident explains
 * says nothing of the place.
 */
export function notePlace(
  { cells, waiting }: Places,
  table: TerminalTable,
  row: number,
  before: StateCode,
  after: StateCode,
): void {
  if (isSilent(before) === isSilent(after)) return
  const cell = waiting.get(row)
  waiting.delete(row)
  if (isSilent(before)) {
    if (cell !== undefined && table.incident[row] === 0) noteReturn(cells, cell, row)
    return
  }
  if (table.incident[row] !== 0 || isParked(table, row) || !placeIsKnown(table, row)) return
  if (waiting.size >= MOST_WAITING) forgetFirst(waiting)
  waiting.set(row, cellOf(table.latitude[row] ?? 0, table.longitude[row] ?? 0, 0, 0))
}

/** How many other terminals fell silent about where this one is, and came back: in its cell and those around it. */
export function returnedNear({ cells }: Places, table: TerminalTable, row: number): number {
  if (cells.size === 0 || !placeIsKnown(table, row)) return 0
  const latitude = table.latitude[row] ?? 0
  const longitude = table.longitude[row] ?? 0
  const others = new Set<number>()
  for (const north of [-1, 0, 1]) {
    for (const east of [-1, 0, 1]) {
      for (const other of cells.get(cellOf(latitude, longitude, north, east)) ?? []) others.add(other)
    }
  }
  others.delete(row)
  return others.size
}

function placeIsKnown(table: TerminalTable, row: number): boolean {
  const fixAt = table.fixAt[row] ?? 0
  return fixAt > 0 && (table.dataAt[row] ?? 0) - fixAt <= POSITION_HOLDS
}

function noteReturn(cells: Map<number, number[]>, cell: number, row: number): void {
  const known = cells.get(cell)
  if (known) cells.delete(cell)
  else if (cells.size >= MOST_CELLS) forgetFirst(cells)
  const rows = [...(known ?? []).filter((other) => other !== row), row]
  cells.set(cell, rows.slice(-MOST_ROWS))
}

/** The cell so many cells north and east of a position. Cells get wider in degrees towards the poles. */
function cellOf(latitude: number, longitude: number, north: number, east: number): number {
  const band = Math.floor(latitude / STEP) + north
  const width = STEP / Math.max(0.01, Math.cos(band * STEP * DEGREES))
  return (band + 90 / STEP) * ROW_OF_CELLS + Math.floor((longitude + 180) / width) + east
}

function forgetFirst(map: Map<number, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key)
    return
  }
}
