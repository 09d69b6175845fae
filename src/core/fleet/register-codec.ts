import { type Column, concat, damaged, type Gather, gathering, readBlock } from './block-bytes.ts'
import { decodeReadings, encodeReadings } from './reading-codec.ts'
import {
  BYTE_COLUMNS,
  CHUNK_ROWS,
  ensureRow,
  NUMBER_COLUMNS,
  SMALL_COLUMNS,
  type TerminalTable,
} from './terminal-table.ts'

/**
 * Layout of a stored block, little-endian: u32 version, u32 rows; u32 row numbers; per number column the rows' f64
 * values, per small column their f32 values, per byte column their u8 values. A chunk goes on with what else is known
 * of its rows (reading-codec.ts). The version changes with every column that is added or taken away.
 */
const VERSION = 3

/** No fleet has so many rows: the bytes are damaged. */
const MOST_ROWS = 2 ** 24

/** One journal entry: the columns of the given rows. */
export function encodeRows(table: TerminalTable, rows: readonly number[]): Uint8Array {
  const numbers = Uint32Array.from(rows)
  return concat(encodeColumns(table, numbers, gathering(numbers)))
}

/** One chunk: columns, readings and side columns of its rows. */
export function encodeChunk(table: TerminalTable, chunk: number): Uint8Array {
  const first = chunk * CHUNK_ROWS
  const count = Math.max(0, Math.min(CHUNK_ROWS, table.size - first))
  const rows = new Uint32Array(count)
  for (let i = 0; i < count; i++) rows[i] = first + i
  const gather = gathering(rows)
  return concat([...encodeColumns(table, rows, gather), ...encodeReadings(table, gather)])
}

/**
 * Reads a journal entry or chunk into the table and tells its rows. Throws when the bytes are none of ours. `intoEmpty`:
 * nothing is known of the rows yet.
 */
export function decodeBlock(table: TerminalTable, bytes: Uint8Array, intoEmpty = false): Uint32Array {
  const reader = readBlock(bytes, intoEmpty)
  const [version, count = 0] = reader.take(Uint32Array, 2)
  if (version !== VERSION) throw damaged()
  const rows = reader.take(Uint32Array, count)
  const last = rows.reduce((most, row) => Math.max(most, row), 0)
  if (last >= MOST_ROWS) throw damaged()
  if (count > 0) ensureRow(table, last)
  for (const name of NUMBER_COLUMNS) reader.into(table[name], rows)
  for (const name of SMALL_COLUMNS) reader.into(table[name], rows)
  for (const name of BYTE_COLUMNS) reader.into(table[name], rows)
  if (!reader.isAtEnd()) decodeReadings(table, rows, reader)
  if (!reader.isAtEnd()) throw damaged()
  return rows
}

function encodeColumns(table: TerminalTable, rows: Uint32Array, gather: Gather): Column[] {
  const names = [...NUMBER_COLUMNS, ...SMALL_COLUMNS, ...BYTE_COLUMNS]
  return [Uint32Array.of(VERSION, rows.length), rows, ...names.map((name) => gather(table[name]))]
}
