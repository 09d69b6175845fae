import type { Limits } from '../telemetry/limits.ts'
import type { Fix, Observation, Readings } from '../telemetry/observation.ts'
import { NUMBER_READINGS } from '../telemetry/target.ts'
import type { Instant } from '../time.ts'
import type { VehicleState } from './vehicle-state.ts'

/**
 * The state of a vehicle as a snapshot: everything in it is as of its last data. Values beyond their limits are left
 * out. Undefined: it says nothing of when that was, so nothing can be dated.
 */
export function stateObservation(
  state: VehicleState,
  { terminalId, source, receivedAt }: { terminalId: string; source: string; receivedAt: Instant },
): Observation | undefined {
  if (state.lastDataAt === null) return undefined
  const readings = readingsOf(state)
  const fix = fixOf(state, readings)
  return {
    terminalId,
    source,
    receivedAt,
    eventAt: state.lastDataAt,
    kind: 'snapshot',
    readings,
    ...(fix ? { fix } : {}),
  }
}

function readingsOf({ voltage, ignition, speed, satellites }: VehicleState): Readings {
  return {
    ...(isWithin(voltage, NUMBER_READINGS.voltage) ? { voltage } : {}),
    ...(ignition === null ? {} : { ignition }),
    ...(isWithin(speed, NUMBER_READINGS.speedKmh) ? { speedKmh: speed } : {}),
    ...(isWithin(satellites, NUMBER_READINGS.satellites) ? { satellites } : {}),
  }
}

function fixOf({ position }: VehicleState, { speedKmh, satellites }: Readings): Fix | undefined {
  if (position === null) return undefined
  return {
    ...position,
    ...(speedKmh === undefined ? {} : { speedKmh }),
    ...(satellites === undefined ? {} : { satellites }),
  }
}

function isWithin(value: number | null, { min, max, whole }: Limits): value is number {
  if (value === null || value < min || value > max) return false
  return whole !== true || Number.isInteger(value)
}
