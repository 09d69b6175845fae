import { numberWithin } from './limits.ts'
import type { Fix } from './observation.ts'
import { FIX_NUMBERS, NUMBER_READINGS } from './target.ts'

/** The numbers of a position as a terminal sent them: absent, or beyond what they can mean. */
type RawFix = {
  readonly [Key in Exclude<keyof Fix, 'at' | 'valid'>]: number | null | undefined
} & { readonly valid?: boolean }

/** A position without the numbers that cannot be true; undefined unless both coordinates are on Earth. */
export function believableFix(raw: RawFix): Fix | undefined {
  const latitude = numberWithin(raw.latitude, FIX_NUMBERS.latitude)
  const longitude = numberWithin(raw.longitude, FIX_NUMBERS.longitude)
  if (latitude === undefined || longitude === undefined) return undefined
  const fix: { -readonly [Key in keyof Fix]: Fix[Key] } = { latitude, longitude }
  const speedKmh = numberWithin(raw.speedKmh, NUMBER_READINGS.speedKmh)
  if (speedKmh !== undefined) fix.speedKmh = speedKmh
  const course = numberWithin(raw.course, FIX_NUMBERS.course)
  if (course !== undefined) fix.course = course
  const satellites = numberWithin(raw.satellites, NUMBER_READINGS.satellites)
  if (satellites !== undefined) fix.satellites = satellites
  const altitudeM = numberWithin(raw.altitudeM, FIX_NUMBERS.altitudeM)
  if (altitudeM !== undefined) fix.altitudeM = altitudeM
  if (raw.valid !== undefined) fix.valid = raw.valid
  return fix
}
