import { type BlockReader, type Column, damaged, gather } from './block-bytes.ts'
import { type InstantColumn, instantAt } from './instant-column.ts'
import { firmwareOf, isStoredReading, readingColumn, setFirmware } from './reading-columns.ts'
import { isSideColumn, sideColumn } from './side-columns.ts'
import type { TerminalTable } from './terminal-table.ts'

/** What follows, in this order; what none of the rows has is left out. */
type Contents = {
  /** Per reading: values as they are kept, u32 and u16 of their instants. */
  readonly readings: readonly string[]
  /** Texts of the rows' firmware: u16 place of each row's text from 1, 0 for none; u32 and u16 of the instants. */
  readonly firmware: readonly string[]
  /** Per side column: f64 values. */
  readonly side: readonly string[]
}

/** Readings and side columns of the rows: u32 length and JSON of Contents, then the columns. */
export function encodeReadings({ readings, side }: TerminalTable, rows: Uint32Array): Column[] {
  const columns: Column[] = []
  const contents = { readings: [] as string[], firmware: [] as string[], side: [] as string[] }
  for (const [name, { value, at }] of readings.columns) {
    if (!rows.some((row) => instantAt(at, row) > 0)) continue
    contents.readings.push(name)
    columns.push(gather(value, rows), ...gatherInstants(at, rows))
  }
  const texts = rows.map((row) => textPlace(contents.firmware, firmwareOf(readings, row)?.value))
  if (contents.firmware.length > 0) {
    columns.push(Uint16Array.from(texts), ...gatherInstants(readings.firmware.at, rows))
  }
  for (const [name, column] of side.columns) {
    const values = gather(column, rows)
    if (!values.some((value) => value !== 0)) continue
    contents.side.push(name)
    columns.push(values)
  }
  const text = new TextEncoder().encode(JSON.stringify(contents))
  return [Uint32Array.of(text.length), text, ...columns]
}

/** Puts readings and side columns into rows of which none are known yet. */
export function decodeReadings(
  { readings, side }: TerminalTable,
  rows: Uint32Array,
  reader: BlockReader,
): void {
  const contents = readContents(reader)
  for (const name of contents.readings) {
    if (!isStoredReading(name)) throw damaged()
    const { value, at } = readingColumn(readings, name)
    reader.into<Column>(value, rows)
    readInstants(at, rows, reader)
  }
  if (contents.firmware.length > 0) {
    const places = reader.take(Uint16Array, rows.length)
    readInstants(readings.firmware.at, rows, reader)
    rows.forEach((row, i) => {
      const text = contents.firmware[(places[i] ?? 0) - 1]
      if (text !== undefined) setFirmware(readings, row, text, instantAt(readings.firmware.at, row))
    })
  }
  for (const name of contents.side) {
    if (!isSideColumn(name)) throw damaged()
    reader.into(sideColumn(side, name), rows)
  }
}

function readContents(reader: BlockReader): Contents {
  const [length = 0] = reader.take(Uint32Array, 1)
  const text = new TextDecoder().decode(reader.take(Uint8Array, length))
  try {
    const { readings, firmware, side } = JSON.parse(text) as Contents
    return { readings: [...readings], firmware: [...firmware], side: [...side] }
  } catch {
    throw damaged()
  }
}

/** The place of a text in the list, to which it is added when it is new; 0 for none. */
function textPlace(texts: string[], text: string | undefined): number {
  if (text === undefined) return 0
  const known = texts.indexOf(text)
  return known >= 0 ? known + 1 : texts.push(text)
}

function gatherInstants({ low, high }: InstantColumn, rows: Uint32Array): Column[] {
  return [gather(low, rows), gather(high, rows)]
}

function readInstants({ low, high }: InstantColumn, rows: Uint32Array, reader: BlockReader): void {
  reader.into(low, rows)
  reader.into(high, rows)
}
