import { type Instant, parseIso, toIso } from '../time.ts'
import type { Span } from './planned-work.ts'
import type { ClockStep, Round, Verdict } from './verdict.ts'

/** Settings under which all rounds of a trace file count as made. */
export type TraceSettings = { readonly intervalMs: number; readonly timeoutMs: number }

export type TraceFault = { readonly line: number; readonly reason: string }

/** Collects the lines of a trace file (spec/contract.md, `replay outages`). */
export type TraceReader = {
  /** Lines come in order, without their line ends; an empty one is skipped. */
  read(line: string): void
  readonly rows: readonly (Round | ClockStep)[]
  /** Maintenance windows from anywhere in the file. */
  readonly windows: readonly Span[]
  /** Every bad line, with its number from 1. */
  readonly faults: readonly TraceFault[]
}

/** A line longer than this is not a line of a trace. */
const LONGEST_LINE = 10_000

export function createTraceReader(settings: TraceSettings): TraceReader {
  const rows: (Round | ClockStep)[] = []
  const windows: Span[] = []
  const faults: TraceFault[] = []
  let number = 0
  let steppedMs = 0
  let newest: Instant | undefined

  /** Order is that of elapsed time: after a recorded step back, times may be earlier than before it. */
  function add(row: Round | ClockStep): string | undefined {
    if (row.kind === 'step') steppedMs += row.deltaMs
    const elapsed = row.at - steppedMs
    if (newest !== undefined && elapsed < newest) {
      if (row.kind === 'step') steppedMs -= row.deltaMs
      return `${toIso(row.at)} is earlier than the line before it: put the lines in order of time`
    }
    newest = elapsed
    rows.push(row)
    return undefined
  }

  function accept(line: string): string | undefined {
    const parsed = line.length > LONGEST_LINE ? 'longer than 10,000 characters' : parseLine(line)
    if (typeof parsed === 'string') return parsed
    switch (parsed.kind) {
      case 'window':
        windows.push(parsed)
        return undefined
      case 'step':
        return add(parsed)
      case 'verdict':
        return add(roundOf(parsed.at, parsed.verdict, settings))
    }
  }

  return {
    read(text) {
      const line = text.trim()
      number += 1
      if (line === '') return
      const reason = accept(line)
      if (reason !== undefined) faults.push({ line: number, reason })
    },
    rows,
    windows,
    faults,
  }
}

type Parsed =
  | { readonly kind: 'verdict'; readonly at: Instant; readonly verdict: Verdict }
  | ({ readonly kind: 'window' } & Span)
  | ClockStep

/** A text says what is wrong with the line. */
function parseLine(line: string): Parsed | string {
  const value = parseJson(line)
  if (!isObject(value)) return 'not a JSON object'
  const kinds = ['verdict', 'maintenance', 'step'].filter((key) => key in value)
  if (kinds.length !== 1) return 'exactly one of "verdict", "maintenance" and "step" is needed'
  if ('verdict' in value) return parseVerdict(value)
  return 'maintenance' in value ? parseWindow(value['maintenance']) : parseStep(value['step'])
}

function parseVerdict({ at, verdict }: Record<string, unknown>): Parsed | string {
  const instant = parseTime(at, 'at')
  if (typeof instant === 'string') return instant
  if (verdict === 'ok' || verdict === 'fail' || verdict === 'unknown') {
    return { kind: 'verdict', at: instant, verdict }
  }
  return '"verdict" must be "ok", "fail" or "unknown"'
}

function parseWindow(window: unknown): Parsed | string {
  if (!isObject(window)) return '"maintenance" must be an object with "from" and "to"'
  const from = parseTime(window['from'], 'maintenance.from')
  const to = parseTime(window['to'], 'maintenance.to')
  if (typeof from === 'string') return from
  if (typeof to === 'string') return to
  return to < from ? '"maintenance.to" is earlier than "maintenance.from"' : { kind: 'window', from, to }
}

function parseStep(step: unknown): Parsed | string {
  if (!isObject(step)) return '"step" must be an object with "at" and "deltaMs"'
  const at = parseTime(step['at'], 'step.at')
  if (typeof at === 'string') return at
  const deltaMs = step['deltaMs']
  if (typeof deltaMs !== 'number' || !Number.isSafeInteger(deltaMs)) {
    return '"step.deltaMs" must be a whole number of milliseconds'
  }
  return { kind: 'step', at, deltaMs }
}

function parseTime(value: unknown, name: string): Instant | string {
  const instant = typeof value === 'string' ? parseIso(value) : undefined
  return instant ?? `"${name}" must be an ISO 8601 time with Z or an offset, such as "2026-01-15T10:20:30Z"`
}

function roundOf(at: Instant, verdict: Verdict, { intervalMs, timeoutMs }: TraceSettings): Round {
  return { kind: 'round', at, completedAt: at, intervalMs, timeoutMs, verdict, components: [] }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
