import { performance } from 'node:perf_hooks'
import type { Clock, Stop } from '../../ports.ts'

/** Node fires longer delays at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1

type Tick = () => void | Promise<void>

/**
 * The real clock. `every` keeps to a fixed grid of monotonic time, without drift; grid points that passed while the
 * event loop was busy are skipped. Delays of any length are kept. A tick that throws or rejects is reported to
 * `onError` and stops nothing. Timers do not keep the process alive.
 */
export function createSystemClock(options: { readonly onError: (error: unknown) => void }): Clock {
  async function run(tick: Tick): Promise<void> {
    try {
      await tick()
    } catch (error) {
      options.onError(error)
    }
  }

  return {
    now: Date.now,
    monotonic: () => performance.now(),
    every(ms, tick) {
      if (!(ms > 0)) throw new RangeError(`every needs a period above zero, not ${ms}`)
      const start = performance.now()
      let running = false
      let stop: Stop = () => {}
      const next = (due: number): void => {
        stop = wait(due, () => {
          next(nextOnGrid(start, ms, performance.now()))
          if (running) return
          running = true
          void run(tick).finally(() => {
            running = false
          })
        })
      }
      next(start + ms)
      return () => stop()
    },
    after: (ms, tick) => wait(performance.now() + Math.max(0, ms), () => void run(tick)),
  }
}

/** The first point of the grid after `now`; a timer that fired a moment early counts as on time. */
export function nextOnGrid(start: number, period: number, now: number): number {
  const early = Math.min(EARLIEST_MS, period / 2)
  return start + (Math.floor((now - start + early) / period) + 1) * period
}

/** Timers fire up to a millisecond early. */
const EARLIEST_MS = 1

/** Calls once at a point of monotonic time, in hops no longer than a timer can take. */
function wait(due: number, call: () => void): Stop {
  let timer: NodeJS.Timeout
  const hop = (): void => {
    const left = due - performance.now()
    timer = setTimeout(left > LONGEST_DELAY_MS ? hop : call, Math.min(Math.max(0, left), LONGEST_DELAY_MS))
    timer.unref()
  }
  hop()
  return () => clearTimeout(timer)
}
