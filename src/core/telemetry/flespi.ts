import { assemble, rejected } from './assemble.ts'
import type { Decoded, Decoder, Envelope } from './decoder.ts'
import {
  clear,
  collect,
  createFound,
  createNameTable,
  type Found,
  isRecord,
  type Vocabulary,
} from './found.ts'
import { inKilometres } from './json-names.ts'
import { SLOT } from './target.ts'
import { excerpt, readBoolean } from './value.ts'

/** Parameter names of flespi (reference/payloads.md 1): km/h, V, %, km; keys are flat and have dots. */
const FLESPI_NAMES: Vocabulary = {
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
  fuel1: ['fuel.level', 'fuel.level#1', 'can.fuel.level'],
  fuel2: ['fuel.level#2'],
  fuel3: ['fuel.level#3'],
  fuel4: ['fuel.level#4'],
  fuel5: ['fuel.level#5'],
  fuel6: ['fuel.level#6'],
  fuel7: ['fuel.level#7'],
  fuel8: ['fuel.level#8'],
  gsmJamming: ['gsm.jamming.alarm.status', 'gsm.jamming.event'],
}

/** Understood, and nothing in it bears on a terminal. */
const NOTHING: Decoded = { kind: 'observed', observations: [] }

/**
 * A decoder for flespi's messages (MQTT, HTTP stream) and its `telemetry` topics. Telemetry values are stored ones,
 * so they are snapshots dated by the payload or by `storedAt`, however they arrive; other `flespi/state` topics
 * and most of `flespi/log` say nothing of data and give no observation.
 */
export function createFlespiDecoder(): Decoder {
  const table = createNameTable(FLESPI_NAMES)
  const found = createFound()

  return (record, envelope) => {
    clear(found)
    const { topic } = envelope
    if (topic?.startsWith('flespi/state/')) {
      const place = telemetryPlace(topic)
      if (place === undefined) return NOTHING
      collect({ 'device.id': place.deviceId, [place.parameter]: record }, table, found)
      if (isRecord(record)) collect(record, table, found)
      return assemble(found, asStored(envelope), undefined)
    }
    if (!isRecord(record)) {
      return rejected('unknown-shape', `expected a flespi message object, got ${excerpt(record)}`)
    }
    collect(record, table, found)
    if (topic?.startsWith('flespi/log/')) return presence(topic, found, envelope)
    return assemble(found, envelope, undefined)
  }
}

/** `flespi/state/gw/devices/ID/telemetry/PARAMETER`; undefined for other state topics. */
function telemetryPlace(topic: string): { deviceId: string; parameter: string } | undefined {
  const [, , api, kind, deviceId, property, parameter, ...more] = topic.split('/')
  if (api !== 'gw' || kind !== 'devices' || property !== 'telemetry' || more.length > 0) return undefined
  return deviceId && parameter ? { deviceId, parameter } : undefined
}

function asStored(envelope: Envelope): Envelope {
  return envelope.retained === true ? envelope : { ...envelope, retained: true }
}

/** `flespi/log/API/ORIGIN.../EVENT`: connects and disconnects of a terminal, where the event says which one. */
function presence(topic: string, found: Found, envelope: Envelope): Decoded {
  if (found.values[SLOT.terminal] === undefined || !topic.endsWith('connected')) return NOTHING
  found.values[SLOT.kind] = 'presence'
  return assemble(found, envelope, undefined)
}

function opposite(value: unknown): unknown {
  const said = readBoolean(value)
  return said === undefined ? undefined : !said
}
