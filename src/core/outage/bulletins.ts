import { type Instant, MINUTE, SECOND } from '../time.ts'
import type { Bulletins } from './handling.ts'

/** The series as the first letters of an outage begin it. */
export function startBulletins(at: Instant, updateEveryMs: number): Bulletins {
  return { updates: 0, at, nextAt: at + updateEveryMs }
}

/**
 * The series with one more update. Its times only grow, so that the letters of those who got one before it can be
 * told from the letters of those who joined with it even when the wall clock was set back in between.
 */
export function nextBulletin({ updates, at }: Bulletins, now: Instant, updateEveryMs: number): Bulletins {
  return { updates: updates + 1, at: Math.max(now, (at ?? now) + 1), nextAt: now + updateEveryMs }
}

/** After the wall clock was set back, or `updateEvery` made shorter: no update waits longer than that. */
export function hastenBulletin(bulletins: Bulletins, now: Instant, updateEveryMs: number): Bulletins {
  const latest = now + updateEveryMs
  return bulletins.nextAt === null || bulletins.nextAt <= latest
    ? bulletins
    : { ...bulletins, nextAt: latest }
}

/** An update is written when its time has come; so long its way to the last recipient may take. */
const ON_ITS_WAY_MS = 30 * SECOND

/**
 * By when the next letter is promised: a full minute, as letters print it, and late enough for the promise to be kept
 * although writing and sending take time.
 */
export function promisedBy(nextAt: Instant): Instant {
  return Math.ceil((nextAt + ON_ITS_WAY_MS) / MINUTE) * MINUTE
}
