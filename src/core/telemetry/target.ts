import type { Limits } from './limits.ts'
import type { Readings } from './observation.ts'

type KeysOf<Value> = {
  [Key in keyof Readings]-?: NonNullable<Readings[Key]> extends Value ? Key : never
}[keyof Readings]

export type NumberReading = KeysOf<number>
type BooleanReading = KeysOf<boolean>

/** Limits of the readings that are numbers. */
export const NUMBER_READINGS: Readonly<Record<NumberReading, Limits>> = {
  voltage: { min: 0, max: 1000 },
  batteryVoltage: { min: 0, max: 1000 },
  batteryPercent: { min: 0, max: 100 },
  speedKmh: { min: 0, max: 2000 },
  satellites: { min: 0, max: 255, whole: true },
  gsmPercent: { min: 0, max: 100 },
  rpm: { min: 0, max: 65_000 },
  mileageM: { min: 0, max: 1e11 },
  fuel1: { min: 0, max: 1e6 },
  fuel2: { min: 0, max: 1e6 },
  fuel3: { min: 0, max: 1e6 },
  fuel4: { min: 0, max: 1e6 },
  fuel5: { min: 0, max: 1e6 },
  fuel6: { min: 0, max: 1e6 },
  fuel7: { min: 0, max: 1e6 },
  fuel8: { min: 0, max: 1e6 },
}

/** Limits of the numbers of a fix that are not also readings; degrees and metres. */
export const FIX_NUMBERS = {
  latitude: { min: -90, max: 90 },
  longitude: { min: -180, max: 180 },
  course: { min: 0, max: 360 },
  altitudeM: { min: -100_000, max: 100_000 },
} as const satisfies Readonly<Record<string, Limits>>

export const BOOLEAN_READINGS: readonly BooleanReading[] = [
  'ignition',
  'roaming',
  'backupPower',
  'gpsJamming',
  'gsmJamming',
  'powerAlarm',
]

const BASE = [
  'terminal',
  'eventAt',
  'heardAt',
  'kind',
  'archive',
  'latitude',
  'longitude',
  'fixAt',
  'course',
  'altitudeM',
  'valid',
  'firmware',
] as const

/** A place of the observation that a field of a payload can fill; `speedKmh` and `satellites` fill fix and readings. */
export type Target = (typeof BASE)[number] | keyof Readings

/** All targets: what a `mapping` in the configuration may name. */
export const TARGETS: readonly Target[] = [
  ...BASE,
  ...BOOLEAN_READINGS,
  ...(Object.keys(NUMBER_READINGS) as NumberReading[]),
]

/** Index of a target in the values of `Found`. */
export const SLOT = Object.freeze(
  Object.fromEntries(TARGETS.map((target, index) => [target, index])),
) as Readonly<Record<Target, number>>
