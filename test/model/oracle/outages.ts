import { add, inside, NO_TIME, type Pair, type Point, pairOf, type Share } from './time-line.ts'
import type { Ms, Policy, Span, TraceEvent } from './trace.ts'

/** What an outage must look like. */
export type ExpectedOutage = {
  /** Wall time of its first FAIL. */
  readonly start: Ms
  /** The last OK before it, by the same clock; null without one. */
  readonly notBefore: Ms | null
  readonly end: Ms | null
  readonly downMs: Ms
  readonly possibleMs: Ms
  readonly letterDueAt: Ms | null
  /** By how much that FAIL found the crossing exceeded. */
  readonly overdueMs: Ms | null
  readonly operatorAlarmAt: Ms | null
  readonly warnedAt: Ms | null
  readonly intermittent: boolean
  readonly cancelled: boolean
  readonly by: Places
}

/** Where in the trace the events stand that brought it about. */
export type Places = {
  readonly opened: number
  readonly closed: number | null
  readonly cancelled: number | null
  readonly due: number | null
  readonly alarmed: number | null
  readonly warned: number | null
  readonly intermittent: number | null
}

const HOUR = 3_600_000

/** Sections 3, 4 and 6: every outage of a trace, oldest first, each figure worked out anew from the whole of it. */
export function outagesOf(
  events: readonly TraceEvent[],
  windows: readonly Span[],
  policy: Policy,
): ExpectedOutage[] {
  const line = lineOf(events, policy.maintenancePauses ? windows : [])
  const outages: ExpectedOutage[] = []
  let begin = 0
  for (;;) {
    const opening = nextOpening(line, begin)
    if (opening === null) return outages
    const closing = closingOf(line, opening.second, policy.recoveryPeriodMs)
    outages.push(describe(events, line, opening, closing, policy))
    if (closing === null) return outages
    begin = closing.at + 1
  }
}

/** Known verdicts with their place in the trace and the time up to the next one. */
export type Line = {
  readonly points: readonly Point[]
  readonly places: readonly number[]
  readonly pairs: readonly Pair[]
  readonly windows: readonly Span[]
  /** Places in the trace at which an operator cancelled. */
  readonly cancels: readonly number[]
}

export function lineOf(events: readonly TraceEvent[], windows: readonly Span[]): Line {
  const points: Point[] = []
  const places: number[] = []
  const pairs: Pair[] = []
  events.forEach((event, place) => {
    if (event.kind !== 'round' || event.verdict === 'unknown') return
    const { at, verdict, intervalMs, timeoutMs } = event
    const point: Point = { at, verdict, g: 2 * intervalMs + timeoutMs }
    const before = points.at(-1)
    if (before !== undefined) {
      pairs.push(pairOf(before, point, events.slice((places.at(-1) ?? 0) + 1, place), windows))
    }
    points.push(point)
    places.push(place)
  })
  const cancels = events.flatMap(({ kind }, place) => (kind === 'cancel' ? [place] : []))
  return { points, places, pairs, windows, cancels }
}

/** Indexes of the two FAILs that open the next outage. */
function nextOpening(
  { points, pairs, windows }: Line,
  begin: number,
): { first: number; second: number } | null {
  let candidate: number | null = null
  for (let i = begin; i < points.length; i++) {
    const { verdict, at } = points[i] as Point
    if (verdict === 'ok') candidate = null
    else if (!inside(at, windows)) {
      if (candidate !== null && closeTogether(points, pairs, candidate, i))
        return { first: candidate, second: i }
      candidate = i
    }
  }
  return null
}

/** At most g apart with no step between; FAILs inside planned work may lie between the two. */
function closeTogether(points: readonly Point[], pairs: readonly Pair[], a: number, b: number): boolean {
  const between = pairs.slice(a, b)
  const elapsedMs = between.reduce((sum, pair) => sum + pair.elapsedMs, 0)
  const g = Math.max(points[a]?.g ?? 0, points[b]?.g ?? 0)
  return between.every(({ close }) => close) && elapsedMs <= g
}

/** The OK that closes, and the first OK of its run. */
function closingOf(
  { points, pairs }: Line,
  second: number,
  recoveryPeriodMs: Ms,
): { at: number; run: number } | null {
  let run: number | null = null
  for (let i = second + 1; i < points.length; i++) {
    if (points[i]?.verdict === 'fail') run = null
    else {
      if (run === null || pairs[i - 1]?.close !== true) run = i
      if (recoveryPeriodMs === 0) return { at: i, run: i }
      const lastedMs = pairs.slice(run, i).reduce((sum, pair) => sum + pair.elapsedMs, 0)
      if (i - run + 1 >= 3 && lastedMs >= recoveryPeriodMs) return { at: i, run }
    }
  }
  return null
}

function describe(
  events: readonly TraceEvent[],
  line: Line,
  { first, second }: { first: number; second: number },
  closing: { at: number; run: number } | null,
  policy: Policy,
): ExpectedOutage {
  const { points, places, cancels } = line
  const last = closing?.at ?? points.length - 1
  const until = closing === null ? Number.POSITIVE_INFINITY : (places[closing.at] ?? 0)
  const cancelled = cancels.find((place) => place > (places[second] ?? 0) && place < until)
  const bound = lastOkBefore(points, first) ?? first
  const counted = points
    .map((_, i) => i)
    .filter((i) => i >= second && i <= last && points[i]?.verdict === 'fail')
    .filter((i) => cancelled === undefined || (places[i] ?? 0) < cancelled)
  const figures = counted.map((i) => figuresAt(line, first, bound, i))
  const { noticeAfterMs, warnAfterMs } = policy
  const due = figures.find(({ downMs }) => downMs > noticeAfterMs)
  const alarm = figures.find(
    ({ downMs, possibleMs, unknownMs }) =>
      possibleMs > noticeAfterMs && noticeAfterMs >= downMs && possibleMs - unknownMs <= noticeAfterMs,
  )
  const warned = figures.find(({ downMs }) => downMs >= warnAfterMs)
  const newest = figures.at(-1)
  const counting = cancelled === undefined ? last : places.findLastIndex((place) => place < cancelled)
  const intermittent = intermittentAt(line, first, Math.min(counting, last))
  const place = (figure: Figures | undefined): number | null =>
    figure === undefined ? null : (places[figure.index] ?? 0)
  return {
    start: points[first]?.at ?? 0,
    notBefore: seenWell(events, places[first] ?? 0),
    end: closing === null ? null : (points[closing.run]?.at ?? 0),
    downMs: newest?.downMs ?? 0,
    possibleMs: newest?.possibleMs ?? 0,
    letterDueAt: due?.at ?? null,
    overdueMs: due === undefined ? null : due.downMs - noticeAfterMs,
    operatorAlarmAt: alarm?.at ?? null,
    warnedAt: warned?.at ?? null,
    intermittent: intermittent !== null,
    cancelled: cancelled !== undefined,
    by: {
      opened: places[second] ?? 0,
      closed: closing === null ? null : (places[closing.at] ?? 0),
      cancelled: cancelled ?? null,
      due: place(due),
      alarmed: place(alarm),
      warned: place(warned),
      intermittent: intermittent === null ? null : (places[intermittent] ?? 0),
    },
  }
}

/**
 * When the component that failed was last seen well before that place, by the clock in use there: a round that proves
 * nothing else may have.
 */
function seenWell(events: readonly TraceEvent[], place: number): Ms | null {
  const index = events.slice(0, place).findLastIndex((event) => event.kind === 'round' && event.well)
  const round = events[index]
  if (round?.kind !== 'round') return null
  const steps = events.slice(index, place).flatMap((event) => (event.kind === 'step' ? event.deltaMs : []))
  return steps.reduce((at, deltaMs) => at + deltaMs, round.at)
}

function lastOkBefore(points: readonly Point[], first: number): number | null {
  for (let i = first - 1; i >= 0; i--) if (points[i]?.verdict === 'ok') return i
  return null
}

type Figures = {
  readonly index: number
  readonly at: Ms
  readonly downMs: Ms
  readonly possibleMs: Ms
  readonly unknownMs: Ms
}

/** Both clocks as they stand at a FAIL. */
function figuresAt({ points, pairs }: Line, first: number, bound: number, index: number): Figures {
  const possible = sum(pairs.slice(bound, index))
  return {
    index,
    at: points[index]?.at ?? 0,
    downMs: sum(pairs.slice(first, index)).down,
    possibleMs: possible.down + possible.edge + possible.unknown,
    unknownMs: possible.unknown,
  }
}

function sum(pairs: readonly Pair[]): Share {
  return pairs.reduce((total, { share }) => add(total, share), NO_TIME)
}

/** The verdict that makes more than 6 changes of known verdicts within 60 minutes; null without one. */
function intermittentAt({ points, pairs }: Line, first: number, last: number): number | null {
  const changes: Ms[] = []
  let elapsedMs = 0
  for (let i = first; i < last; i++) {
    elapsedMs += pairs[i]?.elapsedMs ?? 0
    if (points[i]?.verdict === points[i + 1]?.verdict) continue
    changes.push(elapsedMs)
    if (elapsedMs - (changes.at(-7) ?? Number.NEGATIVE_INFINITY) <= HOUR) return i + 1
  }
  return null
}
