import { assemble, rejected } from './assemble.ts'
import type { Decoded, Decoder, Envelope } from './decoder.ts'
import { explainFound } from './explain.ts'
import type { Explainer } from './explained.ts'
import { FLESPI_NAMES } from './flespi-names.ts'
import { type FlespiPlace, flespiPlace } from './flespi-topic.ts'
import {
  clear,
  collect,
  createFound,
  createNameTable,
  type Found,
  isRecord,
  type Origin,
  put,
} from './found.ts'
import { createRefusal, type Refusal } from './refusal.ts'
import { SLOT } from './target.ts'
import { excerpt, readBoolean } from './value.ts'

/**
 * A decoder for flespi: messages (MQTT, HTTP stream) and the topics beside them. What each proves:
 *
 * - a message is data, live or buffered. Its `device.id` is an alias of its `ident`, because the `telemetry` topics
 *   know only the former;
 * - a `telemetry` value is a stored one, hence a snapshot dated by the payload or by `storedAt`, however it arrives;
 * - `connected` that has just become true is presence. False and stored values say nothing of now;
 * - `last_active` may have been a mere connection, so it dates no data, and a link of the past is not kept: nothing;
 * - a `connected` event in the log is presence where it names the terminal. A `disconnected` one is not: flespi
 *   closes the connection long after the terminal fell silent.
 */
export function createFlespiDecoder(): Decoder {
  return decoderInto(createFound())
}

/** The same decoder, telling where everything came from. */
export function createFlespiExplainer(): Explainer {
  const found = createFound()
  const decode = decoderInto(found)
  return (message, envelope) => {
    const decoded = decode(message, envelope)
    const place = flespiPlace(envelope.topic)
    const record = place.kind === 'telemetry' ? telemetryRecord(place.parameter, message) : message
    const alias =
      place.kind === 'telemetry'
        ? { from: DEVICE_IN_TOPIC.name, raw: place.deviceId }
        : { from: 'device.id', raw: isRecord(message) ? message['device.id'] : undefined }
    return { decoded, explanation: explainFound(found, { record, envelope, decoded, alias }) }
  }
}

const TABLE = createNameTable(FLESPI_NAMES)

function decoderInto(found: Found): Decoder {
  return (record, envelope) => {
    clear(found)
    const place = flespiPlace(envelope.topic)
    switch (place.kind) {
      case 'message':
        return decodeMessage(record, envelope, found)
      case 'telemetry':
        return decodeTelemetry(record, place, envelope, found)
      case 'connected':
        return decodeConnected(record, place, envelope, found)
      case 'log':
        return decodeLog(record, place, envelope, found)
      case 'other':
        return nothing(found, NO_DATA, TOPIC)
    }
  }
}

function decodeMessage(record: unknown, envelope: Envelope, found: Found): Decoded {
  if (!isRecord(record)) {
    return rejected('unknown-shape', `expected a flespi message object, got ${excerpt(record)}`)
  }
  collect(record, TABLE, found)
  const heardAt = record['server.timestamp']
  // Device clocks do not hit the server's microsecond; whole seconds may coincide.
  if (typeof heardAt === 'number' && record['timestamp'] === heardAt && !Number.isInteger(heardAt)) {
    found.values[SLOT.eventAt] = NO_DEVICE_CLOCK
  }
  return assemble(found, envelope, undefined, record['device.id'])
}

const NO_DEVICE_CLOCK = createRefusal(
  'it equals server.timestamp to the fraction: the device sent no time of its own',
)

/** A position comes as one object, everything else as a bare value. */
function decodeTelemetry(
  value: unknown,
  { deviceId, parameter }: Extract<FlespiPlace, { kind: 'telemetry' }>,
  envelope: Envelope,
  found: Found,
): Decoded {
  if (value === null) return nothing(found, NO_VALUE, VALUE)
  put(found, SLOT.terminal, deviceId, DEVICE_IN_TOPIC)
  collect(telemetryRecord(parameter, value), TABLE, found)
  put(found, SLOT.kind, 'snapshot', TOPIC)
  return assemble(found, envelope, undefined, deviceId)
}

function telemetryRecord(parameter: string, value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? { ...value, [parameter]: value } : { [parameter]: value }
}

/** `ident` is better, where it is the parameter itself. */
const DEVICE_IN_TOPIC: Origin = { name: 'topic:4', rank: 1 }
const TOPIC: Origin = { name: 'the topic', rank: 0 }
const VALUE: Origin = { name: 'the value', rank: 0 }

const NO_DATA = createRefusal('this topic says nothing of the data of a terminal')
const NO_VALUE = createRefusal('the parameter has no value: flespi forgot it')
const NOT_NOW = createRefusal('a stored or repeated message says nothing of now')
const NOT_CONNECTED = createRefusal('the end of a connection is no contact: it may have been dead for long')
const NAMELESS = createRefusal('the event does not name a terminal')

function decodeConnected(
  value: unknown,
  { deviceId }: Extract<FlespiPlace, { kind: 'connected' }>,
  envelope: Envelope,
  found: Found,
): Decoded {
  if (!isNew(envelope)) return nothing(found, NOT_NOW, VALUE)
  if (readBoolean(value) !== true) return nothing(found, NOT_CONNECTED, VALUE)
  put(found, SLOT.terminal, deviceId, DEVICE_IN_TOPIC)
  put(found, SLOT.kind, 'presence', TOPIC)
  return assemble(found, envelope, undefined)
}

function decodeLog(
  record: unknown,
  { event, deviceId }: Extract<FlespiPlace, { kind: 'log' }>,
  envelope: Envelope,
  found: Found,
): Decoded {
  if (!isRecord(record)) {
    return rejected('unknown-shape', `expected a flespi log object, got ${excerpt(record)}`)
  }
  if (event === 'disconnected') return nothing(found, NOT_CONNECTED, TOPIC)
  if (event !== 'connected') return nothing(found, NO_DATA, TOPIC)
  if (!isNew(envelope)) return nothing(found, NOT_NOW, TOPIC)
  collect(record, TABLE, found)
  if (found.values[SLOT.terminal] === undefined) {
    if (deviceId === undefined) return nothing(found, NAMELESS, TOPIC)
    put(found, SLOT.terminal, deviceId, DEVICE_IN_TOPIC)
  }
  put(found, SLOT.kind, 'presence', TOPIC)
  return assemble(found, envelope, undefined, record['device.id'])
}

const LATE_MS = 120_000

/** Arrived because it happened, not because the broker kept or repeated it. */
function isNew({ retained, duplicate, storedAt, receivedAt }: Envelope): boolean {
  if (retained === true || duplicate === true) return false
  return storedAt === undefined || receivedAt - storedAt <= LATE_MS
}

function nothing(found: Found, why: Refusal, origin: Origin): Decoded {
  put(found, SLOT.kind, why, origin)
  return { kind: 'observed', observations: [] }
}
