import { setImmediate } from 'node:timers/promises'
import type { Instant } from '../../../src/core/time.ts'
import type { Clock } from '../../../src/ports.ts'

type Timer = {
  readonly every: number | null
  readonly tick: () => void | Promise<void>
  due: number
  running: boolean
}

/** Both clocks of a machine. Time stands still until it is moved; what a tick begins goes on while time moves. */
export type ModelClock = {
  /** The clock of one run of the program; its timers die with the run. */
  run(): Clock & { kill(): void }
  now(): Instant
  monotonic(): number
  /** Lets time pass, with every timer in its turn. */
  pass(ms: number): Promise<void>
  /** The process gets no turn for so long; then everything that is overdue fires once. */
  stall(ms: number): Promise<void>
  /** Steps the wall clock only. */
  step(ms: number): void
  /** Tells that something was begun whose end is worth waiting for. */
  touch(): void
}

export function createModelClock(start: Instant): ModelClock {
  let monotonic = 0
  let wallOffset = start
  let touched = false
  const timers = new Set<Timer>()

  async function fire(timer: Timer): Promise<void> {
    if (timer.every === null) timers.delete(timer)
    else timer.due = Math.max(timer.due + timer.every, monotonic)
    if (timer.running) return
    timer.running = true
    try {
      await timer.tick()
    } finally {
      timer.running = false
    }
  }

  /** Until a few turns of the event loop have brought nothing new. */
  async function quiet(): Promise<void> {
    let idleTurns = 0
    while (idleTurns < 2) {
      touched = false
      await setImmediate()
      idleTurns = touched ? 0 : idleTurns + 1
    }
  }

  function next(until: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of timers) {
      if (timer.due <= until && (first === undefined || timer.due < first.due)) first = timer
    }
    return first
  }

  async function pass(ms: number): Promise<void> {
    const end = monotonic + ms
    await quiet()
    for (let timer = next(end); timer !== undefined; timer = next(end)) {
      monotonic = Math.max(monotonic, timer.due)
      void fire(timer)
      await quiet()
    }
    monotonic = end
  }

  return {
    now: () => wallOffset + monotonic,
    monotonic: () => monotonic,
    pass,
    async stall(ms) {
      monotonic += ms
      await pass(0)
    },
    step(ms) {
      wallOffset += ms
    },
    touch() {
      touched = true
    },
    run() {
      const own = new Set<Timer>()
      let dead = false
      const add = (delay: number, every: number | null, tick: Timer['tick']): (() => void) => {
        const timer: Timer = { every, tick, due: monotonic + Math.max(0, delay), running: false }
        if (!dead) {
          own.add(timer)
          timers.add(timer)
        }
        return () => {
          own.delete(timer)
          timers.delete(timer)
        }
      }
      return {
        now: () => wallOffset + monotonic,
        monotonic: () => monotonic,
        every: (ms, tick) => add(ms, ms, tick),
        after: (ms, tick) => add(ms, null, tick),
        kill() {
          dead = true
          for (const timer of own) timers.delete(timer)
        },
      }
    },
  }
}
