import { DAY, type Instant } from '../time.ts'

/** What is remembered of the last run, so that a clock that jumps is not believed at once. */
export type LastRun = {
  /** Wall time of the run. */
  readonly at: Instant
  /** The time from which ages were counted. */
  readonly reckoned: Instant
  /** Runs in a row at which the clock was behind `reckoned`. */
  readonly behind: number
}

export type Reckoning = {
  /** From which ages are counted; null: nothing may be removed now. */
  readonly instant: Instant | null
  /** How far the wall clock is ahead of it, ms; below zero: behind. */
  readonly aheadMs: number
  readonly next: LastRun
}

/** A run moves on by no more: a clock that is years ahead costs a week of the oldest data, and not all. */
const MOST_AT_ONCE_MS = 7 * DAY
/** After so many runs in a row that say so, the clock was ahead before and is right now. */
const RUNS_BEHIND = 7
/** Corrections of a clock that works, and changes of the clock by an hour, are nothing to wonder at. */
const TOLERATED_MS = DAY

/**
 * The time from which the ages of stored rows are counted. It follows the wall clock, but by at most a week a run;
 * after a long standstill it catches up within some nights. While the clock is more than a day behind, nothing is removed.
 * The first run has `lived` to hold the clock against: an instant of each hour in which something was stored before this
 * program started, oldest first.
 */
export function reckon(now: Instant, lastRun: LastRun | null, lived: readonly Instant[]): Reckoning {
  const last = lastRun ?? assumedLast(lived)
  if (last === null) return on(now, now)
  const isBehind = now < last.reckoned - TOLERATED_MS
  if (isBehind && last.behind + 1 < RUNS_BEHIND) {
    const next = { at: now, reckoned: last.reckoned, behind: last.behind + 1 }
    return { instant: null, aheadMs: now - last.reckoned, next }
  }
  return on(now, isBehind ? now : Math.min(now, last.reckoned + MOST_AT_ONCE_MS))
}

/**
 * In the place of a last run that is not known: the end of the stretch without a gap of more than a week in which there
 * was something in most hours. Hours that a wrong clock dated, by a program that ran shortly before this one, are few.
 */
function assumedLast(lived: readonly Instant[]): LastRun | null {
  let longest: readonly Instant[] = []
  let stretch: Instant[] = []
  for (const at of lived) {
    if (at - (stretch.at(-1) ?? at) > MOST_AT_ONCE_MS) stretch = []
    stretch.push(at)
    if (stretch.length > longest.length) longest = stretch
  }
  const end = longest.at(-1)
  return end === undefined ? null : { at: end, reckoned: end, behind: 0 }
}

function on(now: Instant, reckoned: Instant): Reckoning {
  return { instant: reckoned, aheadMs: now - reckoned, next: { at: now, reckoned, behind: 0 } }
}

/** As it was stored; null when there is none or it cannot be read. */
export function readLastRun(text: string | null): LastRun | null {
  if (text === null) return null
  try {
    const { at, reckoned, behind } = JSON.parse(text) as Partial<LastRun>
    if (![at, reckoned, behind].every((value) => Number.isFinite(value))) return null
    return { at, reckoned, behind } as LastRun
  } catch {
    return null
  }
}
