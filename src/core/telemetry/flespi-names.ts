import type { Name, Vocabulary } from './found.ts'
import { inKilometres } from './json-names.ts'
import { readBoolean } from './value.ts'

/** Parameter names of flespi (reference/payloads.md 1): km/h, V, %, km; keys are flat and have dots. */
export const FLESPI_NAMES: Vocabulary = {
  terminal: ['ident', 'device.id'],
  eventAt: ['timestamp'],
  heardAt: ['server.timestamp'],
  archive: ['message.buffered.status'],
  latitude: ['position.latitude'],
  longitude: ['position.longitude'],
  speedKmh: ['position.speed'],
  course: ['position.direction'],
  altitudeM: ['position.altitude'],
  satellites: ['position.satellites'],
  valid: ['position.valid'],
  voltage: ['external.powersource.voltage'],
  batteryVoltage: ['battery.voltage'],
  batteryPercent: ['battery.level'],
  ignition: ['engine.ignition.status', 'can.engine.ignition.status'],
  gsmPercent: ['gsm.signal.level'],
  roaming: ['gsm.roaming.status'],
  // Without its outer supply a terminal lives on its battery.
  backupPower: [{ name: 'external.powersource.status', convert: opposite }],
  firmware: ['device.firmware.version', 'firmware.version'],
  rpm: ['engine.rpm', 'can.engine.rpm'],
  mileageM: inKilometres('vehicle.mileage', 'can.vehicle.mileage', 'gnss.vehicle.mileage'),
  ...fuels(),
  gsmJamming: ['gsm.jamming.alarm.status', 'gsm.jamming.event'],
}

function opposite(value: unknown): unknown {
  const said = readBoolean(value)
  return said === undefined ? undefined : !said
}

type Fuel = `fuel${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`

/** `fuel.level#2` is the second tank; without a number, and on the CAN bus, it is the first. */
function fuels(): Readonly<Record<Fuel, readonly Name[]>> {
  const indexed = (n: number): readonly string[] => [`fuel.level#${n}`, `can.fuel.level#${n}`]
  return {
    fuel1: ['fuel.level', 'fuel.level#1', 'can.fuel.level', 'can.fuel.level#1'],
    fuel2: indexed(2),
    fuel3: indexed(3),
    fuel4: indexed(4),
    fuel5: indexed(5),
    fuel6: indexed(6),
    fuel7: indexed(7),
    fuel8: indexed(8),
  }
}
