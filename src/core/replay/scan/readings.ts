import type { Readings } from '../../telemetry/observation.ts'
import type { Cursor } from './cursor.ts'
import { token } from './token.ts'
import type { ValueReaders } from './value-readers.ts'

const IGNITION = token('"ignition":')
const SPEED_KMH = token('"speedKmh":')
const VOLTAGE = token('"voltage":')
const SATELLITES = token('"satellites":')
const GSM_PERCENT = token('"gsmPercent":')
const BATTERY_VOLTAGE = token('"batteryVoltage":')
const BATTERY_PERCENT = token('"batteryPercent":')
const BACKUP_POWER = token('"backupPower":')
const ROAMING = token('"roaming":')
const GPS_JAMMING = token('"gpsJamming":')
const GSM_JAMMING = token('"gsmJamming":')
const MILEAGE_M = token('"mileageM":')
const RPM = token('"rpm":')
const FUEL_1 = token('"fuel1":')

/** Reads the readings that recordings mostly have, those first that nearly all have. */
export function createReadingsReader(cursor: Cursor, { readNumber, readBoolean }: ValueReaders) {
  const { place, enter, next, key } = cursor

  return (): Readings | undefined => {
    const found: { -readonly [Name in keyof Readings]: Readings[Name] | undefined } = {}
    for (let more = enter(); more; more = next()) {
      if (key(IGNITION, found.ignition)) found.ignition = readBoolean()
      else if (key(SPEED_KMH, found.speedKmh)) found.speedKmh = readNumber()
      else if (key(VOLTAGE, found.voltage)) found.voltage = readNumber()
      else if (key(SATELLITES, found.satellites)) found.satellites = readNumber()
      else if (key(GSM_PERCENT, found.gsmPercent)) found.gsmPercent = readNumber()
      else if (key(BATTERY_VOLTAGE, found.batteryVoltage)) found.batteryVoltage = readNumber()
      else if (key(BATTERY_PERCENT, found.batteryPercent)) found.batteryPercent = readNumber()
      else if (key(BACKUP_POWER, found.backupPower)) found.backupPower = readBoolean()
      else if (key(ROAMING, found.roaming)) found.roaming = readBoolean()
      else if (key(GPS_JAMMING, found.gpsJamming)) found.gpsJamming = readBoolean()
      else if (key(GSM_JAMMING, found.gsmJamming)) found.gsmJamming = readBoolean()
      else if (key(MILEAGE_M, found.mileageM)) found.mileageM = readNumber()
      else if (key(RPM, found.rpm)) found.rpm = readNumber()
      else if (key(FUEL_1, found.fuel1)) found.fuel1 = readNumber()
      else place.isUnusual = true
      if (place.isUnusual) return undefined
    }
    return found as Readings
  }
}
