import type { Name, Vocabulary } from './found.ts'
import { readNumber } from './value.ts'

/** Objects that gateways put a position into: `gps.lat` is found like `lat`. */
const POSITION_OBJECTS = ['position', 'location', 'gps']

/**
 * The well-known names of format `json`. Times and identity are those of the contract, in its order; `gpsTime` and
 * `fixTime` come last because they stand still while there is no fix. Units are those of the readings, except
 * that `mileage` and `odometer` are kilometres. Names whose unit differs between senders are left out on purpose.
 */
export const JSON_NAMES: Vocabulary = {
  terminal: ['terminal_id', 'ident', 'uniqueId', 'device.uniqueId', 'deviceId', 'imei', 'client'],
  eventAt: [
    'eventTime',
    'deviceTime',
    'timestamp',
    'ts',
    'time',
    't',
    'date',
    'dateID',
    'navigation_unix_time',
    'gpsTime',
    'fixTime',
  ],
  heardAt: ['server.timestamp', 'serverTime', 'received_unix_time'],
  fixAt: ['gpsTime', 'fixTime'],
  archive: ['archive', 'message.buffered.status', 'buffered', 'is_historical', 'blackBox'],
  latitude: inPosition('latitude', 'lat'),
  longitude: inPosition('longitude', 'lon', 'lng'),
  speedKmh: inPosition('speedKmh', 'speed'),
  course: inPosition('course', 'heading', 'direction', 'azimuth'),
  altitudeM: inPosition('altitudeM', 'altitude', 'alt'),
  satellites: inPosition('satellites', 'sats', 'sat', 'nsat'),
  valid: inPosition('valid'),
  voltage: ['voltage', 'external.powersource.voltage', 'pwr_ext', 'power'],
  batteryVoltage: ['batteryVoltage', 'battery.voltage', 'pwr_int'],
  batteryPercent: ['batteryPercent', 'battery.level', 'batteryLevel'],
  ignition: ['ignition', 'engine.ignition.status', 'ign'],
  gsmPercent: ['gsmPercent', 'gsm.signal.level', 'gsm'],
  roaming: ['roaming'],
  backupPower: ['backupPower'],
  firmware: ['firmware', 'firmwareVersion', 'firmware.version', 'device.firmware.version'],
  rpm: ['rpm', 'engine.rpm', 'can.engine.rpm'],
  mileageM: ['mileageM', ...inKilometres('mileage', 'odometer', 'odometerKm', 'vehicle.mileage')],
  fuel1: ['fuel1', 'fuel'],
  fuel2: ['fuel2'],
  fuel3: ['fuel3'],
  fuel4: ['fuel4'],
  fuel5: ['fuel5'],
  fuel6: ['fuel6'],
  fuel7: ['fuel7'],
  fuel8: ['fuel8'],
  gpsJamming: ['gpsJamming'],
  gsmJamming: ['gsmJamming'],
  powerAlarm: ['powerAlarm'],
}

/** Names of a length in kilometres for a target in metres. */
export function inKilometres(...names: readonly string[]): readonly Name[] {
  return names.map((name) => ({ name, convert: kilometresToMetres }))
}

function kilometresToMetres(value: unknown): unknown {
  const kilometres = readNumber(value)
  // Whole metres: 0.1 km x 1,000 is not 100 in binary fractions.
  return kilometres === undefined ? value : Math.round(kilometres * 1000)
}

function inPosition(...names: readonly string[]): readonly string[] {
  return [...names, ...POSITION_OBJECTS.flatMap((object) => names.map((name) => `${object}.${name}`))]
}
