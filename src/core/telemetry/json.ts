import { assemble, rejected } from './assemble.ts'
import { availabilityOf, STATUS } from './availability.ts'
import type { Decoded, Decoder, Envelope } from './decoder.ts'
import { explainFound } from './explain.ts'
import type { Explainer } from './explained.ts'
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
import { JSON_NAMES } from './json-names.ts'
import { fieldOf, type Locator, parseLocator } from './mapping.ts'
import { createRefusal } from './refusal.ts'
import { SLOT, TARGETS, type Target } from './target.ts'
import { excerpt } from './value.ts'

export type JsonOptions = {
  /** Expressions (`parseLocator`) by target. A target without one is looked for under its well-known names. */
  readonly mapping?: Readonly<{ [Key in Target]?: string | undefined }>
  /** IANA zone of times without an offset. */
  readonly timezone: string
}

/** What Telegraf wraps its values in. */
const CONTAINERS = ['tags', 'fields']

/**
 * A decoder for JSON objects of any make: by mapping, else by the well-known names, also inside the `tags` and
 * `fields` of Telegraf. Without a name the terminal is the last segment of the topic. The bare words `online` and
 * `offline` are those of an availability topic. Throws if the mapping holds an expression that `parseLocator`
 * refuses: the configuration has checked it.
 */
export function createJsonDecoder(options: JsonOptions): Decoder {
  return decoderInto(createFound(), options)
}

/** The same decoder, telling where everything came from. */
export function createJsonExplainer(options: JsonOptions): Explainer {
  const found = createFound()
  const decode = decoderInto(found, options)
  return (record, envelope) => {
    const decoded = decode(record, envelope)
    return {
      decoded,
      explanation: explainFound(found, { record, envelope, decoded, zone: options.timezone }),
    }
  }
}

function decoderInto(found: Found, { mapping = {}, timezone }: JsonOptions): Decoder {
  const mapped = locators(mapping)
  const isMapped = (target: Target): boolean => mapping[target] !== undefined
  const unmapped = TARGETS.filter((target) => !isMapped(target)).map((target) => [
    target,
    JSON_NAMES[target] ?? [],
  ])
  const table = createNameTable(Object.fromEntries(unmapped), CONTAINERS)
  const terminalIsMapped = isMapped('terminal')

  return (message, envelope) => {
    clear(found)
    const isWord = typeof message === 'string'
    const record = isWord ? wordRecord(message) : message
    if (!isRecord(record)) return rejected('unknown-shape', `expected a JSON object, got ${excerpt(message)}`)
    collect(record, table, found)
    for (const { slot, locate, origin } of mapped) {
      const value = locate(record, envelope)
      put(found, slot, value === '' ? undefined : value, origin)
    }
    // A bare word is an availability message, whatever a mapping makes of its topic.
    if (isWord) put(found, SLOT.kind, undefined, STATUS)
    const word = found.values[SLOT.kind] === undefined ? availabilityOf(record['status']) : undefined
    if (!terminalIsMapped && found.values[SLOT.terminal] === undefined && envelope.topic !== undefined) {
      takeTopic(envelope.topic, word !== undefined, found)
    }
    const decoded = assemble(found, envelope, timezone)
    // Beside data `online` is what a sender says of itself; `offline` is said of it, by a last will or a gateway.
    if (word === undefined || (word === 'online' && !isWord && hasData(decoded))) return decoded
    return asAvailability(decoded, envelope, found)
  }
}

type Mapped = { readonly slot: number; readonly locate: Locator; readonly origin: Origin }

function locators(mapping: NonNullable<JsonOptions['mapping']>): Mapped[] {
  return TARGETS.flatMap((target) => {
    const expression = mapping[target]
    if (expression === undefined) return []
    const locate = parseLocator(expression)
    if (typeof locate === 'string') throw new Error(`mapping ${target}: ${locate}`)
    const field = fieldOf(expression)
    const origin: Origin = { name: expression, rank: 0, ...(field === undefined ? {} : { field }) }
    return [{ slot: SLOT[target], locate, origin }]
  })
}

/** The bare word of an availability topic as the record that it stands for. */
function wordRecord(word: string): { readonly status: string } | undefined {
  return availabilityOf(word) === undefined ? undefined : { status: word }
}

function hasData(decoded: Decoded): boolean {
  if (decoded.kind === 'rejected') return false
  return decoded.observations.some(({ fix, readings }) => fix !== undefined || readings !== undefined)
}

const STORED_STATUS = createRefusal('a stored or repeated availability message does not say when it was true')

/** An availability message is no data; a stored or repeated one does not even say when. */
function asAvailability(decoded: Decoded, envelope: Envelope, found: Found): Decoded {
  if (decoded.kind === 'rejected') return decoded
  const [observation] = decoded.observations
  // Data that was stored, by the broker or by a gateway, is true of when it was measured.
  const isDated = hasData(decoded) && (envelope.retained === true || observation?.kind === 'archive')
  if (observation === undefined || isDated) return decoded
  if (envelope.retained !== true && envelope.duplicate !== true) {
    put(found, SLOT.kind, 'presence', STATUS)
    return { kind: 'observed', observations: [{ ...observation, kind: 'presence' }] }
  }
  put(found, SLOT.kind, 'snapshot', STATUS)
  if (found.values[SLOT.eventAt] !== undefined) found.values[SLOT.eventAt] = STORED_STATUS
  const { eventAt: _, ...rest } = observation
  return { kind: 'observed', observations: [{ ...rest, kind: 'snapshot' }] }
}

const TOPIC_END: Origin = { name: 'the last segment of the topic', rank: Infinity }
const TOPIC_BEFORE_END: Origin = { name: 'the last segment but one of the topic', rank: Infinity }

/** Last segments that name the channel of a terminal, not the terminal. */
const AVAILABILITY_TOPICS = new Set(['availability', 'status', 'state', 'lwt', 'connection', 'online'])

function takeTopic(topic: string, isAvailability: boolean, found: Found): void {
  const slash = topic.lastIndexOf('/')
  const last = topic.slice(slash + 1)
  if (!isAvailability || slash <= 0 || !AVAILABILITY_TOPICS.has(last.toLowerCase())) {
    put(found, SLOT.terminal, last, TOPIC_END)
  } else {
    put(found, SLOT.terminal, topic.slice(topic.lastIndexOf('/', slash - 1) + 1, slash), TOPIC_BEFORE_END)
  }
}
