import { type Instant, MINUTE, SECOND } from '../../src/core/time.ts'
import type { Message } from './life.ts'
import type { Delivery } from './run.ts'

type Stretches = readonly { readonly from: Instant; readonly to: Instant }[]

/** What must be said of terminals, told from what was heard alone: by other means than the program's own. */
export type TruthOptions = {
  readonly movingMs: number
  readonly parkedMs: number
  readonly resumeGraceMs: number
  readonly graceMs: number
  readonly start: Instant
  readonly sweepEveryMs: number
  readonly liveLagMs: number
  /** When each source was blind, by its number. */
  readonly blind: ReadonlyMap<number, Stretches>
}

/** A silence that must be flagged: its last contact and when the flag was due. */
export type Due = { readonly terminal: number; readonly contactAt: Instant; readonly dueAt: Instant }

/** All silences that had to be flagged, and those about which either answer is right, by terminal and last contact. */
export type Truth = { readonly due: readonly Due[]; readonly open: ReadonlySet<string> }

type Heard = { at: Instant; knownAt: Instant; isParked: boolean; source: number }

/** A terminal that spoke once has left its state after a minute, and the sweep has seen it a second later. */
const LEFT_AFTER = MINUTE + SECOND

/**
 * Every silence of the fleet that was over its threshold of observed time (spec/freshness.md 3 to 5), and when. Contacts
 * of a terminal must be noted in the order of time.
 */
export function createTruth(options: TruthOptions) {
  const last = new Map<number, Heard>()
  const due: Due[] = []
  /** Silences whose end or flag falls together with something else within a sweep: either is right. */
  const open = new Set<string>()

  /** When the last message came that ended the draining of a broker: from then on all count as heard directly. */
  let caughtUpAt: Instant = -Infinity

  function heard(message: Message, source: number, how: Delivery): void {
    const { terminal, kind, receivedAt, eventAt, isMoving } = message
    const before = last.get(terminal)
    const isCaughtUp = kind === 'live' && Math.abs(receivedAt - eventAt) < options.liveLagMs
    if (how === 'drained' && isCaughtUp) caughtUpAt = receivedAt
    // What was kept for us proves no more than that the terminal spoke at the message's own time.
    const at = how === 'direct' || caughtUpAt === receivedAt ? receivedAt : eventAt
    if (at > receivedAt || at < (before?.at ?? 0)) return
    if (before) judge(terminal, before, receivedAt)
    last.set(terminal, { at, knownAt: receivedAt, isParked: !isMoving, source })
  }

  function judge(
    terminal: number,
    { at: contactAt, knownAt, isParked, source }: Heard,
    until: Instant,
  ): void {
    const stretches = options.blind.get(source) ?? []
    const limit = isParked ? options.parkedMs : options.movingMs
    const dueAt = Math.max(knownAt, flagAt(contactAt, limit, stretches))
    if (dueAt >= until) return
    const key = `${terminal}@${contactAt}`
    const isClose = until - dueAt <= options.sweepEveryMs
    const wasHeld = stretches.some(({ from, to }) => from <= knownAt + LEFT_AFTER && to >= knownAt)
    if (isClose || wasHeld) open.add(key)
    else due.push({ terminal, contactAt, dueAt })
  }

  /** When observed silence is over the limit, and no grace is running or it is over that too. */
  function flagAt(contactAt: Instant, limit: number, stretches: Stretches): Instant {
    const crossing = after(contactAt, limit, stretches)
    const withGrace = after(contactAt, limit + options.graceMs, stretches)
    const resumed =
      [options.start, ...longEnds(stretches)].filter((end) => end <= crossing).at(-1) ?? -Infinity
    const graceEnd = resumed + options.graceMs
    return crossing >= graceEnd ? crossing : Math.min(graceEnd, withGrace)
  }

  function longEnds(stretches: Stretches): Instant[] {
    return stretches.filter(({ from, to }) => to - from > options.resumeGraceMs).map(({ to }) => to)
  }

  function after(since: Instant, ms: number, stretches: Stretches): Instant {
    let at = since
    let left = ms
    for (const { from, to } of stretches) {
      if (to <= at) continue
      if (from - at >= left) break
      left -= Math.max(0, from - at)
      at = to
    }
    return at + left
  }

  return {
    heard,
    /** What was due up to `end`. */
    upTo(end: Instant): Truth {
      for (const [terminal, before] of last) judge(terminal, before, end)
      last.clear()
      return { due, open }
    },
  }
}
