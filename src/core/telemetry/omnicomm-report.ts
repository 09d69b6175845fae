import type { Instant } from '../time.ts'
import { believableFix } from './believable-fix.ts'
import { validFix } from './fix.ts'
import type { Fix, Observation, ObservationKind, Readings } from './observation.ts'
import { flagsOf, type OmnicommFlags } from './omnicomm-flags.ts'
import { COMMAND } from './omnicomm-frame.ts'
import type { Navigation } from './omnicomm-groups.ts'
import { divided, readingsOf } from './omnicomm-readings.ts'
import type { OmnicommRecord } from './omnicomm-record.ts'
import { fromOmnicommTime } from './omnicomm-time.ts'

/** A record in the words of this program. */
export type OmnicommReport = {
  /** Null: nobody says when. */
  readonly eventAt: Instant | null
  readonly events: readonly number[]
  readonly flags: OmnicommFlags
  /** There whenever the terminal sent a position, valid or not; without coordinates on Earth it is none. */
  readonly fix?: Fix | NoFix
  readonly readings: Readings
}

/** What a terminal sent in place of a position. */
type NoFix = Partial<Pick<Fix, 'latitude' | 'longitude' | 'satellites' | 'at'>> & { readonly valid: false }

/** Which terminal speaks, and on which road its words came. */
export type OmnicommRoad = {
  readonly terminalId: string
  readonly source: string
  readonly receivedAt: Instant
}

/** Data that are sent as they arise, or data that the terminal had kept. */
export function kindOfCommand(command: number): ObservationKind {
  return command === COMMAND.live ? 'live' : 'archive'
}

/** `headerTime`: the frame's own time, in seconds of Omnicomm time. */
export function reportOf(record: OmnicommRecord, headerTime: number): OmnicommReport {
  const flags = flagsOf(record.general?.statusBits)
  const fix = record.navigation === undefined ? undefined : fixOf(record.navigation, flags)
  return {
    eventAt: eventAtOf(record, headerTime),
    events: record.events,
    flags,
    ...(fix === undefined ? {} : { fix }),
    readings: readingsOf(record, flags),
  }
}

export function observationOf(
  report: OmnicommReport,
  road: OmnicommRoad,
  kind: ObservationKind,
): Observation {
  const { eventAt, fix, readings } = report
  return {
    terminalId: road.terminalId,
    source: road.source,
    receivedAt: road.receivedAt,
    kind,
    ...(eventAt === null ? {} : { eventAt }),
    ...(fix !== undefined && isOnEarth(fix) ? { fix } : {}),
    ...(Object.keys(readings).length === 0 ? {} : { readings }),
  }
}

/** The terminal is there, and says nothing of its data. */
export function presenceOf(road: OmnicommRoad, firmware?: number): Observation {
  const { terminalId, source, receivedAt } = road
  const readings = firmware === undefined ? {} : { readings: { firmware: String(firmware) } }
  return { terminalId, source, receivedAt, kind: 'presence', ...readings }
}

/** General.Time, also that of a clock that was never set; else the time of the fix; else that of the frame. */
function eventAtOf({ general, navigation }: OmnicommRecord, headerTime: number): Instant | null {
  const seconds = general?.time ?? (navigation?.time || headerTime)
  return general?.time === undefined && seconds === 0 ? null : fromOmnicommTime(seconds)
}

function isOnEarth(fix: Fix | NoFix): fix is Fix {
  const { latitude = Infinity, longitude = Infinity } = fix
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
}

function fixOf(navigation: Navigation, flags: OmnicommFlags): Fix | NoFix {
  const { latitude, longitude, course, satellites, time = 0 } = navigation
  const fix = believableFix({
    latitude: divided(latitude, 1e7),
    longitude: divided(longitude, 1e7),
    speedKmh: divided(navigation.speed, 10),
    course,
    satellites,
    altitudeM: divided(navigation.altitude, 10),
  })
  const at = time > 0 ? { at: fromOmnicommTime(time) } : {}
  if (fix === undefined) {
    return {
      ...(latitude === undefined ? {} : { latitude: latitude / 1e7 }),
      ...(longitude === undefined ? {} : { longitude: longitude / 1e7 }),
      ...(satellites === undefined ? {} : { satellites }),
      ...at,
      valid: false,
    }
  }
  // The receiver's own word, and satellites enough.
  const valid = flags.gpsValid === true && validFix(fix)
  return { ...fix, ...at, valid }
}
