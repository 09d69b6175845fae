import { blockMs } from '../../core/online/back-off.ts'
import { type Bucket, type Rate, takeToken, UNAUTHORISED_RATE, USER_RATE } from '../../core/online/rate.ts'
import type { Instant } from '../../core/time.ts'
import { type Effort, sleep, type Timer } from './effort.ts'
import { createRefusalGuard, type RefusalGuard } from './refusal-guard.ts'

/** A budget of calls, and the block that answers 429 put on it. */
export type Budget = {
  /** Takes a token, waiting for it up to half of the effort's time. False: none comes by then. */
  take(effort: Effort): Promise<boolean>
  /** Too many calls, says the server; `retryAfterMs` as it asks. Returns until when nothing is sent. */
  block(retryAfterMs: number | null): Instant
  /** Null: not blocked. */
  blockedUntil(): Instant | null
  /** A good answer came: the next block is a first one again. */
  worked(): void
}

/** All that the calls of one process share. It outlives accounts, so that a reload gives nobody a fresh budget. */
export type Limits = {
  /** `key` is the same for accounts of the same user. */
  user(key: string): Budget
  readonly unauthorised: Budget
  readonly refusals: RefusalGuard
}

export function createLimits(clock: Timer): Limits {
  const users = new Map<string, Budget>()
  return {
    user(key) {
      const budget = users.get(key) ?? createBudget(clock, USER_RATE)
      users.set(key, budget)
      return budget
    },
    unauthorised: createBudget(clock, UNAUTHORISED_RATE),
    refusals: createRefusalGuard(clock),
  }
}

function createBudget(clock: Timer, rate: Rate): Budget {
  let bucket: Bucket = 0
  let blocks = 0
  let blockEnd: { readonly monotonicMs: number; readonly at: Instant } | null = null
  const isBlocked = (): boolean => blockEnd !== null && clock.monotonic() < blockEnd.monotonicMs
  return {
    async take(effort) {
      const taken = takeToken(bucket, rate, clock.monotonic())
      // At least half of the time is left for the call: else tokens would be spent on calls that cannot succeed.
      if (taken.waitMs > effort.remainingMs() / 2) return false
      bucket = taken.bucket
      if (taken.waitMs > 0) await effort.wait(sleep(clock, taken.waitMs))
      return true
    },
    block(retryAfterMs) {
      // Calls that were on their way together are refused together: that is one block.
      if (!isBlocked()) blocks += 1
      const ms = blockMs(blocks - 1, retryAfterMs)
      const monotonicMs = clock.monotonic() + ms
      if (blockEnd === null || monotonicMs > blockEnd.monotonicMs)
        blockEnd = { monotonicMs, at: clock.now() + ms }
      return blockEnd.at
    },
    blockedUntil: () => (isBlocked() ? (blockEnd?.at ?? null) : null),
    worked() {
      if (!isBlocked()) blocks = 0
    },
  }
}
