import { HOUR, type Instant, MINUTE, SECOND } from '../core/time.ts'
import type { Clock } from '../ports.ts'

/** Makes whoever guesses a password wait longer and longer, wherever the guesses come from. */
export type LoginDelay = {
  /** Counts an attempt; zero, or the seconds to wait before the next one is allowed, which counts nothing. */
  take(key: string): number
  /** Forgets the attempts of a key: the last one was good. */
  forget(key: string): void
}

/** Attempts that cost no wait; then it doubles from a minute up to the longest. */
const FREE = 10
/** So that nobody can keep the owner out for ever: 4 guesses an hour are of no use either. */
const LONGEST_MS = 15 * MINUTE
/** After so long without an attempt all is as at the beginning. */
const QUIET_MS = HOUR
const MAX_KEYS = 20_000

/** Delays by key. Memory is bounded: of too many keys those with the oldest attempts are forgotten. */
export function createLoginDelay(clock: Pick<Clock, 'now'>): LoginDelay {
  const attempts = new Map<string, { readonly count: number; readonly at: Instant }>()

  return {
    take(key) {
      const now = clock.now()
      const known = attempts.get(key)
      // A clock that was set back must lock nobody out for longer than the delay.
      const at = Math.min(known?.at ?? now, now)
      const count = known && now - at < QUIET_MS ? known.count : 0
      const wait = at + delayMs(count) - now
      if (wait > 0) return Math.ceil(wait / SECOND)
      attempts.delete(key)
      attempts.set(key, { count: count + 1, at: now })
      if (attempts.size > MAX_KEYS) attempts.delete(attempts.keys().next().value ?? key)
      return 0
    },
    forget(key) {
      attempts.delete(key)
    },
  }
}

/** After so many attempts in a row. */
function delayMs(count: number): number {
  return count < FREE ? 0 : Math.min(LONGEST_MS, MINUTE * 2 ** (count - FREE))
}
