import type { Instant } from '../time.ts'
import type { Decoded, Envelope } from './decoder.ts'
import type { Found } from './found.ts'
import { kindSaid } from './kind.ts'
import { numberWithin } from './limits.ts'
import type { Fix, Observation, Readings, RejectReason } from './observation.ts'
import { whyRefused } from './refusal.ts'
import { BOOLEAN_READINGS, FIX_NUMBERS, NUMBER_READINGS, type NumberReading, SLOT } from './target.ts'
import { excerpt, isNobody, readBoolean, readId, readText, readTime } from './value.ts'

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

const LONGEST_FIRMWARE = 64

/**
 * Turns what was found in a record into an observation. Only the identity and the times can reject it: a reading
 * that cannot be read is left out, since a terminal with a broken sensor has still been heard. `zone` is for times
 * without an offset. `kind` here is what the source or the road says; `judge` adds what the times say. `otherId`
 * is another name of the terminal in the same payload.
 */
export function assemble(
  found: Found,
  envelope: Envelope,
  zone: string | undefined,
  otherId?: unknown,
): Decoded {
  const { values } = found
  const terminalId = readId(values[SLOT.terminal])
  if (terminalId === undefined) return badTerminal(values[SLOT.terminal])
  const eventAt = readTime(values[SLOT.eventAt], zone)
  if (eventAt === undefined && isFault(values[SLOT.eventAt])) {
    return rejected('bad-value', timeFault('event time', values[SLOT.eventAt]))
  }
  const heardAt = readTime(values[SLOT.heardAt], zone)
  if (heardAt === undefined && isFault(values[SLOT.heardAt])) {
    return rejected('bad-value', timeFault('server time', values[SLOT.heardAt]))
  }
  const kind = kindSaid(values, envelope, heardAt !== undefined)?.kind
  if (kind === undefined) return rejected('bad-value', kindFault(values[SLOT.kind]))
  const observation: Mutable<Observation> = {
    terminalId,
    source: envelope.source,
    receivedAt: envelope.receivedAt,
    kind,
  }
  const alias = otherId === undefined ? undefined : readId(otherId)
  if (alias !== undefined && alias !== terminalId) observation.aliases = [alias]
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
    return rejected('no-terminal', NO_TERMINAL)
  }
  return rejected(isNobody(value) ? 'no-terminal' : 'bad-value', terminalFault(value))
}

export const NO_TERMINAL =
  'nothing names the terminal: no known field, and neither a mapping for `terminal` nor the topic gave one'

/** What is wrong with a terminal id that `readId` refuses. */
export function terminalFault(value: unknown): string {
  if (isNobody(value))
    return `terminal id ${excerpt(value)} is nobody's: zeros are sent until a device is set up`
  return `terminal id ${excerpt(value)} is not a text of 1 to 64 printable characters other than "." and "..", or an exact whole number`
}

/** What is wrong with a time that `readTime` refuses. */
export function timeFault(what: string, value: unknown): string {
  return `${what} ${excerpt(value)} is neither a Unix time nor ISO 8601`
}

export function kindFault(value: unknown): string {
  return `kind ${excerpt(value)} is not live, archive, snapshot or presence`
}

/** Something was sent that the format itself did not set aside. */
function isFault(value: unknown): boolean {
  return value !== undefined && whyRefused(value) === undefined
}

const NUMBER_SLOTS = (Object.keys(NUMBER_READINGS) as NumberReading[]).map((name) => ({
  name,
  slot: SLOT[name],
  limits: NUMBER_READINGS[name],
}))

const BOOLEAN_SLOTS = BOOLEAN_READINGS.map((name) => ({ name, slot: SLOT[name] }))

function readingsOf(values: readonly unknown[]): Readings | undefined {
  let readings: Mutable<Readings> | undefined
  for (const { name, slot, limits } of NUMBER_SLOTS) {
    if (values[slot] === undefined) continue
    const value = numberWithin(values[slot], limits)
    if (value === undefined) continue
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
    const firmware = readFirmware(values[SLOT.firmware])
    if (firmware !== undefined) {
      readings ??= {}
      readings.firmware = firmware
    }
  }
  return readings
}

/** A version as text, also where it was sent as a number. */
export function readFirmware(value: unknown): string | undefined {
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
  const latitude = numberWithin(values[SLOT.latitude], FIX_NUMBERS.latitude)
  const longitude = numberWithin(values[SLOT.longitude], FIX_NUMBERS.longitude)
  if (latitude === undefined || longitude === undefined) return undefined
  const fix: Mutable<Fix> = { latitude, longitude }
  const at: Instant | undefined = readTime(values[SLOT.fixAt], zone)
  if (at !== undefined) fix.at = at
  if (readings?.speedKmh !== undefined) fix.speedKmh = readings.speedKmh
  const course = numberWithin(values[SLOT.course], FIX_NUMBERS.course)
  if (course !== undefined) fix.course = course
  if (readings?.satellites !== undefined) fix.satellites = readings.satellites
  const altitudeM = numberWithin(values[SLOT.altitudeM], FIX_NUMBERS.altitudeM)
  if (altitudeM !== undefined) fix.altitudeM = altitudeM
  const valid = readBoolean(values[SLOT.valid])
  if (valid !== undefined) fix.valid = valid
  return fix
}
