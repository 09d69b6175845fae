import type { Fix, Observation, ObservationKind, Readings } from '../telemetry/observation.ts'
import { parsePlainIso } from '../telemetry/plain-iso.ts'
import { BOOLEAN_READINGS, FIX_NUMBERS, NUMBER_READINGS } from '../telemetry/target.ts'
import { isPrintable, readName } from '../telemetry/value.ts'
import { type Instant, parseIso } from '../time.ts'

/**
 * A line of a recording (spec/contract.md, `replay fleet`). `told`: a snapshot that the polled service gave when it was
 * asked for one terminal, not in a poll. `missing`: the poll at that time leaves out a terminal that it named before.
 */
export type ReplayLine =
  | { readonly kind: 'observation'; readonly observation: Observation; readonly told: boolean }
  | BlindLine
  | PollLine
  | { readonly kind: 'missing'; readonly source: string; readonly terminalId: string; readonly at: Instant }
  | { readonly kind: 'end'; readonly at: Instant }

/** The source heard nothing in [from, to); null: the end is not known yet, and a line with the same `from` tells it. */
export type BlindLine = {
  readonly kind: 'blind'
  readonly source: string
  readonly from: Instant
  readonly to: Instant | null
}

/** A good poll was answered at `at`; `sentAt`: when it was asked, where a recording knows. */
export type PollLine = {
  readonly kind: 'poll'
  readonly source: string
  readonly at: Instant
  readonly sentAt: Instant
}

const LONGEST_TEXT = 500
const MOST_ALIASES = 16
const KINDS: readonly ObservationKind[] = ['live', 'archive', 'snapshot', 'presence']

/** What a line says, given as its parsed JSON; a text says why it is none. Fields that are not known are left out. */
export function readReplayLine(value: unknown): ReplayLine | string {
  if (!isObject(value)) return 'not a JSON object'
  const kinds = ['terminalId', 'blind', 'poll', 'missing', 'end'].filter((key) => Object.hasOwn(value, key))
  if (kinds.length !== 1) return 'one of "terminalId", "blind", "poll", "missing" and "end" is needed'
  const faults: string[] = []
  const line = readKind(kinds[0] ?? '', value, faults)
  return faults.length === 0 ? line : faults.join('; ')
}

type Fields = Readonly<Record<string, unknown>>

/** What is wrong goes into `faults`; the line is of no use then. */
function readKind(kind: string, fields: Fields, faults: string[]): ReplayLine {
  switch (kind) {
    case 'blind':
      return readBlind(inner(fields, 'blind', faults), faults)
    case 'poll':
      return readPoll(inner(fields, 'poll', faults), faults)
    case 'missing':
      return readMissing(inner(fields, 'missing', faults), faults)
    case 'end':
      return { kind: 'end', at: timeOf(fields, 'end', faults) }
    default:
      return readObservation(fields, faults)
  }
}

function readBlind(fields: Fields, faults: string[]): BlindLine {
  const from = timeOf(fields, 'from', faults)
  const to = fields['to'] === null ? null : timeOf(fields, 'to', faults)
  if (to !== null && to < from) faults.push('"to" is earlier than "from"')
  return { kind: 'blind', source: idOf(fields, 'source', faults), from, to }
}

function readPoll(fields: Fields, faults: string[]): PollLine {
  const at = timeOf(fields, 'at', faults)
  const sentAt = instantOf(fields, 'sentAt', faults) ?? at
  return { kind: 'poll', source: idOf(fields, 'source', faults), at, sentAt: Math.min(sentAt, at) }
}

function readMissing(fields: Fields, faults: string[]): ReplayLine {
  const at = timeOf(fields, 'at', faults)
  const [source, terminalId] = [idOf(fields, 'source', faults), idOf(fields, 'terminalId', faults)]
  return { kind: 'missing', source, terminalId, at }
}

function readObservation(fields: Fields, faults: string[]): ReplayLine {
  const kind = KINDS.find((known) => known === fields['kind'])
  if (kind === undefined) faults.push('"kind" must be "live", "archive", "snapshot" or "presence"')
  const heardAt = instantOf(fields, 'heardAt', faults)
  const eventAt = instantOf(fields, 'eventAt', faults)
  const aliases = aliasesOf(fields['aliases'], faults)
  const fix = isGiven(fields['fix']) ? readFix(inner(fields, 'fix', faults), faults) : undefined
  const readings = isGiven(fields['readings'])
    ? readReadings(inner(fields, 'readings', faults), faults)
    : undefined
  const observation: Observation = {
    terminalId: idOf(fields, 'terminalId', faults),
    ...(aliases === undefined ? {} : { aliases }),
    source: idOf(fields, 'source', faults),
    receivedAt: timeOf(fields, 'receivedAt', faults),
    ...(heardAt === undefined ? {} : { heardAt }),
    ...(eventAt === undefined ? {} : { eventAt }),
    kind: kind ?? 'live',
    ...(fix === undefined ? {} : { fix }),
    ...(readings === undefined ? {} : { readings }),
  }
  return { kind: 'observation', observation, told: fields['told'] === true }
}

function readFix(fields: Fields, faults: string[]): Fix {
  const latitude = numberOf(fields, 'latitude', FIX_NUMBERS.latitude, faults)
  const longitude = numberOf(fields, 'longitude', FIX_NUMBERS.longitude, faults)
  if (latitude === undefined || longitude === undefined) faults.push('"fix" needs latitude and longitude')
  const at = instantOf(fields, 'at', faults)
  const valid = booleanOf(fields, 'valid', faults)
  return {
    latitude: latitude ?? 0,
    longitude: longitude ?? 0,
    ...(at === undefined ? {} : { at }),
    ...numbersOf(fields, MORE_OF_FIX, faults),
    ...(valid === undefined ? {} : { valid }),
  }
}

const MORE_OF_FIX: ReadonlySet<string> = new Set(['speedKmh', 'course', 'satellites', 'altitudeM'])
const NUMBERS: ReadonlySet<string> = new Set(Object.keys(NUMBER_READINGS))

function readReadings(fields: Fields, faults: string[]): Readings {
  const readings: Record<string, number | boolean | string> = numbersOf(fields, NUMBERS, faults)
  for (const name of BOOLEAN_READINGS) {
    const value = booleanOf(fields, name, faults)
    if (value !== undefined) readings[name] = value
  }
  const firmware = fields['firmware']
  if (typeof firmware === 'string' && firmware.length <= LONGEST_TEXT && isPrintable(firmware)) {
    readings['firmware'] = firmware
  } else if (isGiven(firmware)) faults.push('"firmware" must be a text')
  return readings
}

function aliasesOf(value: unknown, faults: string[]): readonly string[] | undefined {
  if (!isGiven(value)) return undefined
  const names = Array.isArray(value) && value.length <= MOST_ALIASES ? value.map(readName) : [undefined]
  if (!names.includes(undefined)) return names.flatMap((name) => name ?? [])
  faults.push(`"aliases" must be a list of at most ${MOST_ALIASES} names`)
  return undefined
}

function inner(fields: Fields, name: string, faults: string[]): Fields {
  const value = fields[name]
  if (isObject(value)) return value
  faults.push(`"${name}" must be an object`)
  return {}
}

function idOf(fields: Fields, name: string, faults: string[]): string {
  const id = readName(fields[name])
  if (id === undefined) faults.push(`"${name}" must be a text of 1 to 64 printable characters`)
  return id ?? ''
}

type Limits = { readonly min: number; readonly max: number }

/** What a decoder let through is taken as it is. */
const ANY: Limits = { min: -1e15, max: 1e15 }

function numbersOf(fields: Fields, names: ReadonlySet<string>, faults: string[]): Record<string, number> {
  const numbers: Record<string, number> = {}
  for (const name in fields) {
    const value = names.has(name) ? numberOf(fields, name, ANY, faults) : undefined
    if (value !== undefined) numbers[name] = value
  }
  return numbers
}

function numberOf(fields: Fields, name: string, { min, max }: Limits, faults: string[]): number | undefined {
  const value = fields[name]
  if (!isGiven(value)) return undefined
  if (typeof value === 'number' && value >= min && value <= max) return value
  faults.push(`"${name}" must be a number from ${min} to ${max}`)
  return undefined
}

function booleanOf(fields: Fields, name: string, faults: string[]): boolean | undefined {
  const value = fields[name]
  if (typeof value === 'boolean') return value
  if (isGiven(value)) faults.push(`"${name}" must be true or false`)
  return undefined
}

/** When something was received or known: by the clock of the service, which is right within years. */
function timeOf(fields: Fields, name: string, faults: string[]): Instant {
  const at = instantOf(fields, name, faults)
  if (at === undefined && !isGiven(fields[name])) faults.push(`"${name}" is missing`)
  if (at !== undefined && (at < EARLIEST || at > LATEST))
    faults.push(`"${name}" is not of the years 2000 to 2199`)
  return at ?? EARLIEST
}

/** 2000-01-01 and 2200-01-01. */
const EARLIEST: Instant = 946_684_800_000
const LATEST: Instant = 7_258_118_400_000

function instantOf(fields: Fields, name: string, faults: string[]): Instant | undefined {
  const value = fields[name]
  if (!isGiven(value)) return undefined
  const at = typeof value === 'string' ? (parsePlainIso(value) ?? parseIso(value)) : undefined
  if (at === undefined) {
    faults.push(`"${name}" must be an ISO 8601 time with Z or an offset, such as "2026-01-15T10:20:30Z"`)
  }
  return at
}

/** Null is what is not known. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
