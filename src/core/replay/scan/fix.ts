import type { Fix } from '../../telemetry/observation.ts'
import type { Instant } from '../../time.ts'
import type { Cursor } from './cursor.ts'
import type { Draft } from './draft.ts'
import { token } from './token.ts'
import type { ValueReaders } from './value-readers.ts'

const LATITUDE = token('"latitude":')
const LONGITUDE = token('"longitude":')
const SPEED_KMH = token('"speedKmh":')
const SATELLITES = token('"satellites":')
const VALID = token('"valid":')
const COURSE = token('"course":')
const ALTITUDE_M = token('"altitudeM":')
const AT = token('"at":')

/** Reads positions, each into the same object. */
export function createFixReader(cursor: Cursor, { readInstant, readNumber, readBoolean }: ValueReaders) {
  const { place, enter, next, start, key, unusual } = cursor
  const fix = emptyFix()

  return (): Fix | undefined => {
    let latitude: number | undefined
    let longitude: number | undefined
    let speedKmh: number | undefined
    let satellites: number | undefined
    let valid: boolean | undefined
    let course: number | undefined
    let altitudeM: number | undefined
    let fixAt: Instant | undefined
    for (let more = enter(); more; more = next()) {
      switch (start()) {
        case LATITUDE.start:
          latitude = key(LATITUDE, latitude) ? readNumber() : unusual()
          break
        case LONGITUDE.start:
          longitude = key(LONGITUDE, longitude) ? readNumber() : unusual()
          break
        case SPEED_KMH.start:
          speedKmh = key(SPEED_KMH, speedKmh) ? readNumber() : unusual()
          break
        case SATELLITES.start:
          satellites = key(SATELLITES, satellites) ? readNumber() : unusual()
          break
        case VALID.start:
          valid = key(VALID, valid) ? readBoolean() : unusual()
          break
        case COURSE.start:
          course = key(COURSE, course) ? readNumber() : unusual()
          break
        case ALTITUDE_M.start:
          altitudeM = key(ALTITUDE_M, altitudeM) ? readNumber() : unusual()
          break
        case AT.start:
          fixAt = key(AT, fixAt) ? readInstant() : unusual()
          break
        default:
          place.isUnusual = true
      }
      if (place.isUnusual) return undefined
    }
    if (!(latitude !== undefined && latitude >= -90 && latitude <= 90)) return unusual()
    if (!(longitude !== undefined && longitude >= -180 && longitude <= 180)) return unusual()
    fix.latitude = latitude
    fix.longitude = longitude
    fix.at = fixAt
    fix.speedKmh = speedKmh
    fix.course = course
    fix.satellites = satellites
    fix.altitudeM = altitudeM
    fix.valid = valid
    return fix as Fix
  }
}

function emptyFix(): Draft<Fix> {
  return {
    latitude: 0,
    longitude: 0,
    at: undefined,
    speedKmh: undefined,
    course: undefined,
    satellites: undefined,
    altitudeM: undefined,
    valid: undefined,
  }
}
