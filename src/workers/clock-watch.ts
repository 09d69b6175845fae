import { type ClockReading, readTick, type TickEvent } from '../core/freshness/clock-watch.ts'
import type { Clock } from '../ports.ts'

/** Tells what both clocks say of the time since it last looked: steps of the wall clock, stand-stills of the process. */
export type ClockWatch = {
  look(): readonly TickEvent[]
}

/** `everyMs`: how often it is asked at least while all is well; being asked more than a second later is a stand-still. */
export function createClockWatch(clock: Clock, everyMs: number): ClockWatch {
  let previous = readClocks(clock)
  return {
    look() {
      const current = readClocks(clock)
      const events = readTick(previous, current, everyMs)
      previous = current
      return events
    },
  }
}

/** Between two readings further apart than this the process paused, and the pause would look like a step. */
const CLOSE_MS = 50
const ATTEMPTS = 6

function readClocks(clock: Clock): ClockReading {
  let reading: ClockReading
  let attempt = 0
  do {
    const before = clock.monotonic()
    reading = { wallAt: clock.now(), monotonicMs: clock.monotonic() }
    if (reading.monotonicMs - before < CLOSE_MS) break
  } while (++attempt < ATTEMPTS)
  return reading
}
