import type { Instant } from '../time.ts'
import { believableFix } from './believable-fix.ts'
import { numberWithin } from './limits.ts'
import type { Observation, Readings } from './observation.ts'
import { NUMBER_READINGS } from './target.ts'
import type { WialonRecord } from './wialon-ips-record.ts'

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

/** Who speaks, and when and from where the bytes came. */
export type WialonContext = {
  readonly terminalId: string
  readonly source: string
  readonly receivedAt: Instant
}

/** A login, ping, picture or message of the driver: the terminal is connected. */
export function wialonPresence({ terminalId, source, receivedAt }: WialonContext): Observation {
  return { terminalId, source, receivedAt, kind: 'presence' }
}

/**
 * A record as an observation: `archive` from the black box, else live; whether live data is late is judged elsewhere.
 * The protocol has no flag for a valid fix: the number of satellites decides.
 */
export function wialonObservation(
  record: WialonRecord,
  kind: 'live' | 'archive',
  { terminalId, source, receivedAt }: WialonContext,
): Observation {
  const observation: Mutable<Observation> = { terminalId, source, receivedAt, kind }
  if (record.at !== null) observation.eventAt = record.at
  const fix = believableFix(record)
  if (fix !== undefined) observation.fix = fix
  const readings: Mutable<Readings> = { ...record.readings }
  const speedKmh = numberWithin(record.speedKmh, NUMBER_READINGS.speedKmh)
  if (speedKmh !== undefined) readings.speedKmh = speedKmh
  const satellites = numberWithin(record.satellites, NUMBER_READINGS.satellites)
  if (satellites !== undefined) readings.satellites = satellites
  if (Object.keys(readings).length > 0) observation.readings = readings
  return observation
}
