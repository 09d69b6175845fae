import type { Readings } from '../telemetry/observation.ts'
import type { Instant } from '../time.ts'
import {
  clampInstants,
  createInstants,
  type InstantColumn,
  instantAt,
  setInstant,
  widenInstants,
} from './instant-column.ts'
import { shortNumber } from './short-number.ts'
import { createTextPool, releaseText, type TextPool, useText } from './text-pool.ts'

/** Readings that are numbers. */
const NUMERIC_READINGS = [
  'voltage',
  'batteryVoltage',
  'batteryPercent',
  'satellites',
  'gsmPercent',
  'rpm',
  'mileageM',
  'fuel1',
  'fuel2',
  'fuel3',
  'fuel4',
  'fuel5',
  'fuel6',
  'fuel7',
  'fuel8',
] as const

/** Kept as 0 and 1. */
const BOOLEAN_READINGS = ['roaming', 'backupPower', 'gpsJamming', 'gsmJamming', 'powerAlarm'] as const

export type StoredReading = (typeof NUMERIC_READINGS)[number] | (typeof BOOLEAN_READINGS)[number]

const STORED_READINGS: readonly StoredReading[] = [...NUMERIC_READINGS, ...BOOLEAN_READINGS]
const BOOLEANS: ReadonlySet<string> = new Set(BOOLEAN_READINGS)
/** For the others six digits are enough. */
const EXACT: ReadonlySet<string> = new Set<StoredReading>(['mileageM'])

/** One reading of all rows; a row without it has no instant. */
export type ReadingColumn = { value: Float32Array | Float64Array | Uint8Array; at: InstantColumn }

/** Firmware of all rows by its number among the texts; 0: none. */
type FirmwareColumn = { number: Uint32Array; at: InstantColumn; readonly texts: TextPool }

/**
 * Last readings per terminal. A column exists from the first value on, since most fleets send few of them.
 * Ignition and speed are not here: they judge, so they are in the journaled columns.
 */
export type ReadingColumns = {
  capacity: number
  readonly columns: Map<StoredReading, ReadingColumn>
  readonly firmware: FirmwareColumn
}

export function createReadingColumns(capacity: number): ReadingColumns {
  const firmware = {
    number: new Uint32Array(capacity),
    at: createInstants(capacity),
    texts: createTextPool(),
  }
  return { capacity, columns: new Map(), firmware }
}

export function growReadings(readings: ReadingColumns, capacity: number): void {
  readings.capacity = capacity
  for (const [name, column] of readings.columns) {
    const wider = emptyColumn(name, capacity)
    wider.value.set(column.value)
    column.value = wider.value
    column.at = widenInstants(column.at, capacity)
  }
  const { firmware } = readings
  const numbers = new Uint32Array(capacity)
  numbers.set(firmware.number)
  firmware.number = numbers
  firmware.at = widenInstants(firmware.at, capacity)
}

/** Keeps each reading if it is newer than the one that is known; of two at the same instant the greater one. */
export function keepReadings(store: ReadingColumns, row: number, readings: Readings, at: Instant): void {
  for (const key in readings) {
    const value = readings[key as keyof Readings]
    if (value === undefined || key === 'ignition' || key === 'speedKmh') continue
    if (typeof value === 'string') keepFirmware(store, row, value, at)
    else setReading(store, key as StoredReading, row, Number(value), at)
  }
}

/** The number of a reading as it is kept, booleans as 0 and 1; undefined: never sent. */
export function readingValue(store: ReadingColumns, name: StoredReading, row: number): number | undefined {
  const column = store.columns.get(name)
  return column && instantAt(column.at, row) > 0 ? shown(column.value, row) : undefined
}

/** When the reading was made; 0: never sent. */
export function readingAt(store: ReadingColumns, name: StoredReading, row: number): Instant {
  const column = store.columns.get(name)
  return column ? instantAt(column.at, row) : 0
}

/** The firmware that the terminal told last; undefined: it never did. */
export function firmwareOf(
  { firmware }: ReadingColumns,
  row: number,
): { readonly value: string; readonly at: Instant } | undefined {
  const at = instantAt(firmware.at, row)
  return at === 0 ? undefined : { value: firmware.texts.texts[firmware.number[row] ?? 0] ?? '', at }
}

/** A number that all rows share that told the same firmware last; 0: it never did. */
export function toldFirmware({ firmware }: ReadingColumns, row: number): number {
  return firmware.number[row] ?? 0
}

/** Puts a firmware into a row, whatever is known; `at` is not 0. */
export function setFirmware({ firmware }: ReadingColumns, row: number, value: string, at: Instant): void {
  const before = firmware.number[row] ?? 0
  if (before === 0 || firmware.texts.texts[before] !== value) {
    firmware.number[row] = useText(firmware.texts, value)
    releaseText(firmware.texts, before)
  }
  setInstant(firmware.at, row, at)
}

/** The column of a reading; it is made when there is none yet. */
export function readingColumn(store: ReadingColumns, name: StoredReading): ReadingColumn {
  let column = store.columns.get(name)
  if (!column) {
    column = emptyColumn(name, store.capacity)
    store.columns.set(name, column)
  }
  return column
}

/** Forgets the readings of the rows from `first` on. */
export function dropReadings(store: ReadingColumns, first: number): void {
  for (const { value, at } of store.columns.values()) {
    value.fill(0, first)
    at.low.fill(0, first)
    at.high.fill(0, first)
  }
  for (let row = first; row < store.capacity; row++) forgetFirmware(store, row)
}

/** Forgets the readings of one row. */
export function clearReadings(store: ReadingColumns, row: number): void {
  for (const { value, at } of store.columns.values()) {
    value[row] = 0
    setInstant(at, row, 0)
  }
  forgetFirmware(store, row)
}

/** Gives the readings of row `from` to row `into`, under the rule of `keepReadings`. */
export function mergeReadings(store: ReadingColumns, from: number, into: number): void {
  for (const [name, { value, at }] of store.columns) {
    const moved = instantAt(at, from)
    if (moved > 0) setReading(store, name, into, value[from] ?? 0, moved)
  }
  const firmware = firmwareOf(store, from)
  if (firmware) keepFirmware(store, into, firmware.value, firmware.at)
}

/** After the wall clock was set back to `now`: newer readings must be able to replace what is known. */
export function clampReadings(store: ReadingColumns, now: Instant): void {
  const columns = [...store.columns.values()].map(({ at }) => at)
  for (const at of [...columns, store.firmware.at]) clampInstants(at, now)
}

/** The readings of one terminal, in a fixed order. */
export function readingsOf(
  store: ReadingColumns,
  row: number,
): { readonly name: string; readonly value: number | boolean | string; readonly at: Instant }[] {
  const list: { name: string; value: number | boolean | string; at: Instant }[] = []
  for (const name of STORED_READINGS) {
    const column = store.columns.get(name)
    const at = column ? instantAt(column.at, row) : 0
    if (!column || at === 0) continue
    const value = shown(column.value, row)
    list.push({ name, value: BOOLEANS.has(name) ? value === 1 : value, at })
  }
  const firmware = firmwareOf(store, row)
  if (firmware) list.push({ name: 'firmware', ...firmware })
  return list
}

export function isStoredReading(name: string): name is StoredReading {
  return (STORED_READINGS as readonly string[]).includes(name)
}

function shown(values: ReadingColumn['value'], row: number): number {
  const value = values[row] ?? 0
  return values instanceof Float32Array ? shortNumber(value) : value
}

function setReading(
  store: ReadingColumns,
  name: StoredReading,
  row: number,
  value: number,
  at: Instant,
): void {
  const column = readingColumn(store, name)
  const known = instantAt(column.at, row)
  const exact = Math.floor(at)
  if (exact < known || (exact === known && value <= (column.value[row] ?? 0))) return
  column.value[row] = value
  setInstant(column.at, row, exact)
}

function keepFirmware(store: ReadingColumns, row: number, value: string, at: Instant): void {
  const { firmware } = store
  const known = instantAt(firmware.at, row)
  const exact = Math.floor(at)
  if (exact < known || exact === 0) return
  if (exact === known && value <= (firmware.texts.texts[firmware.number[row] ?? 0] ?? '')) return
  setFirmware(store, row, value, exact)
}

function forgetFirmware(store: ReadingColumns, row: number): void {
  const { firmware } = store
  releaseText(firmware.texts, firmware.number[row] ?? 0)
  firmware.number[row] = 0
  setInstant(firmware.at, row, 0)
}

function emptyColumn(name: StoredReading, capacity: number): ReadingColumn {
  return { value: emptyValues(name, capacity), at: createInstants(capacity) }
}

function emptyValues(name: StoredReading, capacity: number): ReadingColumn['value'] {
  if (BOOLEANS.has(name)) return new Uint8Array(capacity)
  return EXACT.has(name) ? new Float64Array(capacity) : new Float32Array(capacity)
}
