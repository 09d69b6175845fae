import { MINUTE, SECOND } from '../core/time.ts'
import type { Clock } from '../ports.ts'

/** Counts attempts per key in a sliding minute. */
export type Throttle = {
  /** Counts an attempt; zero, or the seconds to wait before the next one is allowed. */
  take(key: string): number
  /** The last attempt was good and does not count; bad ones before it do. */
  giveBack(key: string): void
}

const WINDOW_MS = MINUTE
const MAX_KEYS = 10_000

/** At most `limit` attempts per key and minute. Memory is bounded: of too many keys the oldest are forgotten. */
export function createThrottle(clock: Pick<Clock, 'now'>, limit: number): Throttle {
  const attempts = new Map<string, number[]>()

  function recent(key: string, now: number): number[] {
    // A clock that was set back must lock nobody out for longer than the window.
    return (attempts.get(key) ?? []).filter((at) => at > now - WINDOW_MS && at <= now)
  }

  return {
    take(key) {
      const now = clock.now()
      const kept = recent(key, now)
      const oldest = kept[0]
      if (kept.length >= limit && oldest !== undefined) {
        return Math.max(1, Math.ceil((oldest + WINDOW_MS - now) / SECOND))
      }
      attempts.delete(key)
      attempts.set(key, [...kept, now])
      if (attempts.size > MAX_KEYS) attempts.delete(attempts.keys().next().value ?? key)
      return 0
    },
    giveBack(key) {
      const kept = attempts.get(key)?.slice(0, -1) ?? []
      if (kept.length > 0) attempts.set(key, kept)
      else attempts.delete(key)
    },
  }
}
