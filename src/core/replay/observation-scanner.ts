import type { Fix, Observation, ObservationKind, Readings } from '../telemetry/observation.ts'
import type { Instant } from '../time.ts'
import { createInterning, type Interning } from './interning.ts'
import { NEWLINE, RETURN } from './scan/ascii.ts'
import { createCursor } from './scan/cursor.ts'
import type { Draft } from './scan/draft.ts'
import { createFixReader } from './scan/fix.ts'
import { createReadingsReader } from './scan/readings.ts'
import { createTextReader } from './scan/text.ts'
import { token } from './scan/token.ts'
import { createValueReaders } from './scan/value-readers.ts'
import { createKindReader } from './scan/words.ts'

/** So many bytes must be readable behind the end of what is scanned. */
export const SCANNER_SLACK = 256

export type ObservationScanner = {
  /**
   * Reads the line that begins at `from`, line end and all; `end` is where the bytes end. Undefined: it is to be read as
   * JSON, or is not there as a whole. The next line is read into the same objects.
   */
  scan(from: number, end: number): Observation | undefined
  /** Where the next line begins after one that was read. */
  next(): number
  /** Number of the terminal's id (interning.ts) in the line that was read; -1: it has none. */
  idIndex(): number
}

const TERMINAL_ID = token('"terminalId":')
const SOURCE = token('"source":')
const RECEIVED_AT = token('"receivedAt":')
const EVENT_AT = token('"eventAt":')
const HEARD_AT = token('"heardAt":')
const KIND = token('"kind":')
const FIX = token('"fix":')
const READINGS = token('"readings":')

/**
 * Reads observations as recordings have them (replay-line.ts) out of `bytes`, much faster than JSON.parse does: keys are
 * compared four bytes at a time, and ids and minutes that were there before are not made anew. Whatever is unusual is
 * left to JSON.parse: other keys, keys that come twice, nulls, escapes, texts that are not ASCII, exponents, other forms
 * of time. What is read here is what JSON.parse and replay-line.ts would make of it.
 */
export function createObservationScanner(
  bytes: Uint8Array,
  ids: Interning = createInterning(),
): ObservationScanner {
  const cursor = createCursor(bytes)
  const { place, enter, next, start, key, unusual } = cursor
  const { readText, readSource, index } = createTextReader(cursor, ids)
  const values = createValueReaders(cursor)
  const { readInstant, readReceivedAt } = values
  const readFix = createFixReader(cursor, values)
  const readReadings = createReadingsReader(cursor, values)
  const readKind = createKindReader(cursor)
  const observation = emptyObservation()
  let idIndex = -1

  function readId(): string | undefined {
    const text = readText()
    idIndex = index()
    return text
  }

  function readObservation(): boolean {
    let terminalId: string | undefined
    let source: string | undefined
    let receivedAt: Instant | undefined
    let heardAt: Instant | undefined
    let eventAt: Instant | undefined
    let kind: ObservationKind | undefined
    let fix: Fix | undefined
    let readings: Readings | undefined
    for (let more = enter(); more; more = next()) {
      switch (start()) {
        case TERMINAL_ID.start:
          terminalId = key(TERMINAL_ID, terminalId) ? readId() : unusual()
          break
        case SOURCE.start:
          source = key(SOURCE, source) ? readSource() : unusual()
          break
        case RECEIVED_AT.start:
          receivedAt = key(RECEIVED_AT, receivedAt) ? readReceivedAt() : unusual()
          break
        case EVENT_AT.start:
          eventAt = key(EVENT_AT, eventAt) ? readInstant() : unusual()
          break
        case HEARD_AT.start:
          heardAt = key(HEARD_AT, heardAt) ? readInstant() : unusual()
          break
        case KIND.start:
          kind = key(KIND, kind) ? readKind() : unusual()
          break
        case FIX.start:
          fix = key(FIX, fix) ? readFix() : unusual()
          break
        case READINGS.start:
          readings = key(READINGS, readings) ? readReadings() : unusual()
          break
        default:
          place.isUnusual = true
      }
      if (place.isUnusual) return false
    }
    if (terminalId === undefined || source === undefined) return false
    if (receivedAt === undefined || kind === undefined) return false
    observation.terminalId = terminalId
    observation.source = source
    observation.receivedAt = receivedAt
    observation.heardAt = heardAt
    observation.eventAt = eventAt
    observation.kind = kind
    observation.fix = fix
    observation.readings = readings
    return true
  }

  return {
    scan(from, end) {
      place.at = from
      place.limit = end
      place.isUnusual = false
      const isRead = readObservation()
      if (bytes[place.at] === RETURN) place.at += 1
      if (bytes[place.at] !== NEWLINE || place.at >= end) return undefined
      place.at += 1
      return isRead && !place.isUnusual ? (observation as Observation) : undefined
    },
    next: () => place.at,
    idIndex: () => idIndex,
  }
}

function emptyObservation(): Draft<Omit<Observation, 'aliases'>> {
  return {
    terminalId: '',
    source: '',
    receivedAt: 0,
    heardAt: undefined,
    eventAt: undefined,
    kind: 'live',
    fix: undefined,
    readings: undefined,
  }
}
