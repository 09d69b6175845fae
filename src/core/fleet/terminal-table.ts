import {
  clearReadings,
  createReadingColumns,
  dropReadings,
  growReadings,
  type ReadingColumns,
} from './reading-columns.ts'
import { clearSide, createSideColumns, dropSide, growSideColumns, type SideColumns } from './side-columns.ts'

/** Instants (ms; 0 = never) and other numbers of a terminal that must outlive a crash. */
export const NUMBER_COLUMNS = [
  // The registers of spec/freshness.md 2.
  'contactAt',
  'dataAt',
  'liveAt',
  'fixAt',
  'linkAt',
  // The readings that tell parked from moving.
  'ignitionAt',
  'speedAt',
  // The judgement.
  'stateSince',
  /** When a stale terminal that spoke again may leave its state; 0: it has not spoken. */
  'leaveAt',
  /** `contactAt` of the silence that was alerted. */
  'alertedContactAt',
  // The watch for a clock that is constantly behind.
  'lagSince',
] as const

/** Numbers of a terminal that must outlive a crash and for which seven digits are enough. */
export const SMALL_COLUMNS = [
  'speedKmh',
  /** How far the data lagged when the state `backlog` began, ms. */
  'entryLagMs',
  /** The lag of a clock that is constantly behind, ms. */
  'lagMs',
  /** The usual time between two contacts while it is not parked, ms; 0: not known yet. */
  'usualMs',
  /** The newest valid position, degrees; both 0: none. */
  'latitude',
  'longitude',
] as const

/** Small whole numbers of a terminal that must outlive a crash. */
export const BYTE_COLUMNS = [
  /** Index in STATES plus 1; 0: not judged yet. */
  'state',
  /** 0 unknown, 1 off, 2 on. */
  'ignition',
  /** Messages in a row with the same lag, at most 255. */
  'lagCount',
  /** Place of the source that last raised `contactAt` in the fleet's list, plus 1; 0: none. */
  'source',
  /** Gaps that went into `usualMs`, at most 255. */
  'usualCount',
  /** The supply of the vehicle, and which of the side columns hold something (core/freshness/traces.ts). */
  'traceBits',
] as const

export type NumberColumn = (typeof NUMBER_COLUMNS)[number]
export type SmallColumn = (typeof SMALL_COLUMNS)[number]
export type ByteColumn = (typeof BYTE_COLUMNS)[number]

/**
 * All terminals as columns of typed arrays, one row each (spec/freshness.md 6). Rows are never removed. The arrays
 * are replaced when the table grows: read them through the table, do not keep them.
 */
export type TerminalTable = Record<NumberColumn, Float64Array> &
  Record<SmallColumn, Float32Array> &
  Record<ByteColumn, Uint8Array> & {
    /** Number of the open incident of which it is a member (fleet.incidents); 0: none. Not stored here. */
    incident: Uint16Array
    /** 1: that incident counts it among those that are silent now. Not stored here. */
    missing: Uint8Array
    /** Live messages by number of the source since the start of this run; several records at once are one. */
    readonly liveCounts: Float64Array
    readonly side: SideColumns
    size: number
    capacity: number
    readonly readings: ReadingColumns
    /** Rows changed since they were last journaled, each once. */
    dirty: number[]
    dirtyMark: Uint8Array
    /** Chunks changed since the last checkpoint. */
    readonly dirtyChunks: Set<number>
  }

/** Terminals in one stored chunk. */
export const CHUNK_ROWS = 512

export function createTable(capacity = 1024): TerminalTable {
  const table: Partial<TerminalTable> = {}
  for (const name of NUMBER_COLUMNS) table[name] = new Float64Array(capacity)
  for (const name of SMALL_COLUMNS) table[name] = new Float32Array(capacity)
  for (const name of BYTE_COLUMNS) table[name] = new Uint8Array(capacity)
  const bare = table as Record<NumberColumn, Float64Array> &
    Record<SmallColumn, Float32Array> &
    Record<ByteColumn, Uint8Array>
  return {
    ...bare,
    size: 0,
    capacity,
    incident: new Uint16Array(capacity),
    missing: new Uint8Array(capacity),
    liveCounts: new Float64Array(256),
    side: createSideColumns(capacity),
    readings: createReadingColumns(capacity),
    dirty: [],
    dirtyMark: new Uint8Array(capacity),
    dirtyChunks: new Set(),
  }
}

/** Makes room for so many rows and some more, so that a fleet that is read from the disk does not grow step by step. */
export function reserveRows(table: TerminalTable, count: number): void {
  const wanted = count + Math.ceil(count / 8)
  if (wanted > table.capacity) grow(table, wanted)
}

/** Makes room so that `row` exists; new rows are all zero. */
export function ensureRow(table: TerminalTable, row: number): void {
  if (row >= table.capacity) grow(table, Math.max(row + 1, table.capacity * 2))
  if (row >= table.size) table.size = row + 1
}

/** Takes away the rows from `first` on; whoever gets them next begins with nothing. */
export function dropRows(table: TerminalTable, first: number): void {
  if (first >= table.size) return
  for (const name of NUMBER_COLUMNS) table[name].fill(0, first)
  for (const name of SMALL_COLUMNS) table[name].fill(0, first)
  for (const name of BYTE_COLUMNS) table[name].fill(0, first)
  table.incident.fill(0, first)
  table.missing.fill(0, first)
  dropReadings(table.readings, first)
  dropSide(table.side, first)
  table.size = Math.min(table.size, first)
}

/** Takes away everything that is known of one row. */
export function clearRow(table: TerminalTable, row: number): void {
  for (const name of NUMBER_COLUMNS) table[name][row] = 0
  for (const name of SMALL_COLUMNS) table[name][row] = 0
  for (const name of BYTE_COLUMNS) table[name][row] = 0
  table.incident[row] = 0
  table.missing[row] = 0
  clearReadings(table.readings, row)
  clearSide(table.side, row)
}

/** Notes that a row must be journaled. */
export function markDirty(table: TerminalTable, row: number): void {
  if (table.dirtyMark[row] === 1) return
  table.dirtyMark[row] = 1
  table.dirty.push(row)
}

/** Takes changed rows, at most so many of them; the caller journals them or gives them back with `markDirty`. */
export function takeDirty(table: TerminalTable, most = Infinity): readonly number[] {
  const isPart = table.dirty.length > most
  const rows = isPart ? table.dirty.splice(-most) : table.dirty
  if (!isPart) table.dirty = []
  for (const row of rows) {
    table.dirtyMark[row] = 0
    markChunk(table, row)
  }
  return rows
}

/** Notes that the journal knows more of a row than its stored chunk. */
export function markChunk(table: TerminalTable, row: number): void {
  table.dirtyChunks.add(Math.floor(row / CHUNK_ROWS))
}

function grow(table: TerminalTable, capacity: number): void {
  for (const name of NUMBER_COLUMNS) {
    const wider = new Float64Array(capacity)
    wider.set(table[name])
    table[name] = wider
  }
  for (const name of SMALL_COLUMNS) {
    const wider = new Float32Array(capacity)
    wider.set(table[name])
    table[name] = wider
  }
  const incidents = new Uint16Array(capacity)
  incidents.set(table.incident)
  table.incident = incidents
  const missing = new Uint8Array(capacity)
  missing.set(table.missing)
  table.missing = missing
  growSideColumns(table.side, capacity)
  for (const name of BYTE_COLUMNS) {
    const wider = new Uint8Array(capacity)
    wider.set(table[name])
    table[name] = wider
  }
  const marks = new Uint8Array(capacity)
  marks.set(table.dirtyMark)
  table.dirtyMark = marks
  table.capacity = capacity
  growReadings(table.readings, capacity)
}
