import {
  CAN,
  type CanNumbers,
  FUEL_SENSORS,
  type FuelSensors,
  GENERAL,
  type General,
  INPUTS,
  type Inputs,
  NAVIGATION,
  type Navigation,
  OBD,
  type ObdNumbers,
  readNumbers,
  TEMPERATURES,
  type Temperatures,
} from './omnicomm-groups.ts'
import {
  type Cursor,
  createCursor,
  readGroup,
  readLength,
  readMessage,
  takeUint32s,
  WIRE,
} from './protobuf.ts'

/** One record of a terminal as it was sent. A group or number that is absent was not sent. */
export type OmnicommRecord = {
  readonly kind: 'record'
  /** Codes of reference/omnicomm-terminal-protocol.md 6. */
  readonly events: readonly number[]
  readonly general?: General
  readonly navigation?: Navigation
  readonly inputs?: Inputs
  readonly can?: CanNumbers
  readonly fuelSensors?: FuelSensors
  readonly temperatures?: Temperatures
  readonly obd?: ObdNumbers
  /** The number in `Ver<number>` of the log text. */
  readonly firmware?: string
}

/** Bytes that are no record, and why. */
export type BadRecord = { readonly kind: 'bad'; readonly reason: string }

/**
 * Reads the record in `bytes[from, to)`: proto2 with groups, in any order, of any schema generation
 * (reference/omnicomm-terminal-protocol.md 5). What is not known is skipped.
 */
export function readRecord(bytes: Uint8Array, from = 0, to = bytes.length): OmnicommRecord | BadRecord {
  if (from >= to) return { kind: 'bad', reason: 'it is empty' }
  const record: Draft = { kind: 'record', events: [] }
  const cursor = createCursor(bytes, from, to)
  readMessage(cursor, record, takeGroup)
  return cursor.fault === undefined ? record : { kind: 'bad', reason: cursor.fault }
}

type Draft = { -readonly [Key in keyof OmnicommRecord]: OmnicommRecord[Key] } & { readonly events: number[] }

/** Numbers of the fields and groups at the top of a record (5.1). */
const TOP = {
  events: 1,
  general: 2,
  navigation: 5,
  inputs: 6,
  can: 7,
  fuelSensors: 8,
  other: 9,
  obd: 11,
  log: 16,
} as const
const OTHER_TEMPERATURES = 1
const LOG_TEXT = 1

function takeGroup(record: Draft, field: number, wire: number, cursor: Cursor): boolean {
  if (field === TOP.events) return takeUint32s(record.events, wire, cursor)
  if (wire !== WIRE.startGroup) return false
  switch (field) {
    case TOP.general:
      record.general = readNumbers(cursor, field, GENERAL, record.general)
      return true
    case TOP.navigation:
      record.navigation = readNumbers(cursor, field, NAVIGATION, record.navigation)
      return true
    case TOP.inputs:
      record.inputs = readNumbers(cursor, field, INPUTS, record.inputs)
      return true
    case TOP.can:
      record.can = readNumbers(cursor, field, CAN, record.can)
      return true
    case TOP.fuelSensors:
      record.fuelSensors = readNumbers(cursor, field, FUEL_SENSORS, record.fuelSensors)
      return true
    case TOP.obd:
      record.obd = readNumbers(cursor, field, OBD, record.obd)
      return true
    case TOP.other:
      readGroup(cursor, field, record, takeOther)
      return true
    case TOP.log:
      readGroup(cursor, field, record, takeLog)
      return true
    default:
      return false
  }
}

function takeOther(record: Draft, field: number, wire: number, cursor: Cursor): boolean {
  if (field !== OTHER_TEMPERATURES || wire !== WIRE.startGroup) return false
  record.temperatures = readNumbers(cursor, field, TEMPERATURES, record.temperatures)
  return true
}

function takeLog(record: Draft, field: number, wire: number, cursor: Cursor): boolean {
  if (field !== LOG_TEXT || wire !== WIRE.bytes) return false
  const end = readLength(cursor)
  const firmware = firmwareIn(cursor.bytes.subarray(cursor.at, end))
  if (firmware !== undefined) record.firmware = firmware
  cursor.at = end
  return true
}

const VER = [0x56, 0x65, 0x72] as const
const LONGEST_FIRMWARE = 10

/** The digits behind the last `Ver` of a text that has some there. The text itself may be in any encoding. */
function firmwareIn(text: Uint8Array): string | undefined {
  let found: string | undefined
  for (let at = text.indexOf(VER[0]); at >= 0; at = text.indexOf(VER[0], at + 1)) {
    if (text[at + 1] !== VER[1] || text[at + 2] !== VER[2]) continue
    const digits = digitsAt(text, at + VER.length)
    if (digits !== '') found = digits
  }
  return found
}

function digitsAt(text: Uint8Array, from: number): string {
  let digits = ''
  for (let at = from; at < text.length && digits.length < LONGEST_FIRMWARE; at += 1) {
    const code = text[at] ?? 0
    if (code < 0x30 || code > 0x39) break
    digits += String.fromCharCode(code)
  }
  return digits
}
