import { type Instant, SECOND } from '../time.ts'
import { u16, u24, u32 } from './little-endian.ts'
import { readId } from './value.ts'

export const AUTHORISATION_SERVICE = 1
export const TELEMETRY_SERVICE = 2

/** Who a terminal says it is. At least one of both is there, unless it names nobody. */
export type EgtsTerminal = {
  /** Not zero, which means that none is set. */
  readonly unitId?: number
  readonly imei?: string
}

export type EgtsPosition = {
  /** Undefined: the terminal has no time. */
  readonly at: Instant | undefined
  readonly latitude: number
  readonly longitude: number
  readonly valid: boolean
  readonly isArchive: boolean
  readonly speedKmh: number
  /** Degrees; beyond 360 where it is not known. */
  readonly course: number
  /** Metres; undefined: not sent. */
  readonly mileageM: number | undefined
  readonly altitudeM: number | undefined
}

export type EgtsSubrecord =
  /** An answer to a record of ours. */
  | { readonly kind: 'confirmation' }
  | { readonly kind: 'terminal'; readonly terminal: EgtsTerminal }
  /** The peer wants to hear whether it is let in. */
  | { readonly kind: 'authorisation' }
  | { readonly kind: 'position'; readonly position: EgtsPosition }
  | { readonly kind: 'satellites'; readonly satellites: number }
  /** `sensor` from 1 to 8; litres, per cent or the sensor's own steps: whatever this sensor sends. */
  | { readonly kind: 'fuel'; readonly sensor: number; readonly level: number }
  | { readonly kind: 'other' }

/** Seconds of EGTS count from 2010-01-01T00:00:00Z. Zero is what a terminal without a clock sends. */
export function fromEgtsTime(seconds: number): Instant | undefined {
  return seconds === 0 ? undefined : (EPOCH_SECONDS + seconds) * SECOND
}

const EPOCH_SECONDS = 1_262_304_000

/** The content of a subrecord; undefined: it is shorter than its type must be. Types mean something per service. */
export function readEgtsSubrecord(
  service: number,
  type: number,
  data: Uint8Array,
): EgtsSubrecord | undefined {
  if (type === 0) return { kind: 'confirmation' }
  if (service === AUTHORISATION_SERVICE) {
    if (type === 1) return terminal(data)
    // 5 is the identity of a relay (in an older list of numbers AUTH_INFO), 7 is AUTH_INFO; 9 answers all of them.
    return { kind: type === 5 || type === 7 ? 'authorisation' : 'other' }
  }
  if (service !== TELEMETRY_SERVICE) return { kind: 'other' }
  if (type === 16) return position(data)
  if (type === 17) return satellites(data)
  if (type === 27) return fuel(data)
  return { kind: 'other' }
}

/** TERM_IDENTITY: unit id, flags, [dispatcher], [IMEI], then IMSI, language, network, buffer and number. */
function terminal(data: Uint8Array): EgtsSubrecord | undefined {
  const flags = data[4]
  if (flags === undefined) return undefined
  const unitId = u32(data, 0)
  const at = 5 + ((flags & 1) === 0 ? 0 : 2)
  const hasImei = (flags & 2) !== 0
  if (hasImei && data.length < at + IMEI_BYTES) return undefined
  const imei = hasImei ? readImei(data.subarray(at, at + IMEI_BYTES)) : undefined
  return {
    kind: 'terminal',
    terminal: { ...(unitId === 0 ? {} : { unitId }), ...(imei === undefined ? {} : { imei }) },
  }
}

const IMEI_BYTES = 15

/** Filled up with zero bytes or blanks where it is shorter. */
function readImei(bytes: Uint8Array): string | undefined {
  return readId(String.fromCharCode(...bytes).replace(/\0+$/, ''))
}

/** POS_DATA: time, latitude, longitude, flags, speed, course, odometer, inputs, source of the event, [altitude]. */
function position(data: Uint8Array): EgtsSubrecord | undefined {
  if (data.length < 21) return undefined
  const flags = data[12] ?? 0
  const motion = u16(data, 13)
  const odometer = u24(data, 16)
  const height = (flags & 0x80) !== 0 && data.length >= 24 ? u24(data, 21) : undefined
  return {
    kind: 'position',
    position: {
      at: fromEgtsTime(u32(data, 0)),
      latitude: angle(u32(data, 4), 90, (flags & 0x20) !== 0),
      longitude: angle(u32(data, 8), 180, (flags & 0x40) !== 0),
      valid: (flags & 0x01) !== 0,
      isArchive: (flags & 0x08) !== 0,
      speedKmh: (motion & 0x3fff) / 10,
      course: (data[15] ?? 0) + ((motion & 0x8000) === 0 ? 0 : 0x100),
      // The field is always there: zero is what a terminal without an odometer sends.
      mileageM: odometer === 0 ? undefined : odometer * 100,
      altitudeM: height === undefined ? undefined : signed(height, (motion & 0x4000) !== 0),
    },
  }
}

/** A fraction of 2^32 - 1 as degrees; its step is 2 or 4 units of the seventh digit, which is a centimetre. */
function angle(fraction: number, largest: number, isNegative: boolean): number {
  return signed(Math.round((fraction / 0xffff_ffff) * largest * 1e7) / 1e7, isNegative)
}

function signed(value: number, isNegative: boolean): number {
  return isNegative && value !== 0 ? -value : value
}

/** EXT_POS_DATA: flags, then [vertical], [horizontal], [whole] loss of accuracy, [satellites], by the flags' bits. */
function satellites(data: Uint8Array): EgtsSubrecord | undefined {
  const flags = data[0]
  if (flags === undefined) return undefined
  if ((flags & 8) === 0) return { kind: 'other' }
  const count = data[1 + 2 * ((flags & 1) + ((flags >>> 1) & 1) + ((flags >>> 2) & 1))]
  return count === undefined ? undefined : { kind: 'satellites', satellites: count }
}

/**
 * LIQUID_LEVEL_SENSOR: flags (sensor, raw, unit, error), module, level. The unit is the sensor's own steps, per cent or
 * tenths of a litre. A raw copy of a port (`raw`), an unknown unit and an erring sensor give nothing.
 */
function fuel(data: Uint8Array): EgtsSubrecord | undefined {
  const flags = data[0]
  if (flags === undefined) return undefined
  const unit = (flags >>> 4) & 3
  if ((flags & 0x48) !== 0 || unit === 3) return { kind: 'other' }
  if (data.length < 7) return undefined
  const level = u32(data, 3)
  return { kind: 'fuel', sensor: (flags & 7) + 1, level: unit === 2 ? level / 10 : level }
}
