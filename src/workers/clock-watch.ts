import type { ClockStep } from '../core/outage/verdict.ts'
import { SECOND } from '../core/time.ts'
import type { Clock } from '../ports.ts'

/** A wall clock that moves more than this against the monotonic one was stepped; less is slewing. */
const SMALLEST_STEP_MS = 2 * SECOND
/** A tick later than this means that the process did not run (or the machine slept without the clock noticing). */
const LONGEST_DELAY_MS = 2 * SECOND

export const WATCH_EVERY_MS = SECOND

/** Tells clock steps and stalls of the event loop; `tick` is to be called every WATCH_EVERY_MS. */
export function createClockWatch(clock: Clock) {
  let offsetMs = readOffset(clock)
  let tickedAtMs: number | null = null
  let stalledUntilMs = Number.NEGATIVE_INFINITY

  function delayed(): boolean {
    return tickedAtMs !== null && clock.monotonic() - tickedAtMs > WATCH_EVERY_MS + LONGEST_DELAY_MS
  }

  return {
    tick(): void {
      if (delayed()) stalledUntilMs = clock.monotonic()
      tickedAtMs = clock.monotonic()
    },
    /** The step since the last call, if there was one. */
    step(): ClockStep | undefined {
      const before = offsetMs
      offsetMs = readOffset(clock)
      const deltaMs = Math.round(offsetMs - before)
      return Math.abs(deltaMs) > SMALLEST_STEP_MS ? { kind: 'step', at: clock.now(), deltaMs } : undefined
    },
    /** Whether the process stalled at some time since then (monotonic). */
    stalledSince(monotonicMs: number): boolean {
      return stalledUntilMs >= monotonicMs || delayed()
    },
  }
}

/** A pause between the two readings would look like a step, so they are taken again until they lie close together. */
function readOffset(clock: Clock): number {
  for (let attempt = 1; ; attempt++) {
    const before = clock.monotonic()
    const now = clock.now()
    if (clock.monotonic() - before < 50 || attempt === 5) return now - before
  }
}
