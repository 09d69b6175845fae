import type { Instant } from '../time.ts'
import type { Blindness } from './blindness.ts'

/** How a source is polled. */
export type Polling = {
  /** Time between two polls, ms. */
  readonly everyMs: number
  /** Longest time of one poll, ms. */
  readonly timeoutMs: number
}

/**
 * A good poll. What it tells was so at some moment between the two times: a change in it is dated at `answeredAt`, and
 * silence is proven up to `sentAt` only, so that neither a slow answer nor what came while it was on its way makes a
 * silence longer than it was. Both are the same where nobody knows more (a replay).
 */
export type Poll = { readonly sentAt: Instant; readonly answeredAt: Instant }

/** What is known of the polls of a polled source (spec/freshness.md 2 and 3). */
export type Polls = {
  everyMs: number
  timeoutMs: number
  /** The newest good poll; -Infinity before the first one of this run. */
  sentAt: Instant
  answeredAt: Instant
  /**
   * Time that is no silence, because the service itself could not have heard anybody: its outages, stretches without
   * any data, and wall time that was jumped over. Polls that fail are not in it: the next good one tells what happened
   * meanwhile.
   */
  readonly serviceBlindness: Blindness
  /** The latest end of one of its causes while another still holds; -Infinity without one. */
  serviceHearsFrom: Instant
  /**
   * The value of the previous poll by row: its time in ms, `WITHOUT_TIME`, or 0 where none was seen in this run. It is
   * not stored: after a restart the first value of a terminal counts by its own time, which tells what came while
   * nobody polled, whereas a stored value would date all of that at the first poll.
   */
  values: Float64Array
  /**
   * By row: up to when polls told of a terminal that the newest good one left out, 0 where it did not. A list that does
   * not name a terminal proves nothing of its silence.
   */
  missing: Float64Array
}

const WITHOUT_TIME = -1

/** Polls of this run. `serviceBlindness`: what was found in earlier ones. */
export function createPolls({ everyMs, timeoutMs }: Polling, serviceBlindness: Blindness): Polls {
  return {
    everyMs,
    timeoutMs,
    sentAt: -Infinity,
    answeredAt: -Infinity,
    serviceBlindness,
    serviceHearsFrom: -Infinity,
    values: new Float64Array(0),
    missing: new Float64Array(0),
  }
}

/** So long a good poll keeps its source from being blind: one may fail, and the next may take its time. */
export function pollsHoldMs({ everyMs, timeoutMs }: Polling): number {
  return 2 * everyMs + timeoutMs
}

/** How a polled value stands to that of the poll before. */
export type Seen = 'first' | 'changed' | 'unchanged'

/**
 * Compares a polled value with that of the previous poll and keeps it. A value that is no longer told is no news of
 * the terminal, so the one before it stays.
 */
export function seeValue(polls: Polls, row: number, eventAt: Instant | undefined): Seen {
  if (row >= polls.values.length) polls.values = wider(polls.values, row)
  const before = polls.values[row] ?? 0
  if (eventAt === undefined) {
    if (before !== 0) return 'unchanged'
    polls.values[row] = WITHOUT_TIME
    return 'first'
  }
  if (before === eventAt) return 'unchanged'
  polls.values[row] = eventAt
  return before === 0 ? 'first' : 'changed'
}

/** Whether the terminal was in an answer of this run. */
export function wasPolled(polls: Polls, row: number): boolean {
  return (polls.values[row] ?? 0) !== 0
}

/** Up to when the polls tell of a terminal; Infinity: the newest good one does. */
export function toldUntil(polls: Polls, row: number): Instant {
  return polls.missing[row] || Infinity
}

/** A good poll names the terminal. */
export function noteNamed(polls: Polls, row: number): void {
  if ((polls.missing[row] ?? 0) !== 0) polls.missing[row] = 0
}

/** A good poll leaves the terminal out; to be called before that poll is noted. `contactAt` is its own, not 0. */
export function noteMissing(polls: Polls, row: number, contactAt: Instant): void {
  if (row >= polls.missing.length) polls.missing = wider(polls.missing, row)
  if (polls.missing[row] === 0) polls.missing[row] = Math.max(polls.sentAt, contactAt)
}

/** After the wall clock was set back to `now`: nobody was missing later. */
export function setMissingBack({ missing }: Polls, now: Instant): void {
  for (let row = 0; row < missing.length; row++) missing[row] = Math.min(missing[row] ?? 0, now)
}

function wider(column: Float64Array, row: number): Float64Array {
  const grown = new Float64Array(Math.max(1024, row + 1, column.length * 2))
  grown.set(column)
  return grown
}
