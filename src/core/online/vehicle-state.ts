import type { Instant } from '../time.ts'
import { timeOf } from './activity.ts'
import { isGroup } from './reply.ts'

/** The state of one vehicle, as far as it is used; null: not told. */
export type VehicleState = {
  readonly lastDataAt: Instant | null
  /** Degrees. */
  readonly position: { readonly latitude: number; readonly longitude: number } | null
  readonly satellites: number | null
  /** Volts, of the vehicle's mains. */
  readonly voltage: number | null
  readonly ignition: boolean | null
  /** km/h. */
  readonly speed: number | null
}

/** Fields of which a state has at least one, unless it has its `status`. */
const FIELDS = [
  'lastDataDate',
  'lastGPS',
  'lastGPSSat',
  'address',
  'currentSpeed',
  'currentFuel',
  'currentIgn',
  'voltage',
]

/** `GET /ls/api/v1/vehicles/{id}/state`. Undefined: it is no state. */
export function decodeVehicleState(value: unknown): VehicleState | undefined {
  if (!isGroup(value) || !isState(value)) return undefined
  return {
    lastDataAt: timeOf(value['lastDataDate']) ?? null,
    position: positionOf(value['lastGPS']),
    satellites: numberOf(value['lastGPSSat']),
    voltage: numberOf(value['voltage']),
    ignition: typeof value['currentIgn'] === 'boolean' ? value['currentIgn'] : null,
    speed: numberOf(value['currentSpeed']),
  }
}

/** Many services give their errors a `status` too, as a number or a text. */
function isState(value: Readonly<Record<string, unknown>>): boolean {
  return typeof value['status'] === 'boolean' || FIELDS.some((field) => field in value)
}

function positionOf(value: unknown): VehicleState['position'] {
  if (!isGroup(value)) return null
  const latitude = numberOf(value['latitude'])
  const longitude = numberOf(value['longitude'])
  if (latitude === null || longitude === null) return null
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
