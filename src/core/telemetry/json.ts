import { assemble, rejected } from './assemble.ts'
import type { Decoded, Decoder, Envelope } from './decoder.ts'
import { clear, collect, createFound, createNameTable, isRecord } from './found.ts'
import { JSON_NAMES } from './json-names.ts'
import { type Locator, parseLocator } from './mapping.ts'
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
 * `fields` of Telegraf. Without a name the terminal is the last segment of the topic. Throws if the mapping holds
 * an expression that `parseLocator` refuses: the configuration has checked it.
 */
export function createJsonDecoder({ mapping = {}, timezone }: JsonOptions): Decoder {
  const mapped = locators(mapping)
  const isMapped = (target: Target): boolean => mapping[target] !== undefined
  const unmapped = TARGETS.filter((target) => !isMapped(target)).map((target) => [
    target,
    JSON_NAMES[target] ?? [],
  ])
  const table = createNameTable(Object.fromEntries(unmapped), CONTAINERS)
  const terminalIsMapped = isMapped('terminal')
  const kindIsMapped = isMapped('kind')
  const found = createFound()

  return (record, envelope) => {
    if (!isRecord(record)) return rejected('unknown-shape', `expected a JSON object, got ${excerpt(record)}`)
    clear(found)
    collect(record, table, found)
    for (const { slot, locate } of mapped) {
      const value = locate(record, envelope)
      found.values[slot] = value === '' ? undefined : value
    }
    const status = kindIsMapped ? undefined : availability(record)
    if (!terminalIsMapped && found.values[SLOT.terminal] === undefined && envelope.topic !== undefined) {
      found.values[SLOT.terminal] = lastSegment(envelope.topic, status !== undefined)
    }
    const decoded = assemble(found, envelope, timezone)
    return status === undefined ? decoded : asPresence(decoded, envelope)
  }
}

function locators(mapping: NonNullable<JsonOptions['mapping']>): { slot: number; locate: Locator }[] {
  return TARGETS.flatMap((target) => {
    const expression = mapping[target]
    if (expression === undefined) return []
    const locate = parseLocator(expression)
    if (typeof locate === 'string') throw new Error(`mapping ${target}: ${locate}`)
    return [{ slot: SLOT[target], locate }]
  })
}

/** `{"status":"OFFLINE"}` as a last will or an availability topic sends it; undefined for everything else. */
function availability(record: Readonly<Record<string, unknown>>): 'online' | 'offline' | undefined {
  const status = record['status']
  if (typeof status !== 'string' || status.length > 7) return undefined
  const word = status.toLowerCase()
  return word === 'online' || word === 'offline' ? word : undefined
}

/** A bare availability message is no data; a stored one does not even say when. */
function asPresence(decoded: Decoded, envelope: Envelope): Decoded {
  if (decoded.kind === 'rejected') return decoded
  const observations = decoded.observations.map((observation) => {
    if (observation.fix !== undefined || observation.readings !== undefined) return observation
    if (envelope.retained !== true) return { ...observation, kind: 'presence' as const }
    const { eventAt: _, ...rest } = observation
    return rest
  })
  return { kind: 'observed', observations }
}

/** Last segments that name the channel of a terminal, not the terminal. */
const AVAILABILITY_TOPICS = new Set(['availability', 'status', 'state', 'lwt', 'connection', 'online'])

function lastSegment(topic: string, isAvailability: boolean): string {
  const slash = topic.lastIndexOf('/')
  const last = topic.slice(slash + 1)
  if (!isAvailability || slash <= 0 || !AVAILABILITY_TOPICS.has(last.toLowerCase())) return last
  return topic.slice(topic.lastIndexOf('/', slash - 1) + 1, slash)
}
