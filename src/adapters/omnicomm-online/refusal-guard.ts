import { REFUSED_PER_MINUTE } from '../../core/online/rate.ts'
import { MINUTE } from '../../core/time.ts'
import { type Effort, sleep, type Timer } from './effort.ts'

/** Attempts that may be refused, over all accounts: an address with too many of them is blocked. */
export type RefusalGuard = {
  /** Waits until one more may be risked. False: not within the effort's time. Every true one is followed by `leave`. */
  enter(effort: Effort): Promise<boolean>
  leave(wasRefused: boolean): void
  /** A refusal that was not foreseen: of a call with a token. */
  note(): void
  isFull(): boolean
}

export function createRefusalGuard(clock: Timer): RefusalGuard {
  /** When refusals came, oldest first, on the monotonic clock. */
  let refusals: number[] = []
  let pending = 0
  let changed = Promise.withResolvers<void>()

  function recent(): readonly number[] {
    const from = clock.monotonic() - MINUTE
    refusals = refusals.filter((at) => at > from)
    return refusals
  }

  /** How long until there may be room, ms; 0: now. Attempts under way may come to nothing sooner. */
  function roomInMs(): number {
    const now = recent()
    if (now.length + pending < REFUSED_PER_MINUTE) return 0
    return now[0] === undefined ? MINUTE : now[0] + MINUTE - clock.monotonic()
  }

  return {
    async enter(effort) {
      for (let ms = roomInMs(); ms > 0; ms = roomInMs()) {
        const leftMs = effort.remainingMs()
        // Attempts under way may make room at any moment, refusals only with time.
        if (leftMs <= 0 || (pending === 0 && ms > leftMs)) return false
        await effort.wait(Promise.race([changed.promise, sleep(clock, Math.min(ms, leftMs))]))
      }
      pending += 1
      return true
    },
    leave(wasRefused) {
      pending -= 1
      if (wasRefused) refusals.push(clock.monotonic())
      changed.resolve()
      changed = Promise.withResolvers()
    },
    note() {
      refusals.push(clock.monotonic())
    },
    isFull: () => recent().length >= REFUSED_PER_MINUTE,
  }
}
