import type { Instant } from '../time.ts'
import type { Readings } from './observation.ts'
import { excerpt } from './value.ts'
import { readParams } from './wialon-ips-params.ts'
import {
  isAbsent,
  readCount,
  readDecimal,
  readLatitude,
  readLongitude,
  readPositive,
  readWialonTime,
} from './wialon-ips-values.ts'

/** What one record says, each value absent where the terminal sent `NA`. */
export type WialonRecord = {
  readonly at: Instant | null
  readonly latitude: number | null
  readonly longitude: number | null
  readonly speedKmh: number | null
  /** Degrees clockwise from north. */
  readonly course: number | null
  readonly altitudeM: number | null
  readonly satellites: number | null
  readonly readings: Readings
}

/** A number of the answer: what in the record cannot be read. */
type FaultCode = '-1' | '0' | '10' | '11' | '12' | '13' | '14' | '15'

export type RecordResult =
  | { readonly kind: 'record'; readonly record: WialonRecord }
  | { readonly kind: 'fault'; readonly code: FaultCode; readonly detail: string }

export const SHORT_FIELDS = 10
export const LONG_FIELDS = 16

/**
 * `date;time;lat;N;lon;E;speed;course;altitude;satellites`, and in the long form
 * `;hdop;inputs;outputs;adc;ibutton;params`. The first field that cannot be read decides the code, in the order of the
 * protocol. Accuracy, inputs, outputs and analogue values are only checked: what is wired to them is not known here.
 */
export function readWialonRecord(
  text: string,
  length: typeof SHORT_FIELDS | typeof LONG_FIELDS,
): RecordResult {
  const fields = text.split(';')
  if (fields.length !== length) {
    return fault('-1', `${fields.length} fields in place of ${length}`)
  }
  const field = (index: number): string => (fields[index] ?? '').trim()
  const at = readWialonTime(field(0), field(1))
  if (at === undefined) return fault('0', `time ${excerpt(`${field(0)};${field(1)}`)}`)
  const latitude = readLatitude(field(2), field(3))
  const longitude = readLongitude(field(4), field(5))
  if (latitude === undefined || longitude === undefined || (latitude === null) !== (longitude === null)) {
    return fault('10', `position ${excerpt(fields.slice(2, 6).join(';'))}`)
  }
  const speedKmh = readPositive(field(6))
  const course = readPositive(field(7))
  const altitudeM = readDecimal(field(8))
  if (speedKmh === undefined || course === undefined || altitudeM === undefined) {
    return fault('11', `speed, course and altitude ${excerpt(fields.slice(6, 9).join(';'))}`)
  }
  const satellites = readCount(field(9))
  if (satellites === undefined) return fault('12', `satellites ${excerpt(field(9))}`)
  const base = { at, latitude, longitude, speedKmh, course, altitudeM, satellites }
  if (length === SHORT_FIELDS) return { kind: 'record', record: { ...base, readings: {} } }
  return longTail(field) ?? withParams(base, field(15))
}

/** What is wrong with the fields between the satellites and the parameters. */
function longTail(field: (index: number) => string): RecordResult | undefined {
  if (readPositive(field(10)) === undefined) return fault('12', `accuracy ${excerpt(field(10))}`)
  if (readCount(field(11)) === undefined || readCount(field(12)) === undefined) {
    return fault('13', `inputs and outputs ${excerpt(`${field(11)};${field(12)}`)}`)
  }
  const analogue = field(13)
  return isAbsent(analogue) || analogue.split(',').every((value) => readDecimal(value.trim()) !== undefined)
    ? undefined
    : fault('14', `analogue inputs ${excerpt(analogue)}`)
}

function withParams(base: Omit<WialonRecord, 'readings'>, text: string): RecordResult {
  const params = readParams(text)
  return params.kind === 'fault'
    ? fault('15', params.detail)
    : { kind: 'record', record: { ...base, readings: params.readings } }
}

function fault(code: FaultCode, detail: string): RecordResult {
  return { kind: 'fault', code, detail }
}
