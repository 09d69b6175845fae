import { type Instant, parseIso } from '../time.ts'
import { readNumber } from './value.ts'

/** A value of a field: null where the terminal says that it has none, undefined where it cannot be read. */
type FieldValue<Value> = Value | null | undefined

/** `NA`, or nothing at all. */
export function isAbsent(text: string): boolean {
  return text === '' || text === 'NA'
}

/** A decimal number; some terminals write the comma of their language. */
export function readDecimal(text: string): FieldValue<number> {
  return isAbsent(text) ? null : readNumber(text.replace(',', '.'))
}

/** A decimal number that is not negative. */
export function readPositive(text: string): FieldValue<number> {
  const value = readDecimal(text)
  return typeof value === 'number' && value < 0 ? undefined : value
}

/** A whole number that is not negative, also written `11.000`. */
export function readCount(text: string): FieldValue<number> {
  const value = readPositive(text)
  return typeof value === 'number' && !Number.isInteger(value) ? undefined : value
}

/**
 * `DDMMYY` and `HHMMSS` with up to nine digits of a second's fraction, UTC. `NA;NA` is a terminal without a clock:
 * its server would put its own time there, so it is no event time. A date without a time is none either, but a fault.
 */
export function readWialonTime(date: string, time: string): FieldValue<Instant> {
  if (isAbsent(date) && isAbsent(time)) return null
  const day = /^(\d\d)(\d\d)(\d\d)$/.exec(date)
  const clock = /^(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?$/.exec(time)
  if (day === null || clock === null) return undefined
  const fraction = clock[4] === undefined ? '' : `.${clock[4]}`
  return parseIso(`20${day[3]}-${day[2]}-${day[1]}T${clock[1]}:${clock[2]}:${clock[3]}${fraction}Z`)
}

/** `5615.0000;N`: degrees and minutes to degrees, south negative. */
export function readLatitude(text: string, side: string): FieldValue<number> {
  return readAngle(text, side, 'N', 'S', 90)
}

/** `04330.0000;E`: degrees and minutes to degrees, west negative. */
export function readLongitude(text: string, side: string): FieldValue<number> {
  return readAngle(text, side, 'E', 'W', 180)
}

function readAngle(
  text: string,
  side: string,
  plus: string,
  minus: string,
  largest: number,
): FieldValue<number> {
  const value = readPositive(text)
  if (value === null) return isAbsent(side) || side === plus || side === minus ? null : undefined
  if (value === undefined || (side !== plus && side !== minus)) return undefined
  const degrees = Math.floor(value / 100)
  const minutes = value - degrees * 100
  // Seven digits are a centimetre, and finer than what four digits of a minute can say.
  const angle = Math.round((degrees + minutes / 60) * 1e7) / 1e7
  if (minutes >= 60 || angle > largest) return undefined
  return side === plus || angle === 0 ? angle : -angle
}
