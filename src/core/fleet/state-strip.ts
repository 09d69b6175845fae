import type { State, Transition } from '../freshness/state.ts'
import type { Span } from '../outage/planned-work.ts'
import type { Instant } from '../time.ts'

/**
 * What a terminal was in a stretch of time: a state, or `blind` (we could not have heard it), `absent` (it was not
 * there yet), `unrecorded` (no change tells what it was).
 */
export type StripState = State | 'blind' | 'absent' | 'unrecorded'

export type StripPart = { readonly state: StripState; readonly from: Instant; readonly to: Instant }

export type StripInput = {
  readonly from: Instant
  readonly to: Instant
  readonly firstSeenAt: Instant
  /** What it is now, and since when. */
  readonly state: State
  readonly stateSince: Instant
  /** Its changes in [from, to), newest first. */
  readonly transitions: readonly Pick<Transition, 'at' | 'from' | 'to'>[]
  /** When its source could not have heard it, oldest first; the stretches do not overlap. */
  readonly blind: readonly Span[]
}

/** All that StripPart may be, in the order in which people read it. */
const STRIP_STATES = [
  'fresh',
  'sleeping',
  'backlog',
  'no-fix',
  'stale',
  'lost',
  'unknown',
  'blind',
  'never',
  'maintenance',
  'suspended',
  'decommissioned',
  'absent',
  'unrecorded',
] as const satisfies readonly StripState[]

/** The states of a terminal in [from, to), without gaps and overlaps, oldest first; neighbours differ. */
export function stateStrip(input: StripInput): readonly StripPart[] {
  const { from, to } = input
  const parts: StripPart[] = []
  let state = stateBefore(input)
  let at = from
  for (const change of changes(input)) {
    append(parts, state, at, change.at)
    at = Math.max(at, change.at)
    state = change.to
  }
  append(parts, state, at, to)
  return withBlindness(parts, input.blind)
}

type Change = { readonly at: Instant; readonly to: StripState }

/** What it was at the beginning, as far as the first change tells. */
function stateBefore({ from, firstSeenAt, state, stateSince, transitions }: StripInput): StripState {
  const first = transitions.at(-1)
  if (Math.min(firstSeenAt, first?.at ?? Infinity) > from) return 'absent'
  if (first) return first.from ?? 'unknown'
  return stateSince <= from ? state : 'unrecorded'
}

/** Its appearance, its changes, and the present state where no stored change leads to it yet; oldest first. */
function changes({ from, to, firstSeenAt, state, stateSince, transitions }: StripInput): Change[] {
  const within = (at: Instant): Instant => Math.min(Math.max(at, from), to)
  const told = transitions.toReversed().map((change) => ({ at: within(change.at), to: change.to }))
  const first = transitions.at(-1)
  const appeared = within(Math.min(firstSeenAt, first?.at ?? Infinity))
  const since = within(stateSince)
  const begun = appeared > from ? [{ at: appeared, to: beginning(first, since > appeared) }] : []
  const last = told.at(-1)
  const ended = last?.to === state ? [] : [{ at: Math.max(since, last?.at ?? appeared), to: state }]
  return [...begun, ...told, ...ended]
}

/** A terminal is not judged before the first sweep that meets it. */
function beginning(first: Pick<Transition, 'from'> | undefined, wasAnother: boolean): StripState {
  if (first) return first.from ?? 'unknown'
  return wasAnother ? 'unrecorded' : 'unknown'
}

function append(parts: StripPart[], state: StripState, from: Instant, to: Instant): void {
  if (to <= from) return
  const last = parts.at(-1)
  if (last?.state === state) parts[parts.length - 1] = { ...last, to }
  else parts.push({ state, from, to })
}

/** What people said of a terminal is so whether or not anybody can hear it. */
const SAID: ReadonlySet<StripState> = new Set([
  'maintenance',
  'suspended',
  'decommissioned',
  'absent',
  'unrecorded',
])

/** Cuts the blind stretches out of states that were only judged. */
function withBlindness(parts: readonly StripPart[], blind: readonly Span[]): StripPart[] {
  const cut: StripPart[] = []
  let next = 0
  for (const { state, from, to } of parts) {
    let at = from
    while (next < blind.length && (blind[next]?.to ?? 0) <= from) next++
    for (let i = next; !SAID.has(state) && i < blind.length && (blind[i]?.from ?? 0) < to; i++) {
      const start = Math.max(at, blind[i]?.from ?? 0)
      const end = Math.min(to, blind[i]?.to ?? 0)
      append(cut, state, at, start)
      append(cut, 'blind', start, end)
      at = Math.max(at, end)
    }
    append(cut, state, at, to)
  }
  return cut
}

/** How long it was what, ms, in the order of STRIP_STATES; without what it never was. */
export function stripTotals(parts: readonly StripPart[]): readonly { state: StripState; ms: number }[] {
  const totals = new Map<StripState, number>()
  for (const { state, from, to } of parts) totals.set(state, (totals.get(state) ?? 0) + to - from)
  return STRIP_STATES.flatMap((state) => {
    const ms = totals.get(state) ?? 0
    return ms === 0 ? [] : [{ state, ms }]
  })
}

/** States that a drawing must not lose however short they were, the worst first. */
const TROUBLE: readonly StripState[] = ['lost', 'stale', 'no-fix', 'backlog']

/**
 * The same, coarse enough to be drawn in `columns` columns of equal length, so that a thousand changes make no longer
 * page. Each column is the worst trouble that it touches, else what it was longest.
 */
export function coarseStrip(parts: readonly StripPart[], columns: number): readonly StripPart[] {
  const [first, last] = [parts[0], parts.at(-1)]
  if (!first || !last) return []
  const length = (last.to - first.from) / columns
  const coarse: StripPart[] = []
  let begin = 0
  for (let column = 0; column < columns; column++) {
    const from = first.from + column * length
    const to = column === columns - 1 ? last.to : from + length
    while (begin < parts.length - 1 && (parts[begin]?.to ?? 0) <= from) begin++
    append(coarse, columnState(parts, begin, from, to), from, to)
  }
  return coarse
}

function columnState(parts: readonly StripPart[], begin: number, from: Instant, to: Instant): StripState {
  const totals = new Map<StripState, number>()
  for (let i = begin; i < parts.length; i++) {
    const part = parts[i]
    if (!part || part.from >= to) break
    const ms = Math.min(part.to, to) - Math.max(part.from, from)
    if (ms > 0) totals.set(part.state, (totals.get(part.state) ?? 0) + ms)
  }
  const trouble = TROUBLE.find((state) => totals.has(state))
  if (trouble !== undefined) return trouble
  const [longest] = [...totals].sort(([, a], [, b]) => b - a)
  return longest?.[0] ?? 'unrecorded'
}
