import type { Instant } from '../time.ts'
import type { Decoded, Envelope } from './decoder.ts'
import type { Found } from './found.ts'
import type { Fix, Observation, ObservationKind, Readings, RejectReason } from './observation.ts'
import { BOOLEAN_READINGS, NUMBER_READINGS, type NumberReading, SLOT } from './target.ts'
import { excerpt, readBoolean, readId, readNumber, readText, readTime } from './value.ts'

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

const LONGEST_FIRMWARE = 64

/**
 * Turns what was found in a record into an observation. Only the identity and the times can reject it: a reading
 * that cannot be read is left out, since a terminal with a broken sensor has still been heard. `zone` is for times
 * without an offset. `kind` here is what the source or the road says; `judge` adds what the times say.
 */
export function assemble(found: Found, envelope: Envelope, zone: string | undefined): Decoded {
  const { values } = found
  const terminalId = readId(values[SLOT.terminal])
  if (terminalId === undefined) return badTerminal(values[SLOT.terminal])
  const eventAt = readTime(values[SLOT.eventAt], zone)
  if (eventAt === undefined && values[SLOT.eventAt] !== undefined) {
    return badTime('event time', values[SLOT.eventAt])
  }
  const heardAt = readTime(values[SLOT.heardAt], zone)
  if (heardAt === undefined && values[SLOT.heardAt] !== undefined) {
    return badTime('server time', values[SLOT.heardAt])
  }
  const kind = kindOf(values, envelope, heardAt !== undefined)
  if (kind === undefined) {
    return rejected(
      'bad-value',
      `kind ${excerpt(values[SLOT.kind])} is not live, archive, snapshot or presence`,
    )
  }
  const observation: Mutable<Observation> = {
    terminalId,
    source: envelope.source,
    receivedAt: envelope.receivedAt,
    kind,
  }
  if (heardAt !== undefined) observation.heardAt = heardAt
  const measuredAt = eventAt ?? (kind === 'snapshot' ? envelope.storedAt : undefined)
  if (measuredAt !== undefined) observation.eventAt = measuredAt
  const readings = readingsOf(values)
  const fix = fixOf(values, readings, zone)
  if (fix !== undefined) observation.fix = fix
  if (readings !== undefined) observation.readings = readings
  return { kind: 'observed', observations: [observation] }
}

export function rejected(reason: RejectReason, detail: string): Decoded {
  return { kind: 'rejected', reason, detail }
}

function badTerminal(value: unknown): Decoded {
  if (value === undefined || (typeof value === 'string' && value.trim() === '')) {
    return rejected('no-terminal', 'no field names the terminal; give the source a mapping for `terminal`')
  }
  return rejected(
    'bad-value',
    `terminal id ${excerpt(value)} is not a text of 1 to 64 printable characters or an exact whole number`,
  )
}

function badTime(what: string, value: unknown): Decoded {
  return rejected('bad-value', `${what} ${excerpt(value)} is neither a Unix time nor ISO 8601`)
}

/** Undefined: the source gave a kind that there is not. */
function kindOf(
  values: readonly unknown[],
  envelope: Envelope,
  serverSaidWhen: boolean,
): ObservationKind | undefined {
  // A stored or repeated message says nothing of now, whatever its sender called it when it was new.
  if (envelope.retained === true || (envelope.duplicate === true && !serverSaidWhen)) return 'snapshot'
  const named = values[SLOT.kind]
  if (named !== undefined) return isKind(named) ? named : undefined
  return readBoolean(values[SLOT.archive]) === true ? 'archive' : 'live'
}

function isKind(value: unknown): value is ObservationKind {
  return value === 'live' || value === 'archive' || value === 'snapshot' || value === 'presence'
}

const NUMBER_SLOTS = (Object.keys(NUMBER_READINGS) as NumberReading[]).map((name) => ({
  name,
  slot: SLOT[name],
  ...NUMBER_READINGS[name],
}))

const BOOLEAN_SLOTS = BOOLEAN_READINGS.map((name) => ({ name, slot: SLOT[name] }))

function readingsOf(values: readonly unknown[]): Readings | undefined {
  let readings: Mutable<Readings> | undefined
  for (const { name, slot, min, max, whole } of NUMBER_SLOTS) {
    if (values[slot] === undefined) continue
    const value = readNumber(values[slot])
    if (value === undefined || value < min || value > max) continue
    if (whole === true && !Number.isInteger(value)) continue
    readings ??= {}
    readings[name] = value
  }
  for (const { name, slot } of BOOLEAN_SLOTS) {
    if (values[slot] === undefined) continue
    const value = readBoolean(values[slot])
    if (value === undefined) continue
    readings ??= {}
    readings[name] = value
  }
  if (values[SLOT.firmware] !== undefined) {
    const firmware = firmwareOf(values[SLOT.firmware])
    if (firmware !== undefined) {
      readings ??= {}
      readings.firmware = firmware
    }
  }
  return readings
}

function firmwareOf(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isFinite(value)
    ? String(value)
    : readText(value, LONGEST_FIRMWARE)
}

/** The position, if both coordinates are there and on Earth; speed and satellites are those of the readings. */
function fixOf(
  values: readonly unknown[],
  readings: Readings | undefined,
  zone: string | undefined,
): Fix | undefined {
  const latitude = readNumber(values[SLOT.latitude])
  const longitude = readNumber(values[SLOT.longitude])
  if (latitude === undefined || latitude < -90 || latitude > 90) return undefined
  if (longitude === undefined || longitude < -180 || longitude > 180) return undefined
  const fix: Mutable<Fix> = { latitude, longitude }
  const at: Instant | undefined = readTime(values[SLOT.fixAt], zone)
  if (at !== undefined) fix.at = at
  if (readings?.speedKmh !== undefined) fix.speedKmh = readings.speedKmh
  const course = readNumber(values[SLOT.course])
  if (course !== undefined && course >= 0 && course <= 360) fix.course = course
  if (readings?.satellites !== undefined) fix.satellites = readings.satellites
  const altitudeM = readNumber(values[SLOT.altitudeM])
  if (altitudeM !== undefined && Math.abs(altitudeM) <= 100_000) fix.altitudeM = altitudeM
  const valid = readBoolean(values[SLOT.valid])
  if (valid !== undefined) fix.valid = valid
  return fix
}
