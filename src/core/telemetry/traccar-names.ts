import type { Vocabulary } from './found.ts'
import { readNumber } from './value.ts'

/**
 * Fields of a Traccar position (reference/payloads.md 2). Names are looked for in the position itself. `rssi` is
 * left out: its unit differs between protocols. So is `odometer`: the mileage of the server is there for all.
 */
export const TRACCAR_NAMES: Vocabulary = {
  eventAt: ['deviceTime'],
  heardAt: ['serverTime'],
  fixAt: ['fixTime'],
  archive: ['attributes.archive'],
  latitude: ['latitude'],
  longitude: ['longitude'],
  speedKmh: [{ name: 'speed', convert: knotsToKmh }],
  course: ['course'],
  altitudeM: ['altitude'],
  valid: ['valid'],
  satellites: ['attributes.sat'],
  voltage: ['attributes.power'],
  batteryVoltage: ['attributes.battery'],
  batteryPercent: ['attributes.batteryLevel'],
  ignition: ['attributes.ignition'],
  firmware: ['attributes.versionFw', 'attributes.versionSw'],
  rpm: ['attributes.rpm'],
  mileageM: ['attributes.totalDistance'],
  fuel1: ['attributes.fuel1'],
  fuel2: ['attributes.fuel2'],
  fuel3: ['attributes.fuel3'],
  fuel4: ['attributes.fuel4'],
  fuel5: ['attributes.fuel5'],
  fuel6: ['attributes.fuel6'],
  fuel7: ['attributes.fuel7'],
  fuel8: ['attributes.fuel8'],
}

const KMH_PER_KNOT = 1.852

/** To 0.01 km/h: Traccar itself has converted from whole km/h, and 22.68 kn were 42. */
function knotsToKmh(value: unknown): unknown {
  const knots = readNumber(value)
  return knots === undefined ? value : Math.round(knots * KMH_PER_KNOT * 100) / 100
}
