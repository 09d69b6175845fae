import { type Instant, SECOND, toIso } from '../../core/time.ts'
import type { SimulatedTerminal } from './cast.ts'
import { type Measurement, round } from './measurement.ts'

/** A report on its way: measured at `measuredAt`, sent at `sentAt`. */
export type Sending = {
  readonly terminal: SimulatedTerminal
  readonly measurement: Measurement
  readonly measuredAt: Instant
  readonly sentAt: Instant
  readonly buffered: boolean
}

/** As gateways of one's own write it: short names, times in milliseconds; the topic names the terminal. */
export function gatePayload({ measurement, measuredAt, buffered }: Sending): Record<string, unknown> {
  const { place, speedKmh, satellites, ignition, voltage, gsmPercent, fuelLitres } = measurement
  return {
    ts: measuredAt,
    ...(place ? { lat: round(place.latitude, 6), lon: round(place.longitude, 6) } : {}),
    ...(place ? { course: Math.round(place.course) } : {}),
    valid: place !== undefined,
    speed: speedKmh,
    sats: satellites,
    ignition,
    voltage,
    gsm: gsmPercent,
    fuel: fuelLitres,
    ...(buffered ? { buffered: true } : {}),
  }
}

/** A device message of flespi (reference/payloads.md 1). */
export function flespiPayload(sending: Sending): Record<string, unknown> {
  const { terminal, measurement, measuredAt, sentAt, buffered } = sending
  const { place, speedKmh, satellites, ignition, voltage, gsmPercent, fuelLitres } = measurement
  return {
    ident: terminal.id,
    timestamp: measuredAt / SECOND,
    'server.timestamp': sentAt / SECOND,
    'device.id': deviceId(terminal),
    'device.name': terminal.name,
    'position.valid': place !== undefined,
    ...(place
      ? {
          'position.latitude': round(place.latitude, 6),
          'position.longitude': round(place.longitude, 6),
          'position.direction': Math.round(place.course),
        }
      : {}),
    'position.speed': speedKmh,
    'position.satellites': satellites,
    'engine.ignition.status': ignition,
    'external.powersource.voltage': voltage,
    'gsm.signal.level': gsmPercent,
    'fuel.level': fuelLitres,
    'device.firmware.version': terminal.firmware,
    'message.buffered.status': buffered,
  }
}

/** What flespi calls a terminal in its topics. */
export function deviceId({ seed }: SimulatedTerminal): number {
  return 7_000_000 + seed
}

/** As another system of monitoring pushes it: long names, times in ISO 8601. */
export function pushPayload(sending: Sending): Record<string, unknown> {
  const { terminal, measurement, measuredAt, buffered } = sending
  const { place, ...rest } = measurement
  return {
    terminal_id: terminal.id,
    eventTime: toIso(measuredAt),
    ...(place
      ? {
          latitude: round(place.latitude, 6),
          longitude: round(place.longitude, 6),
          course: Math.round(place.course),
        }
      : {}),
    valid: place !== undefined,
    speed: rest.speedKmh,
    satellites: rest.satellites,
    ignition: rest.ignition,
    voltage: rest.voltage,
    gsmPercent: rest.gsmPercent,
    fuel1: rest.fuelLitres,
    firmware: terminal.firmware,
    archive: buffered,
  }
}
