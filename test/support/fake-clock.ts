import type { Instant } from '../../src/core/time.ts'
import type { Clock } from '../../src/ports.ts'

type Timer = {
  readonly every: number | null
  readonly tick: () => void | Promise<void>
  due: number
  running: boolean
}

export type FakeClock = Clock & {
  /** Moves both clocks, firing ticks in due order and waiting for each. */
  advance(ms: number): Promise<void>
  /** Steps the wall clock only. */
  step(ms: number): void
}

/** A clock that moves only when told to. */
export function createFakeClock(start: Instant = 1_767_225_600_000): FakeClock {
  let monotonic = 0
  let wallOffset = start
  const timers = new Set<Timer>()

  function add(delay: number, every: number | null, tick: Timer['tick']): () => void {
    const timer: Timer = { every, tick, due: monotonic + delay, running: false }
    timers.add(timer)
    return () => timers.delete(timer)
  }

  async function fire(timer: Timer): Promise<void> {
    if (timer.every === null) timers.delete(timer)
    else timer.due = monotonic + timer.every
    if (timer.running) return
    timer.running = true
    try {
      await timer.tick()
    } finally {
      timer.running = false
    }
  }

  return {
    now: () => wallOffset + monotonic,
    monotonic: () => monotonic,
    every: (ms, tick) => add(ms, ms, tick),
    after: (ms, tick) => add(ms, null, tick),
    async advance(ms) {
      const end = monotonic + ms
      for (;;) {
        const next = [...timers].filter((timer) => timer.due <= end).sort((a, b) => a.due - b.due)[0]
        if (!next) break
        monotonic = Math.max(monotonic, next.due)
        await fire(next)
      }
      monotonic = end
    },
    step(ms) {
      wallOffset += ms
    },
  }
}
