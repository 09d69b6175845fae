import type { Fix, Observation, ObservationKind, Readings } from '../telemetry/observation.ts'
import { parsePlainIso } from '../telemetry/plain-iso.ts'
import { type Instant, SECOND } from '../time.ts'
import { asciiText, createInterning, type Interning } from './interning.ts'

/** So many bytes must be readable behind the end of what is scanned. */
export const SCANNER_SLACK = 256

export type ObservationScanner = {
  /**
   * Reads the line that begins at `from`, line end and all; `end` is where the bytes end. Undefined: it is to be read as
   * JSON, or is not there as a whole. The next line is read into the same objects.
   */
  scan(from: number, end: number): Observation | undefined
  /** Where the next line begins after one that was read. */
  next(): number
  /** Number of the terminal's id (interning.ts) in the line that was read; -1: it has none. */
  idIndex(): number
}

/** Filled anew for each line. A field that is not known is undefined, which nobody tells from absent. */
type Draft<Fields> = { -readonly [Key in keyof Fields]-?: Fields[Key] | undefined }

/**
 * Reads observations as recordings have them (replay-line.ts) out of `bytes`, much faster than JSON.parse does: keys are
 * compared four bytes at a time, and ids and minutes that were there before are not made anew. Whatever is unusual is
 * left to JSON.parse: other keys, keys that come twice, nulls, escapes, texts that are not ASCII, exponents, other forms
 * of time. What is read here is what JSON.parse and replay-line.ts would make of it.
 */
export function createObservationScanner(
  bytes: Uint8Array,
  ids: Interning = createInterning(),
): ObservationScanner {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  let limit = 0
  let idIndex = -1
  let textIndex = -1
  const observation = emptyObservation()
  const fix = emptyFix()
  /** Something unusual was met. */
  let isUnusual = false
  /** The minute that was read last, as its 16 characters: most lines are of the same one. */
  let date0 = 0
  let date1 = 0
  let date2 = 0
  let date3 = 0
  let knownMinute: Instant = Number.NaN
  /** The source that was read last, and its text with the quotes. */
  let lastSource = ''
  let sourceBytes: Uint8Array = new Uint8Array(0)

  function scan(from: number, end: number): Observation | undefined {
    at = from
    limit = end
    isUnusual = false
    const isRead = readObservation()
    if (bytes[at] === RETURN) at += 1
    if (bytes[at] !== NEWLINE || at >= limit) return undefined
    at += 1
    return isRead && !isUnusual ? (observation as Observation) : undefined
  }

  function readObservation(): boolean {
    let terminalId: string | undefined
    let source: string | undefined
    let receivedAt: Instant | undefined
    let heardAt: Instant | undefined
    let eventAt: Instant | undefined
    let kind: ObservationKind | undefined
    let position: Fix | undefined
    let readings: Readings | undefined
    for (let more = enter(); more; more = next()) {
      switch (view.getInt32(at, true)) {
        case TERMINAL_ID.start:
          terminalId = key(TERMINAL_ID, terminalId) ? readId() : unusual()
          break
        case SOURCE.start:
          source = key(SOURCE, source) ? readSource() : unusual()
          break
        case RECEIVED_AT.start:
          receivedAt = key(RECEIVED_AT, receivedAt) ? readReceivedAt() : unusual()
          break
        case EVENT_AT.start:
          eventAt = key(EVENT_AT, eventAt) ? readInstant() : unusual()
          break
        case HEARD_AT.start:
          heardAt = key(HEARD_AT, heardAt) ? readInstant() : unusual()
          break
        case KIND.start:
          kind = key(KIND, kind) ? readKind() : unusual()
          break
        case FIX.start:
          position = key(FIX, position) ? readFix() : unusual()
          break
        case READINGS.start:
          readings = key(READINGS, readings) ? readReadings() : unusual()
          break
        default:
          isUnusual = true
      }
      if (isUnusual) return false
    }
    if (terminalId === undefined || source === undefined) return false
    if (receivedAt === undefined || kind === undefined) return false
    observation.terminalId = terminalId
    observation.source = source
    observation.receivedAt = receivedAt
    observation.heardAt = heardAt
    observation.eventAt = eventAt
    observation.kind = kind
    observation.fix = position
    observation.readings = readings
    return true
  }

  function readFix(): Fix | undefined {
    let latitude: number | undefined
    let longitude: number | undefined
    let speedKmh: number | undefined
    let satellites: number | undefined
    let valid: boolean | undefined
    let course: number | undefined
    let altitudeM: number | undefined
    let fixAt: Instant | undefined
    for (let more = enter(); more; more = next()) {
      switch (view.getInt32(at, true)) {
        case LATITUDE.start:
          latitude = key(LATITUDE, latitude) ? readNumber() : unusual()
          break
        case LONGITUDE.start:
          longitude = key(LONGITUDE, longitude) ? readNumber() : unusual()
          break
        case SPEED_KMH.start:
          speedKmh = key(SPEED_KMH, speedKmh) ? readNumber() : unusual()
          break
        case SATELLITES.start:
          satellites = key(SATELLITES, satellites) ? readNumber() : unusual()
          break
        case VALID.start:
          valid = key(VALID, valid) ? readBoolean() : unusual()
          break
        case COURSE.start:
          course = key(COURSE, course) ? readNumber() : unusual()
          break
        case ALTITUDE_M.start:
          altitudeM = key(ALTITUDE_M, altitudeM) ? readNumber() : unusual()
          break
        case AT.start:
          fixAt = key(AT, fixAt) ? readInstant() : unusual()
          break
        default:
          isUnusual = true
      }
      if (isUnusual) return undefined
    }
    if (!(latitude !== undefined && latitude >= -90 && latitude <= 90)) return unusual()
    if (!(longitude !== undefined && longitude >= -180 && longitude <= 180)) return unusual()
    fix.latitude = latitude
    fix.longitude = longitude
    fix.at = fixAt
    fix.speedKmh = speedKmh
    fix.course = course
    fix.satellites = satellites
    fix.altitudeM = altitudeM
    fix.valid = valid
    return fix as Fix
  }

  function readReadings(): Readings | undefined {
    const readings: { -readonly [Name in keyof Readings]: Readings[Name] | undefined } = {}
    for (let more = enter(); more; more = next()) {
      if (key(IGNITION, readings.ignition)) readings.ignition = readBoolean()
      else if (key(SPEED_KMH, readings.speedKmh)) readings.speedKmh = readNumber()
      else if (key(VOLTAGE, readings.voltage)) readings.voltage = readNumber()
      else if (key(SATELLITES, readings.satellites)) readings.satellites = readNumber()
      else if (key(GSM_PERCENT, readings.gsmPercent)) readings.gsmPercent = readNumber()
      else if (key(BATTERY_VOLTAGE, readings.batteryVoltage)) readings.batteryVoltage = readNumber()
      else if (key(BATTERY_PERCENT, readings.batteryPercent)) readings.batteryPercent = readNumber()
      else if (key(BACKUP_POWER, readings.backupPower)) readings.backupPower = readBoolean()
      else if (key(ROAMING, readings.roaming)) readings.roaming = readBoolean()
      else if (key(GPS_JAMMING, readings.gpsJamming)) readings.gpsJamming = readBoolean()
      else if (key(GSM_JAMMING, readings.gsmJamming)) readings.gsmJamming = readBoolean()
      else if (key(MILEAGE_M, readings.mileageM)) readings.mileageM = readNumber()
      else if (key(RPM, readings.rpm)) readings.rpm = readNumber()
      else if (key(FUEL_1, readings.fuel1)) readings.fuel1 = readNumber()
      else isUnusual = true
      if (isUnusual) return undefined
    }
    return readings as Readings
  }

  function unusual(): undefined {
    isUnusual = true
    return undefined
  }

  /** Steps into an object; false: it is empty, or none. */
  function enter(): boolean {
    if (bytes[at] !== OPEN) return unusual() ?? false
    at += 1
    if (bytes[at] !== CLOSE) return true
    at += 1
    return false
  }

  /** Steps over the comma to the next member, or out of the object. */
  function next(): boolean {
    const code = bytes[at]
    at += 1
    if (code === COMMA && at < limit) {
      if (bytes[at] === SPACE) at += 1
      return true
    }
    if (code !== CLOSE) isUnusual = true
    return false
  }

  /** Steps over the key with its colon if it is there. Of one that comes twice JSON.parse takes the last value. */
  function key({ start, words, length }: Key, before: unknown): boolean {
    if (view.getInt32(at, true) !== start) return false
    for (let i = 0; i < words.length; i++) {
      // The last four bytes, some of them for the second time.
      const offset = Math.min(4 * i + 4, length - 4)
      if (view.getInt32(at + offset, true) !== words[i]) return false
    }
    if (before !== undefined) isUnusual = true
    at += length
    if (bytes[at] === SPACE) at += 1
    return true
  }

  /** Nearly always that of the line before. */
  function readSource(): string | undefined {
    if (lastSource !== '' && isSource(at)) {
      at += sourceBytes.length
      return lastSource
    }
    const from = at
    const text = readText()
    if (text === undefined) return undefined
    lastSource = text
    sourceBytes = bytes.slice(from, at)
    return text
  }

  function isSource(from: number): boolean {
    for (let i = 0; i < sourceBytes.length; i++) if (bytes[from + i] !== sourceBytes[i]) return false
    return true
  }

  function readId(): string | undefined {
    const text = readText()
    idIndex = textIndex
    return text
  }

  /** A text of 1 to 64 characters that needs no trimming. */
  function readText(): string | undefined {
    if (bytes[at] !== QUOTE) return unusual()
    const from = at + 1
    let number = 0
    let to = from
    let code = bytes[to] ?? 0
    // Most ids are decimal numbers that a double holds exactly.
    for (; code >= DIGIT_0 && code <= DIGIT_9 && to - from < 15; code = bytes[++to] ?? 0) {
      number = number * 10 + (code - DIGIT_0)
    }
    if (code === QUOTE && to > from && bytes[from] !== DIGIT_0) {
      at = to + 1
      textIndex = ids.ofNumber(number)
      return textIndex < 0 ? String(number) : ids.text(textIndex)
    }
    // Blanks, control characters and what is not ASCII.
    for (; code !== QUOTE; code = bytes[++to] ?? 0) {
      if (code <= SPACE || code >= DELETE || code === BACKSLASH || to - from > LONGEST_ID) return unusual()
    }
    if (to === from || to - from > LONGEST_ID) return unusual()
    at = to + 1
    textIndex = ids.ofBytes(bytes, from, to)
    return textIndex < 0 ? asciiText(bytes, from, to) : ids.text(textIndex)
  }

  function readKind(): ObservationKind | undefined {
    switch (view.getInt32(at, true)) {
      case LIVE.start:
        return word(LIVE) ? 'live' : unusual()
      case ARCHIVE.start:
        return word(ARCHIVE) ? 'archive' : unusual()
      case SNAPSHOT.start:
        return word(SNAPSHOT) ? 'snapshot' : unusual()
      case PRESENCE.start:
        return word(PRESENCE) ? 'presence' : unusual()
      default:
        return unusual()
    }
  }

  function readBoolean(): boolean | undefined {
    if (word(TRUE)) return true
    return word(FALSE) ? false : unusual()
  }

  function word({ start, words, length }: Key): boolean {
    if (view.getInt32(at, true) !== start) return false
    for (let i = 0; i < words.length; i++) {
      if (view.getInt32(at + Math.min(4 * i + 4, length - 4), true) !== words[i]) return false
    }
    at += length
    return true
  }

  /**
   * A number of at most 15 digits without an exponent: its digits and the power of ten are exact, so that their
   * quotient is the nearest number, as JSON.parse gives it (Clinger, "How to read floating point numbers accurately").
   */
  function readNumber(): number | undefined {
    const isNegative = bytes[at] === MINUS
    if (isNegative) at += 1
    const first = at
    let value = 0
    let code = bytes[at] ?? 0
    for (; code >= DIGIT_0 && code <= DIGIT_9 && at - first < 16; code = bytes[++at] ?? 0) {
      value = value * 10 + (code - DIGIT_0)
    }
    const whole = at - first
    // JSON knows neither an empty whole part nor leading zeros.
    if (whole === 0 || whole > 15 || (whole > 1 && bytes[first] === DIGIT_0)) return unusual()
    if (code !== POINT)
      return code === LETTER_E || code === LETTER_UPPER_E ? unusual() : isNegative ? -value : value
    const point = ++at
    code = bytes[at] ?? 0
    for (; code >= DIGIT_0 && code <= DIGIT_9 && at - point < 16; code = bytes[++at] ?? 0) {
      value = value * 10 + (code - DIGIT_0)
    }
    const places = at - point
    if (places === 0 || whole + places > 15) return unusual()
    if (code === LETTER_E || code === LETTER_UPPER_E) return unusual()
    const size = value / (POWERS[places] ?? 1)
    return isNegative ? -size : size
  }

  /** The service's own clock is of these years; else replay-line.ts says what is wrong. */
  function readReceivedAt(): Instant | undefined {
    const instant = readInstant()
    return instant !== undefined && instant >= YEAR_2000 && instant <= YEAR_2200 ? instant : unusual()
  }

  /** `"2026-01-15T10:20:30Z"` or `"2026-01-15T10:20:30.123Z"`. */
  function readInstant(): Instant | undefined {
    if (bytes[at] !== QUOTE) return unusual()
    const from = at + 1
    const minute = minuteAt(from)
    if (minute === undefined || bytes[from + 16] !== COLON) return unusual()
    const tens = (bytes[from + 17] ?? 0) - DIGIT_0
    const ones = (bytes[from + 18] ?? 0) - DIGIT_0
    if (!(tens >= 0 && tens <= 5 && ones >= 0 && ones <= 9)) return unusual()
    const whole = minute + (tens * 10 + ones) * SECOND
    if (bytes[from + 19] !== POINT) return endInstant(from + 19, whole)
    const tenths = (bytes[from + 20] ?? 0) - DIGIT_0
    const hundredths = (bytes[from + 21] ?? 0) - DIGIT_0
    const thousandths = (bytes[from + 22] ?? 0) - DIGIT_0
    if (!(tenths >= 0 && tenths <= 9 && hundredths >= 0 && hundredths <= 9)) return unusual()
    if (!(thousandths >= 0 && thousandths <= 9)) return unusual()
    return endInstant(from + 23, whole + tenths * 100 + hundredths * 10 + thousandths)
  }

  function endInstant(zone: number, instant: Instant): Instant | undefined {
    if (bytes[zone] !== LETTER_Z || bytes[zone + 1] !== QUOTE) return unusual()
    at = zone + 2
    return instant
  }

  /** `2026-01-15T10:20` */
  function minuteAt(from: number): Instant | undefined {
    const word0 = view.getInt32(from, true)
    const word1 = view.getInt32(from + 4, true)
    const word2 = view.getInt32(from + 8, true)
    const word3 = view.getInt32(from + 12, true)
    if (word3 === date3 && word2 === date2 && word1 === date1 && word0 === date0) return knownMinute
    const text = asciiText(bytes, from, from + 16)
    const minute = parsePlainIso(`${text}:00Z`)
    if (minute === undefined) return undefined
    date0 = word0
    date1 = word1
    date2 = word2
    date3 = word3
    knownMinute = minute
    return minute
  }

  return { scan, next: () => at, idIndex: () => idIndex }
}

function emptyObservation(): Draft<Omit<Observation, 'aliases'>> {
  return {
    terminalId: '',
    source: '',
    receivedAt: 0,
    heardAt: undefined,
    eventAt: undefined,
    kind: 'live',
    fix: undefined,
    readings: undefined,
  }
}

function emptyFix(): Draft<Fix> {
  return {
    latitude: 0,
    longitude: 0,
    at: undefined,
    speedKmh: undefined,
    course: undefined,
    satellites: undefined,
    altitudeM: undefined,
    valid: undefined,
  }
}

/** A key with its quotes and colon, or a value: its first four bytes, and the others. */
type Key = { readonly start: number; readonly words: Int32Array; readonly length: number }

function token(text: string): Key {
  const view = new DataView(Uint8Array.from(text, (char) => char.charCodeAt(0)).buffer)
  const { byteLength: length } = view
  const offsets = Array.from({ length: Math.ceil(length / 4) - 1 }, (_, i) => Math.min(4 * i + 4, length - 4))
  const words = Int32Array.from(offsets, (offset) => view.getInt32(offset, true))
  return { start: view.getInt32(0, true), words, length }
}

const TERMINAL_ID = token('"terminalId":')
const SOURCE = token('"source":')
const RECEIVED_AT = token('"receivedAt":')
const EVENT_AT = token('"eventAt":')
const HEARD_AT = token('"heardAt":')
const KIND = token('"kind":')
const FIX = token('"fix":')
const READINGS = token('"readings":')
const LATITUDE = token('"latitude":')
const LONGITUDE = token('"longitude":')
const SPEED_KMH = token('"speedKmh":')
const SATELLITES = token('"satellites":')
const VALID = token('"valid":')
const COURSE = token('"course":')
const ALTITUDE_M = token('"altitudeM":')
const AT = token('"at":')
const IGNITION = token('"ignition":')
const VOLTAGE = token('"voltage":')
const GSM_PERCENT = token('"gsmPercent":')
const BATTERY_VOLTAGE = token('"batteryVoltage":')
const BATTERY_PERCENT = token('"batteryPercent":')
const BACKUP_POWER = token('"backupPower":')
const ROAMING = token('"roaming":')
const GPS_JAMMING = token('"gpsJamming":')
const GSM_JAMMING = token('"gsmJamming":')
const MILEAGE_M = token('"mileageM":')
const RPM = token('"rpm":')
const FUEL_1 = token('"fuel1":')
const LIVE = token('"live"')
const ARCHIVE = token('"archive"')
const SNAPSHOT = token('"snapshot"')
const PRESENCE = token('"presence"')
const TRUE = token('true')
const FALSE = token('false')

const LONGEST_ID = 64
const POWERS: readonly number[] = Array.from({ length: 16 }, (_, index) => 10 ** index)
const YEAR_2000: Instant = 946_684_800_000
const YEAR_2200: Instant = 7_258_118_400_000

const NEWLINE = 0x0a
const RETURN = 0x0d
const SPACE = 0x20
const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const DIGIT_0 = 0x30
const DIGIT_9 = 0x39
const COLON = 0x3a
const LETTER_UPPER_E = 0x45
const LETTER_Z = 0x5a
const BACKSLASH = 0x5c
const LETTER_E = 0x65
const OPEN = 0x7b
const CLOSE = 0x7d
const DELETE = 0x7f
