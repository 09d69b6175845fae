import type { Ms, Span, TraceEvent, Verdict } from './trace.ts'

/** A known verdict. */
export type Point = {
  readonly at: Ms
  readonly verdict: Exclude<Verdict, 'unknown'>
  /** 2 x interval + timeout of its own settings. */
  readonly g: Ms
}

export type Share = {
  readonly up: Ms
  readonly down: Ms
  readonly edge: Ms
  readonly unknown: Ms
  readonly maintenance: Ms
}

/** Two neighbouring known verdicts and the time between them. */
export type Pair = {
  /** At most g apart, and no step of the clock between them. */
  readonly close: boolean
  /** Wall time less steps. */
  readonly elapsedMs: Ms
  readonly share: Share
}

export const NO_TIME: Share = { up: 0, down: 0, edge: 0, unknown: 0, maintenance: 0 }

/** Section 2: what the time between `before` and `after` was; `between` are the steps stored between them. */
export function pairOf(
  before: Point,
  after: Point,
  between: readonly TraceEvent[],
  windows: readonly Span[],
): Pair {
  const walls = wallPieces(before.at, after.at, between)
  const elapsedMs = walls.reduce((sum, { from, to }) => sum + to - from, 0)
  const stepped = between.some((event) => event.kind === 'step' || isSetBack(event, before.at))
  const close = !stepped && after.at >= before.at && elapsedMs <= Math.max(before.g, after.g)
  const kind = close ? closeKind(before, after) : 'unknown'
  const planned = kind === 'up' ? 0 : walls.reduce((sum, wall) => sum + covered(wall, windows), 0)
  return {
    close,
    elapsedMs,
    share: { ...NO_TIME, [kind]: elapsedMs - planned, maintenance: planned },
  }
}

export function add(a: Share, b: Share): Share {
  return {
    up: a.up + b.up,
    down: a.down + b.down,
    edge: a.edge + b.edge,
    unknown: a.unknown + b.unknown,
    maintenance: a.maintenance + b.maintenance,
  }
}

export function inside(at: Ms, windows: readonly Span[]): boolean {
  return windows.some(({ from, to }) => from <= at && at < to)
}

/** A round that is earlier than what lies before it: somebody set the clock back while nobody looked. */
function isSetBack(event: TraceEvent, before: Ms): event is Extract<TraceEvent, { kind: 'round' }> {
  return event.kind === 'round' && event.at < before
}

function closeKind(before: Point, after: Point): keyof Share {
  if (before.verdict !== after.verdict) return 'edge'
  return before.verdict === 'fail' ? 'down' : 'up'
}

/** The stretches of wall time that were lived through; a step leaps from the end of one to the start of the next. */
function wallPieces(from: Ms, to: Ms, between: readonly TraceEvent[]): Span[] {
  const pieces: Span[] = []
  let start = from
  for (const event of between) {
    if (isSetBack(event, start)) start = event.at
    if (event.kind !== 'step') continue
    pieces.push({ from: start, to: event.at - event.deltaMs })
    start = event.at
  }
  pieces.push({ from: start, to })
  return pieces.map((piece) => ({ from: piece.from, to: Math.max(piece.from, piece.to) }))
}

/** Milliseconds of the span inside any of the windows, which may overlap. */
function covered(span: Span, windows: readonly Span[]): Ms {
  const edges = [span.from, span.to, ...windows.flatMap(({ from, to }) => [from, to])]
    .filter((edge) => edge >= span.from && edge <= span.to)
    .sort((a, b) => a - b)
  let sum = 0
  for (let i = 1; i < edges.length; i++) {
    const from = edges[i - 1] ?? 0
    const to = edges[i] ?? 0
    if (to > from && inside(from, windows)) sum += to - from
  }
  return sum
}
