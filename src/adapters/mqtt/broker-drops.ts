import { MINUTE, SECOND } from '../../core/time.ts'

/**
 * What is known of the broker's count of messages that it dropped. All times are monotonic, ms. The count is of the
 * whole broker: its growth says that some client loses messages, not that we do.
 */
type Drops = {
  /** Newest reading; null before the first. */
  readonly count: number | null
  readonly readAt: number
  /** When it was last seen to grow. */
  readonly grewAt: number
  /** The source is marked blind for it. */
  readonly marked: boolean
  /** For how long it may still be marked. */
  readonly allowanceMs: number
  /** The allowance is used up; only a long time without any loss restores it. */
  readonly exhausted: boolean
  readonly lookedAt: number
}

export type DropEvent =
  /** Messages were lost in the last `withinMs`; `marked`: nothing can be said about the source meanwhile. */
  | { readonly kind: 'dropped'; readonly withinMs: number; readonly count: number; readonly marked: boolean }
  /** It grows no more, or nothing is known any more. */
  | { readonly kind: 'ended' }
  /** It has grown for so long that marking the source does more harm than good. */
  | { readonly kind: 'exhausted' }

/** A reading may be this old when it comes: Mosquitto counts anew every `sys_interval`, by default 10 s (11 s in 2.0.11). */
const READING_AGE_MS = 11 * SECOND
/** Without growth for this long, and a reading that says so, the loss is over. */
const QUIET_MS = 30 * SECOND
/** Readings have stopped: neither loss nor its end can be told. */
const SILENT_MS = 5 * MINUTE
/**
 * A dead client with a stored session, or a broken one that is nobody's business here, makes the count grow for ever.
 * A source that is blind for ever judges nobody, which is worse than judging by what gets through: a threshold is
 * many intervals long. So marks last a quarter of an hour at most, and come back when the broker was in order for
 * three times as long.
 */
const LONGEST_MARK_MS = 15 * MINUTE
const REGAIN = 3

/** Before the first reading. */
export function noDrops(now: number): Drops {
  return {
    count: null,
    readAt: now,
    grewAt: Number.NEGATIVE_INFINITY,
    marked: false,
    allowanceMs: LONGEST_MARK_MS,
    exhausted: false,
    lookedAt: now,
  }
}

/** What follows from a reading, or from the time that passed without one (null). */
export function decide(
  before: Drops,
  reading: number | null,
  now: number,
): { readonly drops: Drops; readonly events: readonly DropEvent[] } {
  const events: DropEvent[] = []
  let drops = passTime(before, now)
  if (drops.exhausted && !before.exhausted) events.push({ kind: 'ended' }, { kind: 'exhausted' })
  if (reading !== null) {
    // A smaller count is that of a broker that has begun anew: a first reading.
    const grown = drops.count === null ? 0 : reading - drops.count
    if (grown > 0) {
      const marked = !drops.exhausted
      events.push({ kind: 'dropped', withinMs: now - drops.readAt + READING_AGE_MS, count: grown, marked })
      drops = { ...drops, grewAt: now, marked }
    }
    drops = { ...drops, count: reading, readAt: now }
  }
  const quiet = reading !== null && now - drops.grewAt >= QUIET_MS
  if (drops.marked && (quiet || now - drops.readAt >= SILENT_MS)) {
    events.push({ kind: 'ended' })
    drops = { ...drops, marked: false }
  }
  return { drops, events }
}

function passTime(drops: Drops, now: number): Drops {
  const passed = now - drops.lookedAt
  if (drops.marked) {
    const allowanceMs = Math.max(0, drops.allowanceMs - passed)
    const exhausted = allowanceMs === 0
    return { ...drops, allowanceMs, exhausted, marked: !exhausted, lookedAt: now }
  }
  const calm = now - drops.grewAt >= QUIET_MS
  const allowanceMs = calm
    ? Math.min(LONGEST_MARK_MS, drops.allowanceMs + passed / REGAIN)
    : drops.allowanceMs
  const exhausted = drops.exhausted && allowanceMs < LONGEST_MARK_MS
  return { ...drops, allowanceMs, exhausted, lookedAt: now }
}

/** A count as the broker publishes it: digits alone; undefined if it is none. */
export function readCount(payload: Uint8Array): number | undefined {
  if (payload.length === 0 || payload.length > 15) return undefined
  const text = Buffer.from(payload).toString('latin1')
  return /^\d+$/.test(text) ? Number(text) : undefined
}
