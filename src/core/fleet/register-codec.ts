import { isStoredReading, keepFirmware, setReading } from './reading-columns.ts'
import {
  BYTE_COLUMNS,
  CHUNK_ROWS,
  ensureRow,
  NUMBER_COLUMNS,
  SMALL_COLUMNS,
  type TerminalTable,
} from './terminal-table.ts'

/**
 * Layout of a stored block, little-endian: u32 version, u32 rows; per number column the rows' f64 values, per small
 * column their f32 values; u32 row numbers; per byte column the rows' u8 values. A chunk goes on with u32 length and JSON of its readings.
 */
const VERSION = 2

const ROW_BYTES = NUMBER_COLUMNS.length * 8 + SMALL_COLUMNS.length * 4 + 4 + BYTE_COLUMNS.length

type StoredReadings = {
  readonly numbers: Readonly<Record<string, readonly (readonly [row: number, value: number, at: number])[]>>
  readonly firmware: readonly (readonly [row: number, value: string, at: number])[]
}

/** One journal entry: the columns of the given rows. */
export function encodeRows(table: TerminalTable, rows: readonly number[]): Uint8Array {
  return writeBlock(table, rows, 0)
}

/** One chunk: columns and readings of its rows. */
export function encodeChunk(table: TerminalTable, chunk: number): Uint8Array {
  const first = chunk * CHUNK_ROWS
  const rows: number[] = []
  for (let row = first; row < Math.min(first + CHUNK_ROWS, table.size); row++) rows.push(row)
  const tail = new TextEncoder().encode(JSON.stringify(chunkReadings(table, rows)))
  const bytes = writeBlock(table, rows, 4 + tail.length)
  new DataView(bytes.buffer).setUint32(bytes.length - tail.length - 4, tail.length, true)
  bytes.set(tail, bytes.length - tail.length)
  return bytes
}

/** Reads a journal entry or chunk into the table and tells its rows. Throws when the bytes are none of ours. */
export function decodeBlock(table: TerminalTable, bytes: Uint8Array): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = readHeader(view)
  const smallAt = 8 + NUMBER_COLUMNS.length * count * 8
  const rowsAt = smallAt + SMALL_COLUMNS.length * count * 4
  const rows: number[] = []
  for (let i = 0; i < count; i++) rows.push(view.getUint32(rowsAt + i * 4, true))
  for (const row of rows) ensureRow(table, row)
  NUMBER_COLUMNS.forEach((name, c) => {
    const column = table[name]
    for (let i = 0; i < count; i++) column[rows[i] ?? 0] = view.getFloat64(8 + (c * count + i) * 8, true)
  })
  SMALL_COLUMNS.forEach((name, c) => {
    const column = table[name]
    for (let i = 0; i < count; i++) column[rows[i] ?? 0] = view.getFloat32(smallAt + (c * count + i) * 4, true)
  })
  const bytesAt = rowsAt + count * 4
  BYTE_COLUMNS.forEach((name, c) => {
    const column = table[name]
    for (let i = 0; i < count; i++) column[rows[i] ?? 0] = view.getUint8(bytesAt + c * count + i)
  })
  const tailAt = bytesAt + BYTE_COLUMNS.length * count
  if (tailAt < bytes.length) readReadings(table, bytes.subarray(tailAt + 4))
  return rows
}

function readHeader(view: DataView): number {
  const count = view.byteLength < 8 ? -1 : view.getUint32(4, true)
  const needed = 8 + count * ROW_BYTES
  if (count < 0 || view.getUint32(0, true) !== VERSION || view.byteLength < needed) {
    throw new Error('stored registers are of another version or damaged; restore a backup of the data folder')
  }
  return count
}

function writeBlock(table: TerminalTable, rows: readonly number[], tailBytes: number): Uint8Array {
  const count = rows.length
  const size = 8 + count * ROW_BYTES
  const bytes = new Uint8Array(size + tailBytes)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, VERSION, true)
  view.setUint32(4, count, true)
  let at = 8
  for (const name of NUMBER_COLUMNS) {
    const column = table[name]
    for (const row of rows) {
      view.setFloat64(at, column[row] ?? 0, true)
      at += 8
    }
  }
  for (const name of SMALL_COLUMNS) {
    const column = table[name]
    for (const row of rows) {
      view.setFloat32(at, column[row] ?? 0, true)
      at += 4
    }
  }
  for (const row of rows) {
    view.setUint32(at, row, true)
    at += 4
  }
  for (const name of BYTE_COLUMNS) {
    const column = table[name]
    for (const row of rows) bytes[at++] = column[row] ?? 0
  }
  return bytes
}

function chunkReadings(table: TerminalTable, rows: readonly number[]): StoredReadings {
  const numbers: Record<string, [number, number, number][]> = {}
  for (const [name, column] of table.readings.columns) {
    const known = rows.filter((row) => column.at[row] !== 0)
    numbers[name] = known.map((row) => [row, column.value[row] ?? 0, column.at[row] ?? 0])
  }
  const firmware: [number, string, number][] = []
  for (const row of rows) {
    const known = table.readings.firmware.get(row)
    if (known) firmware.push([row, known.value, known.at])
  }
  return { numbers, firmware }
}

function readReadings(table: TerminalTable, bytes: Uint8Array): void {
  const stored: StoredReadings = JSON.parse(new TextDecoder().decode(bytes))
  for (const [name, entries] of Object.entries(stored.numbers)) {
    if (!isStoredReading(name)) continue
    for (const [row, value, at] of entries) setReading(table.readings, name, row, value, at)
  }
  for (const [row, value, at] of stored.firmware) keepFirmware(table.readings, row, value, at)
}
