import type { Instant } from '../time.ts'
import { believableFix } from './believable-fix.ts'
import type { EgtsRecord } from './egts-record.ts'
import {
  type EgtsPosition,
  type EgtsSubrecord,
  type EgtsTerminal,
  TELEMETRY_SERVICE,
} from './egts-subrecord.ts'
import { numberWithin } from './limits.ts'
import type { Observation, Readings } from './observation.ts'
import { NUMBER_READINGS, type NumberReading } from './target.ts'

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

/** Whom a record is about. */
type EgtsName = { readonly terminalId: string; readonly aliases?: readonly string[] }

/** From where and when the bytes came. */
type EgtsContext = { readonly source: string; readonly receivedAt: Instant }

/**
 * The object of the record, else the terminal of the connection by its unit id, else by its IMEI. The IMEI is another
 * name of the unit id that came with it, and of no other object: a relay sends many on one connection.
 */
export function egtsName(
  objectId: number | undefined,
  terminal: EgtsTerminal | undefined,
): EgtsName | undefined {
  const { unitId, imei } = terminal ?? {}
  const id = objectId ?? unitId
  if (id === undefined) return imei === undefined ? undefined : { terminalId: imei }
  const terminalId = String(id)
  return imei !== undefined && id === unitId && imei !== terminalId
    ? { terminalId, aliases: [imei] }
    : { terminalId }
}

/**
 * What a record says of its terminal. Each position is an observation with what follows it up to the next one. Data
 * without a position is dated by the record; if that has no time either, nothing says whether it is of now, and it is
 * mere presence. Records of other services are presence.
 */
export function egtsObservations(
  record: EgtsRecord,
  name: EgtsName,
  context: EgtsContext,
): readonly Observation[] {
  if (record.service !== TELEMETRY_SERVICE) return [egtsPresence(name, context)]
  return measurements(record.subrecords).map(({ position, ...measured }) => {
    if (position !== undefined) return positioned(position, measured, record.at, { ...name, ...context })
    if (record.at === undefined) return egtsPresence(name, context)
    return withReadings({ ...name, ...context, eventAt: record.at, kind: 'live' }, measured.readings)
  })
}

export function egtsPresence(name: EgtsName, context: EgtsContext): Observation {
  return { ...name, ...context, kind: 'presence' }
}

type Measured = { satellites?: number; readonly readings: Mutable<Readings> }
type Measurement = Measured & { position?: EgtsPosition }

/** Positions with what belongs to them; at least one, perhaps without a position. */
function measurements(subrecords: readonly EgtsSubrecord[]): readonly Measurement[] {
  let current: Measurement = { readings: {} }
  const all = [current]
  for (const subrecord of subrecords) {
    if (subrecord.kind === 'position') {
      if (current.position !== undefined) {
        current = { readings: {} }
        all.push(current)
      }
      current.position = subrecord.position
    } else if (subrecord.kind === 'satellites') {
      current.satellites = subrecord.satellites
      put(current.readings, 'satellites', subrecord.satellites)
    } else if (subrecord.kind === 'fuel') {
      // Two modules may have a sensor of the same number: the first one is shown.
      const name = FUEL_NAMES[subrecord.sensor - 1]
      if (name !== undefined && current.readings[name] === undefined)
        put(current.readings, name, subrecord.level)
    }
  }
  return all
}

const FUEL_NAMES = ['fuel1', 'fuel2', 'fuel3', 'fuel4', 'fuel5', 'fuel6', 'fuel7', 'fuel8'] as const

/**
 * Ignition is left out: which of the inputs it is wired to is set per terminal, and the source of the event is zero
 * ("timer with ignition on") in terminals that do not fill it. The speed of an invalid fix is no reading.
 */
function positioned(
  position: EgtsPosition,
  { satellites, readings }: Measured,
  recordAt: Instant | undefined,
  base: EgtsName & EgtsContext,
): Observation {
  const eventAt = position.at ?? recordAt
  const fix = believableFix({ ...position, satellites })
  if (position.valid) put(readings, 'speedKmh', position.speedKmh)
  put(readings, 'mileageM', position.mileageM)
  return withReadings(
    {
      ...base,
      ...(eventAt === undefined ? {} : { eventAt }),
      kind: position.isArchive ? 'archive' : 'live',
      ...(fix === undefined ? {} : { fix }),
    },
    readings,
  )
}

function put(readings: Mutable<Readings>, name: NumberReading, value: number | undefined): void {
  const reading = numberWithin(value, NUMBER_READINGS[name])
  if (reading !== undefined) readings[name] = reading
}

function withReadings(observation: Observation, readings: Readings): Observation {
  return Object.keys(readings).length === 0 ? observation : { ...observation, readings }
}
