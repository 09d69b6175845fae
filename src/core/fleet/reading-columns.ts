import type { Readings } from '../telemetry/observation.ts'
import type { Instant } from '../time.ts'

/** Readings that are kept as numbers; booleans as 0 and 1. */
export const NUMERIC_READINGS = [
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

export const BOOLEAN_READINGS = ['roaming', 'backupPower', 'gpsJamming', 'gsmJamming', 'powerAlarm'] as const

export type StoredReading = (typeof NUMERIC_READINGS)[number] | (typeof BOOLEAN_READINGS)[number]

const STORED_READINGS: readonly StoredReading[] = [...NUMERIC_READINGS, ...BOOLEAN_READINGS]
const BOOLEANS: ReadonlySet<string> = new Set(BOOLEAN_READINGS)

type Column = { value: Float64Array; at: Float64Array }

/**
 * Last readings per terminal. A column exists from the first value on, since most fleets send few of them.
 * Ignition and speed are not here: they judge, so they are in the journaled columns.
 */
export type ReadingColumns = {
  capacity: number
  readonly columns: Map<StoredReading, Column>
  readonly firmware: Map<number, { readonly value: string; readonly at: Instant }>
}

export function createReadingColumns(): ReadingColumns {
  return { capacity: 1024, columns: new Map(), firmware: new Map() }
}

export function growReadings(readings: ReadingColumns, capacity: number): void {
  readings.capacity = capacity
  for (const [name, column] of readings.columns) {
    const wider = emptyColumn(capacity)
    wider.value.set(column.value)
    wider.at.set(column.at)
    readings.columns.set(name, wider)
  }
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

/** Sets one reading under the same rule; also used when a stored chunk is read. */
export function setReading(
  store: ReadingColumns,
  name: StoredReading,
  row: number,
  value: number,
  at: Instant,
): void {
  const column = readingColumn(store, name)
  const known = column.at[row] ?? 0
  if (at < known || (at === known && value <= (column.value[row] ?? 0))) return
  column.value[row] = value
  column.at[row] = at
}

export function keepFirmware(store: ReadingColumns, row: number, value: string, at: Instant): void {
  const known = store.firmware.get(row)
  if (!known || at > known.at || (at === known.at && value > known.value))
    store.firmware.set(row, { value, at })
}

/** Forgets the readings of the rows from `first` on. */
export function dropReadings(store: ReadingColumns, first: number): void {
  for (const { value, at } of store.columns.values()) {
    value.fill(0, first)
    at.fill(0, first)
  }
  for (const row of [...store.firmware.keys()]) if (row >= first) store.firmware.delete(row)
}

/** Forgets the readings of one row. */
export function clearReadings(store: ReadingColumns, row: number): void {
  for (const { value, at } of store.columns.values()) {
    value[row] = 0
    at[row] = 0
  }
  store.firmware.delete(row)
}

/** Gives the readings of row `from` to row `into`, under the rule of `keepReadings`. */
export function mergeReadings(store: ReadingColumns, from: number, into: number): void {
  for (const [name, { value, at }] of store.columns) {
    if ((at[from] ?? 0) > 0) setReading(store, name, into, value[from] ?? 0, at[from] ?? 0)
  }
  const firmware = store.firmware.get(from)
  if (firmware) keepFirmware(store, into, firmware.value, firmware.at)
}

/** After the wall clock was set back to `now`: newer readings must be able to replace what is known. */
export function clampReadings(store: ReadingColumns, now: Instant): void {
  for (const { at } of store.columns.values()) {
    for (let row = 0; row < at.length; row++) if ((at[row] ?? 0) > now) at[row] = now
  }
  for (const [row, { value, at }] of store.firmware) if (at > now) store.firmware.set(row, { value, at: now })
}

/** The readings of one terminal, in a fixed order. */
export function readingsOf(
  store: ReadingColumns,
  row: number,
): { readonly name: string; readonly value: number | boolean | string; readonly at: Instant }[] {
  const list: { name: string; value: number | boolean | string; at: Instant }[] = []
  for (const name of STORED_READINGS) {
    const column = store.columns.get(name)
    const at = column?.at[row] ?? 0
    if (!column || at === 0) continue
    const value = column.value[row] ?? 0
    list.push({ name, value: BOOLEANS.has(name) ? value === 1 : value, at })
  }
  const firmware = store.firmware.get(row)
  if (firmware) list.push({ name: 'firmware', ...firmware })
  return list
}

export function isStoredReading(name: string): name is StoredReading {
  return (STORED_READINGS as readonly string[]).includes(name)
}

function readingColumn(store: ReadingColumns, name: StoredReading): Column {
  let column = store.columns.get(name)
  if (!column) {
    column = emptyColumn(store.capacity)
    store.columns.set(name, column)
  }
  return column
}

function emptyColumn(capacity: number): Column {
  return { value: new Float64Array(capacity), at: new Float64Array(capacity) }
}
