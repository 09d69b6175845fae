import { type ClockReading, readTick, type TickEvent } from '../core/freshness/clock-watch.ts'
import type { Clock } from '../ports.ts'

/** Tells what both clocks say of the time since it last looked: steps of the wall clock, stand-stills of the process. */
export type ClockWatch = {
  /** Reads the clocks; what they say is told at the next look. For who may not look as often as they must be read. */
  read(): void
  /** Reads the clocks and tells what they have said since the last look, oldest first. */
  look(): readonly TickEvent[]
}

/** `everyMs`: how often they are read at least while all is well; more than a second later it was a stand-still. */
export function createClockWatch(clock: Clock, everyMs: number): ClockWatch {
  let previous = readClocks(clock)
  let untold: TickEvent[] = []

  function read(): void {
    const current = readClocks(clock)
    untold.push(...readTick(previous, current, everyMs))
    previous = current
  }

  return {
    read,
    look() {
      read()
      const events = untold
      untold = []
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
