import { REFUSED_PER_MINUTE, REFUSED_TOGETHER_PER_MINUTE } from '../../core/online/rate.ts'
import { MINUTE } from '../../core/time.ts'
import { type Effort, sleep, type Timer } from './effort.ts'

/** Attempts that may be refused, over all accounts: an address with too many of them is blocked. */
export type RefusalGuard = {
  /** Waits until one more may be risked. False: not within the effort's time. Every true one is followed by `leave`. */
  enter(effort: Effort): Promise<boolean>
  leave(wasRefused: boolean): void
  /** A refusal that was not foreseen: of a call with a token that was sent at `sentMs` (monotonic). */
  note(sentMs: number): void
  isFull(): boolean
}

export function createRefusalGuard(clock: Timer): RefusalGuard {
  /** When refusals came, oldest first, on the monotonic clock. */
  let refusals: number[] = []
  /** Without those of calls that were on their way together with one before. */
  let separate: number[] = []
  let pending = 0
  let changed = Promise.withResolvers<void>()

  function forgetOld(): void {
    const from = clock.monotonic() - MINUTE
    refusals = refusals.filter((at) => at >= from)
    separate = separate.filter((at) => at >= from)
  }

  /** How long until there may be room, ms; 0: now. Attempts under way may come to nothing sooner. */
  function roomInMs(underWay: number): number {
    forgetOld()
    return Math.max(
      waitMs(separate, underWay, REFUSED_PER_MINUTE),
      waitMs(refusals, underWay, REFUSED_TOGETHER_PER_MINUTE),
    )
  }

  function waitMs(times: readonly number[], underWay: number, most: number): number {
    if (times.length + underWay < most) return 0
    // What was refused exactly a minute ago still counts: the server's minute may include both ends.
    return (times[0] ?? clock.monotonic()) + MINUTE + 1 - clock.monotonic()
  }

  function add(wasTogether: boolean): void {
    const now = clock.monotonic()
    refusals.push(now)
    if (!wasTogether) separate.push(now)
  }

  return {
    async enter(effort) {
      for (let ms = roomInMs(pending); ms > 0; ms = roomInMs(pending)) {
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
      if (wasRefused) add(false)
      changed.resolve()
      changed = Promise.withResolvers()
    },
    note(sentMs) {
      add(refusals.some((at) => at >= sentMs))
    },
    isFull: () => roomInMs(0) > 0,
  }
}
