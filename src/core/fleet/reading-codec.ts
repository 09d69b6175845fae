import { type BlockReader, type Column, damaged, type Gather } from './block-bytes.ts'
import { type InstantColumn, instantAt } from './instant-column.ts'
import { isStoredReading, readingColumn, setFirmware } from './reading-columns.ts'
import { isSideColumn, sideColumn } from './side-columns.ts'
import type { TerminalTable } from './terminal-table.ts'
import type { TextPool } from './text-pool.ts'

/** What follows, in this order; what none of the rows has is left out. */
type Contents = {
  /** Per reading: values as they are kept, u32 and u16 of their instants. */
  readonly readings: readonly string[]
  /** Texts of the rows' firmware: u16 place of each row's text from 1, 0 for none; u32 and u16 of the instants. */
  readonly firmware: readonly string[]
  /** Per side column: f64 values. */
  readonly side: readonly string[]
}

/** Readings and side columns of the rows that are gathered: u32 length and JSON of Contents, then the columns. */
export function encodeReadings({ readings, side }: TerminalTable, gather: Gather): Column[] {
  const columns: Column[] = []
  const contents = { readings: [] as string[], firmware: [] as string[], side: [] as string[] }
  for (const [name, { value, at }] of readings.columns) {
    const instants = gatherInstants(at, gather)
    if (!instants.some(holdsAnything)) continue
    contents.readings.push(name)
    columns.push(gather(value), ...instants)
  }
  const { number, at, texts } = readings.firmware
  const places = textPlaces(gather(number), texts, contents.firmware)
  if (contents.firmware.length > 0) columns.push(places, ...gatherInstants(at, gather))
  for (const [name, column] of side.columns) {
    const values = gather(column)
    if (!holdsAnything(values)) continue
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

/** For each number of a text in the pool its place in the list from 1 on, to which it is added when it is new. */
function textPlaces(numbers: Uint32Array, { texts }: TextPool, list: string[]): Uint16Array {
  const places = new Map([[0, 0]])
  return Uint16Array.from(numbers, (number) => {
    const known = places.get(number)
    if (known !== undefined) return known
    const place = list.push(texts[number] ?? '')
    places.set(number, place)
    return place
  })
}

function holdsAnything(column: Column): boolean {
  for (let i = 0; i < column.length; i++) if (column[i] !== 0) return true
  return false
}

function gatherInstants({ low, high }: InstantColumn, gather: Gather): Column[] {
  return [gather(low), gather(high)]
}

function readInstants({ low, high }: InstantColumn, rows: Uint32Array, reader: BlockReader): void {
  reader.into(low, rows)
  reader.into(high, rows)
}
