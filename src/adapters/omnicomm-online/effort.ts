import { formatDuration } from '../../core/time.ts'
import type { Clock } from '../../ports.ts'
import { type OnlineEnd, outOfBudget } from './ends.ts'

/** The time that one caller has for all that his call needs: waiting, login, the call itself. */
export type Effort = {
  remainingMs(): number
  /** Waits; what this takes is our own limit of calls and must not be held against the service. */
  wait(until: Promise<unknown>): Promise<void>
  hasWaited(): boolean
  /** The result, or what it means that time ran out first. */
  within<T>(result: Promise<T>, waitedElsewhere: () => boolean): Promise<T | OnlineEnd>
  /** Time is over. */
  expired(doing: string): OnlineEnd
}

export type Timer = Pick<Clock, 'now' | 'monotonic' | 'after'>

/** What somebody waits for may run out of time at the same moment, and knows better what it was waiting for. */
const SAME_MOMENT_MS = 10

export function startEffort(clock: Timer, timeoutMs: number): Effort {
  const startedMs = clock.monotonic()
  let waited = false
  const remainingMs = (): number => Math.max(0, timeoutMs - (clock.monotonic() - startedMs))
  const expired = (doing: string): OnlineEnd => {
    const latencyMs = Math.round(clock.monotonic() - startedMs)
    const evidence = `no end within ${formatDuration(timeoutMs)}: stopped ${doing}`
    return { kind: 'failed', phase: 'timeout', latencyMs, evidence }
  }
  return {
    remainingMs,
    async wait(until) {
      waited = true
      await until
    },
    hasWaited: () => waited,
    async within(result, waitedElsewhere) {
      const over = Promise.withResolvers<OnlineEnd>()
      let stop = clock.after(remainingMs(), () => {
        const end = waitedElsewhere() ? outOfBudget() : expired('waiting for the session')
        stop = clock.after(SAME_MOMENT_MS, () => over.resolve(end))
      })
      try {
        return await Promise.race([result, over.promise])
      } finally {
        stop()
      }
    },
    expired,
  }
}

/** Resolves after `ms`. */
export function sleep(clock: Timer, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve))
}
