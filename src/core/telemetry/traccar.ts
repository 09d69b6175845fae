import { assemble, rejected } from './assemble.ts'
import type { Decoded, Decoder, Envelope } from './decoder.ts'
import { explainFound } from './explain.ts'
import type { Explainer } from './explained.ts'
import { clear, createFound, type Found, isRecord, type Origin, put } from './found.ts'
import { createRefusal } from './refusal.ts'
import { SLOT } from './target.ts'
import { CONSULTED, collectPosition, type TraccarOptions } from './traccar-position.ts'
import { excerpt } from './value.ts'

/**
 * A decoder for what Traccar forwards as JSON, by HTTP or MQTT: positions `{"position","device"}` and events
 * `{"event","position"?,"device"}`. The terminal is the device's `uniqueId`; Traccar's own device number is no alias
 * of it, since every Traccar counts from 1.
 *
 * An event never proves contact with data: status events speak of Traccar's socket, and a position in an event was
 * forwarded before, by itself. So `deviceOnline` (a message was decoded after a silence) is presence, a position in
 * any other event is a snapshot at the position's own time, and all other events give no observation.
 */
export function createTraccarDecoder(options: TraccarOptions): Decoder {
  return decoderInto(createFound(), options)
}

/** The same decoder, telling where everything came from. */
export function createTraccarExplainer(options: TraccarOptions): Explainer {
  const found = createFound()
  const decode = decoderInto(found, options)
  return (record, envelope) => {
    const decoded = decode(record, envelope)
    return { decoded, explanation: explainFound(found, { record, envelope, decoded, consulted: CONSULTED }) }
  }
}

const NOTHING: Decoded = { kind: 'observed', observations: [] }

function decoderInto(found: Found, options: TraccarOptions): Decoder {
  return (record, envelope) => {
    clear(found)
    if (!isRecord(record)) return unknownShape(record)
    const { position, device, event } = record
    if (!isRecord(event) && !isRecord(position)) return barePosition(record) ?? unknownShape(record)
    if (!isRecord(device)) return noDevice()
    const { uniqueId } = device
    if (uniqueId === undefined || uniqueId === null || uniqueId === '') {
      return rejected('no-terminal', 'device.uniqueId is missing')
    }
    put(found, SLOT.terminal, uniqueId, UNIQUE_ID)
    if (isRecord(event)) return decodeEvent(event, position, envelope, found, options)
    if (isRecord(position)) collectPosition(position, options, found)
    return assemble(found, envelope, undefined)
  }
}

const UNIQUE_ID: Origin = { name: 'device.uniqueId', rank: 0, path: ['device', 'uniqueId'] }
const EVENT: Origin = { name: 'event.type', rank: 0, path: ['event', 'type'] }
const EVENT_TIME: Origin = { name: 'event.eventTime', rank: 0, path: ['event', 'eventTime'] }

const SPEAKS_OF_TRACCAR = createRefusal(
  'an event without a position says nothing of data, at most of the socket',
)
const NOT_NOW = createRefusal('a stored or repeated event says nothing of now')

function decodeEvent(
  event: Readonly<Record<string, unknown>>,
  position: unknown,
  envelope: Envelope,
  found: Found,
  options: TraccarOptions,
): Decoded {
  const { type, eventTime } = event
  if (typeof type !== 'string') {
    return rejected('unknown-shape', `event.type ${excerpt(type)} is not a text`)
  }
  if (type === 'deviceOnline') {
    if (envelope.retained === true || envelope.duplicate === true) return nothing(found, NOT_NOW)
    put(found, SLOT.kind, 'presence', EVENT)
    // Status events are dated by the server.
    if (eventTime !== undefined && eventTime !== null) put(found, SLOT.heardAt, eventTime, EVENT_TIME)
    return assemble(found, envelope, undefined)
  }
  if (!isRecord(position)) return nothing(found, SPEAKS_OF_TRACCAR)
  collectPosition(position, options, found)
  put(found, SLOT.kind, 'snapshot', EVENT)
  return assemble(found, envelope, undefined)
}

function nothing(found: Found, why: ReturnType<typeof createRefusal>): Decoded {
  put(found, SLOT.kind, why, EVENT)
  return NOTHING
}

function unknownShape(record: unknown): Decoded {
  return rejected(
    'unknown-shape',
    `expected {"position":...,"device":...} or {"event":...,"device":...} of Traccar, got ${isRecord(record) ? 'another object' : excerpt(record)}`,
  )
}

/** The redis form, of which only the key names the terminal. */
function barePosition(record: Readonly<Record<string, unknown>>): Decoded | undefined {
  return 'deviceTime' in record && 'latitude' in record && 'deviceId' in record ? noDevice() : undefined
}

function noDevice(): Decoded {
  return rejected(
    'no-terminal',
    'there is no device beside the position or event, so nothing names the terminal (the redis form of Traccar; use forward.type json or mqtt)',
  )
}
