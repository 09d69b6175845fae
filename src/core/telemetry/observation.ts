import type { Instant } from '../time.ts'

/**
 * How an observation bears on freshness: `live` data, data from the terminal's `archive`, a `snapshot` of a
 * stored value (polled, retained), or mere `presence` (connects, pings, last wills).
 */
export type ObservationKind = 'live' | 'archive' | 'snapshot' | 'presence'

/** A position. `at` is the fix's own time; `valid` is the source's own flag, absent when it sent none. */
export type Fix = {
  readonly latitude: number
  readonly longitude: number
  readonly at?: Instant
  readonly speedKmh?: number
  /** Degrees clockwise from north. */
  readonly course?: number
  readonly satellites?: number
  readonly altitudeM?: number
  readonly valid?: boolean
}

/** What was read beside the position. An absent reading is unknown, never zero. */
export type Readings = {
  /** Supply of the vehicle, V. */
  readonly voltage?: number
  /** Backup battery, V. */
  readonly batteryVoltage?: number
  readonly batteryPercent?: number
  readonly ignition?: boolean
  readonly speedKmh?: number
  readonly satellites?: number
  readonly gsmPercent?: number
  readonly roaming?: boolean
  readonly backupPower?: boolean
  readonly firmware?: string
  readonly rpm?: number
  readonly mileageM?: number
  readonly fuel1?: number
  readonly fuel2?: number
  readonly fuel3?: number
  readonly fuel4?: number
  readonly fuel5?: number
  readonly fuel6?: number
  readonly fuel7?: number
  readonly fuel8?: number
  readonly gpsJamming?: boolean
  readonly gsmJamming?: boolean
  readonly powerAlarm?: boolean
}

/** One fact about one terminal, whatever road it came by (spec/freshness.md 1). */
export type Observation = {
  /** Decimal terminal number as text, or whatever stable id the source has. */
  readonly terminalId: string
  /** Other names of the same terminal in the same payload (IMEI, device id of a gateway), where it has any. */
  readonly aliases?: readonly string[]
  /** Id of the configured source. */
  readonly source: string
  /** When this program got it. */
  readonly receivedAt: Instant
  /** When the first server got it, where the payload says so; never later than `receivedAt`. */
  readonly heardAt?: Instant
  /** When the terminal measured it. */
  readonly eventAt?: Instant
  readonly kind: ObservationKind
  readonly fix?: Fix
  readonly readings?: Readings
}

/** Why an input did not become an observation: the reasons of the push API and of the rejected counter. */
export type RejectReason = 'not-json' | 'unknown-shape' | 'no-terminal' | 'bad-value' | 'too-large'

/** When the first server heard the terminal. */
export function heard(observation: Observation): Instant {
  return observation.heardAt ?? observation.receivedAt
}
