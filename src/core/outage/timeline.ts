import type { Instant } from '../time.ts'
import { cutAtWindows, type Span } from './planned-work.ts'
import type { Segment, SegmentClass } from './status.ts'
import type { ClockStep, Round } from './verdict.ts'

/** The last OK or FAIL and the settings of its round. */
export type KnownVerdict = {
  readonly at: Instant
  readonly verdict: 'ok' | 'fail'
  readonly intervalMs: number
  readonly timeoutMs: number
}

/** How far the line is drawn. */
export type Cursor = {
  readonly at: Instant
  /** The verdict that the next known one makes a pair with. */
  readonly known: KnownVerdict | null
  /** A step of the wall clock lies between `known` and the next verdict. */
  readonly stepped: boolean
}

/** A cursor at the beginning of a trace: what lies before the first known verdict is UNKNOWN. */
export function cursorAt(at: Instant): Cursor {
  return { at, known: null, stepped: false }
}

/**
 * Draws the line on to the next row. A segment is drawn when the verdict at its other end is known, so an UNKNOWN
 * verdict moves nothing. A clock step ends a segment at the time before it and begins the next at the time after
 * it; the part on either side is UNKNOWN, whatever the verdicts say.
 */
export function drawTo(
  cursor: Cursor,
  row: Round | ClockStep,
  merged: readonly Span[],
): { readonly cursor: Cursor; readonly segments: readonly Segment[] } {
  if (row.kind === 'step') {
    const segments = segmentsOf(cursor.at, row.at - row.deltaMs, 'unknown', merged)
    return { cursor: { ...cursor, at: row.at, stepped: true }, segments }
  }
  const known = knownVerdict(row)
  if (known === null) return { cursor, segments: [] }
  const segments = segmentsOf(cursor.at, known.at, classOf(cursor, known), merged)
  return { cursor: { at: known.at, known, stepped: false }, segments }
}

/** The time line of [from, to) from rows in the order in which they were made; neighbours of one class are joined. */
export function timeline(
  rows: Iterable<Round | ClockStep>,
  merged: readonly Span[],
  range: Span,
): readonly Segment[] {
  const line: Segment[] = []
  let cursor: Cursor | undefined
  for (const row of rows) {
    cursor ??= cursorAt(Math.min(range.from, row.at))
    const drawn = drawTo(cursor, row, merged)
    cursor = drawn.cursor
    for (const segment of drawn.segments) appendWithin(line, segment, range)
  }
  const rest = segmentsOf(cursor?.at ?? range.from, range.to, 'unknown', merged)
  for (const segment of rest) appendWithin(line, segment, range)
  return line
}

/**
 * What is certain of the time behind the cursor before the next known verdict is there, which will be one of `until` or
 * later: it is UNKNOWN once a pair cannot reach so far. `largestGap`: g of the settings of now, ms.
 */
export function unknownBehind(
  { at, known, stepped }: Cursor,
  until: Instant,
  largestGap: number,
  merged: readonly Span[],
): readonly Segment[] {
  const reach = known === null || stepped ? 0 : Math.max(largestGap, largestGapMs(known, known))
  return until - at > reach ? segmentsOf(at, until, 'unknown', merged) : []
}

/** `g` of a pair in ms: with rounds made under different settings the larger one counts (spec/outage-clock.md 2). */
export function largestGapMs(a: GapSettings, b: GapSettings): number {
  return Math.max(2 * a.intervalMs + a.timeoutMs, 2 * b.intervalMs + b.timeoutMs)
}

type GapSettings = { readonly intervalMs: number; readonly timeoutMs: number }

/** Null for an UNKNOWN verdict. */
export function knownVerdict({ at, verdict, intervalMs, timeoutMs }: Round): KnownVerdict | null {
  return verdict === 'unknown' ? null : { at, verdict, intervalMs, timeoutMs }
}

function classOf({ known, stepped }: Cursor, next: KnownVerdict): SegmentClass {
  if (known === null || stepped || next.at - known.at > largestGapMs(known, next)) return 'unknown'
  if (known.verdict !== next.verdict) return 'edge'
  return next.verdict === 'ok' ? 'up' : 'down'
}

/** Proven UP stays UP during planned work; everything else becomes MAINTENANCE. */
function segmentsOf(
  from: Instant,
  to: Instant,
  segmentClass: SegmentClass,
  merged: readonly Span[],
): readonly Segment[] {
  if (to <= from) return []
  if (segmentClass === 'up' || merged.length === 0) return [{ from, to, class: segmentClass, ms: to - from }]
  return cutAtWindows(merged, from, to).map((part) => ({
    from: part.from,
    to: part.to,
    class: part.planned ? 'maintenance' : segmentClass,
    ms: part.to - part.from,
  }))
}

function appendWithin(line: Segment[], segment: Segment, range: Span): void {
  const from = Math.max(segment.from, range.from)
  const to = Math.min(segment.to, range.to)
  if (to <= from) return
  const last = line.at(-1)
  if (last?.class === segment.class && last.to === from) {
    line[line.length - 1] = { ...last, to, ms: last.ms + to - from }
    return
  }
  line.push({ from, to, class: segment.class, ms: to - from })
}
