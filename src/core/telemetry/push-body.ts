import { arrayParts, OVERLONG, type PartsOptions } from './array-parts.ts'
import type { RejectReason } from './observation.ts'
import { splitRecords } from './records.ts'

export type PushRecord =
  | { readonly kind: 'record'; readonly value: unknown }
  | { readonly kind: 'bad'; readonly reason: 'not-json' | 'too-large' }

export type PushBody =
  | { readonly kind: 'records'; readonly records: readonly PushRecord[] }
  /** Nothing in it could be parsed; `reason` says what was expected. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  /** More records than the limit. */
  | { readonly kind: 'too-large'; readonly reason: string }

/** What is answered to a push. `index` counts the records from 0. */
export type PushResult =
  | {
      readonly kind: 'accepted'
      readonly accepted: number
      readonly rejected: readonly { readonly index: number; readonly reason: RejectReason }[]
    }
  | Exclude<PushBody, { kind: 'records' }>
  /** Too much is under way, or the source has just been removed; nothing was taken. */
  | { readonly kind: 'busy' }

const MOST_RECORDS = 100_000
const LARGEST_RECORD_BYTES = 256 * 1024
const DEEPEST_RECORD = 100
/** Characters of one object over several lines. */
const LONGEST_OBJECT = 1024 * 1024

const NOT_JSON: PushRecord = { kind: 'bad', reason: 'not-json' }
const TOO_LARGE: PushRecord = { kind: 'bad', reason: 'too-large' }

/**
 * Takes the body of a push apart. `[` begins an array of records; `{` begins one object (also a pretty-printed one)
 * or NDJSON, an object per line. A bad line of NDJSON is a bad record; records are counted from 0 with the bad ones,
 * without empty lines. Records over 256 KiB are `too-large` by themselves. In steps of little work each, which yield
 * how many there are so far; one object over several lines, of at most 1 MiB, is one step.
 */
export function* readRecords(text: string, limit: number = MOST_RECORDS): Generator<number, PushBody> {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  const first = body.charCodeAt(firstInk(body))
  if (first === OPEN_BRACKET) return yield* fromArray(body, limit)
  if (first === OPEN_BRACE)
    return (yield* fromBatch(body, limit)) ?? (yield* fromLines(body.trimEnd(), limit))
  return Number.isNaN(first)
    ? { kind: 'unreadable', reason: 'the body is empty' }
    : {
        kind: 'unreadable',
        reason: 'expected a JSON object, a JSON array or NDJSON: the first byte is neither { nor [',
      }
}

const OPEN_BRACKET = 0x5b
const OPEN_BRACE = 0x7b

function firstInk(text: string): number {
  let at = 0
  while (isBlank(text.charCodeAt(at))) at += 1
  return at
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

const BATCH = /^[ \t\n\r]*\{[ \t\n\r]*"metrics"[ \t\n\r]*:[ \t\n\r]*(?=\[)/
const BEHIND_BATCH = /^[ \t\n\r]*\}[ \t\n\r]*$/

/** A Telegraf batch, whose thousand metrics are larger than a record may be; undefined: it is none. */
function* fromBatch(body: string, limit: number): Generator<number, PushBody | undefined> {
  const begin = BATCH.exec(body)?.[0].length
  if (begin === undefined) return undefined
  const read = yield* fromArray(body.slice(begin), limit, { behind: BEHIND_BATCH })
  return read.kind === 'unreadable' ? undefined : read
}

function* fromArray(body: string, limit: number, options: PartsOptions = {}): Generator<number, PushBody> {
  const records: PushRecord[] = []
  for (const part of arrayParts(body, { ...options, longest: LARGEST_RECORD_BYTES })) {
    const found = part === OVERLONG ? [TOO_LARGE] : fromPart(part)
    if (!found) return { kind: 'unreadable', reason: 'the JSON array is cut off or not valid' }
    // What follows may be no JSON at all, which would be another answer, so it is read to its end.
    if (records.length <= limit) for (const one of found) records.push(one)
    yield records.length
  }
  return bounded(records, limit)
}

function fromPart(part: string | undefined): readonly PushRecord[] | undefined {
  const parsed = part === undefined ? undefined : parse(part)
  return Array.isArray(parsed) ? wrap(parsed, part?.length ?? 0) : undefined
}

function* fromLines(body: string, limit: number): Generator<number, PushBody> {
  const records: PushRecord[] = []
  let readable = 0
  for (let start = 0; start < body.length; ) {
    if (start > 0) yield records.length
    const newline = body.indexOf('\n', start)
    const end = newline === -1 ? body.length : newline
    const line = body.slice(start, end)
    start = end + 1
    if (line.length < 4 && line.trim() === '') continue
    const record = fromLine(line)
    if (record === undefined) continue
    if (records.length === 0 && record !== TOO_LARGE) {
      // One object over several lines; a body of one line has been parsed already.
      const isWhole = start >= body.length
      const whole = record.kind === 'record' ? (isWhole ? record.value : undefined) : parseWhole(body)
      if (whole !== undefined) return bounded(wrap(splitRecords(whole), body.length), limit)
      if (record === NOT_JSON && body.length > LONGEST_OBJECT && !beginsWithObject(body, start)) {
        return { kind: 'records', records: [TOO_LARGE] }
      }
    }
    if (records.length >= limit) return tooMany(limit)
    if (record !== NOT_JSON) readable += 1
    records.push(record)
  }
  if (readable === 0) return { kind: 'unreadable', reason: 'no line of the body is a JSON object' }
  return { kind: 'records', records }
}

/** Whether the line at `start` is an object by itself: what begins there are lines, and no part of one object. */
function beginsWithObject(body: string, start: number): boolean {
  const newline = body.indexOf('\n', start)
  const line = body.slice(start, newline === -1 ? body.length : newline).trimStart()
  return line.charCodeAt(0) === OPEN_BRACE && fromLine(line) !== NOT_JSON
}

function parseWhole(body: string): unknown {
  return body.length > LONGEST_OBJECT ? undefined : parse(body)
}

/** Undefined for a line of blanks. */
function fromLine(line: string): PushRecord | undefined {
  if (line.length > LARGEST_RECORD_BYTES / 3 && utf8Bytes(line) > LARGEST_RECORD_BYTES) return TOO_LARGE
  const value = parse(line)
  if (value !== undefined) return { kind: 'record', value }
  return line.trim() === '' ? undefined : NOT_JSON
}

function bounded(records: readonly PushRecord[], limit: number): PushBody {
  return records.length > limit ? tooMany(limit) : { kind: 'records', records }
}

function wrap(values: readonly unknown[], textLength: number): PushRecord[] {
  const small = textLength <= LARGEST_RECORD_BYTES / 3
  return values.map((value) =>
    small || roomLeft(value, LARGEST_RECORD_BYTES, 0) >= 0 ? { kind: 'record', value } : TOO_LARGE,
  )
}

function tooMany(limit: number): PushBody {
  return { kind: 'too-large', reason: `more than ${limit} records in one request; send them in several` }
}

/** What the compact JSON text of a value leaves of `room` bytes, roughly; negative: it does not fit. */
function roomLeft(value: unknown, room: number, depth: number): number {
  if (room < 0 || depth > DEEPEST_RECORD) return -1
  if (typeof value === 'string') return room - 2 - (value.length * 3 > room ? utf8Bytes(value) : value.length)
  if (typeof value !== 'object' || value === null) return room - 4
  let left = room - 2
  if (Array.isArray(value)) {
    for (const item of value) {
      left = roomLeft(item, left - 1, depth + 1)
      if (left < 0) return left
    }
    return left
  }
  for (const [key, item] of Object.entries(value)) {
    left = roomLeft(item, left - key.length - 4, depth + 1)
    if (left < 0) return left
  }
  return left
}

function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    // Each half of a surrogate pair counts two of the pair's four bytes.
    if (code >= 0x80) bytes += code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 1 : 2
  }
  return bytes
}

/** JSON.parse as a value; undefined: not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
