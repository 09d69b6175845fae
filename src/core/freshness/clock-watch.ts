import { type Instant, SECOND } from '../time.ts'

/** Both clocks, read at the same moment. */
export type ClockReading = { readonly wallAt: Instant; readonly monotonicMs: number }

export type TickEvent =
  /** The wall clock was stepped by `deltaMs` (negative: back); `at` is the time after it. */
  | { readonly kind: 'step'; readonly at: Instant; readonly deltaMs: number }
  /** Nothing ran in [from, to), in the wall time that holds at the end of it. */
  | { readonly kind: 'stall'; readonly from: Instant; readonly to: Instant }

/** A wall clock that moved more than this against the monotonic one was stepped (spec/outage-clock.md 5). */
const STEP_MS = 2 * SECOND

/** A tick later than this means that the process, or the machine, stood still. */
const LATE_MS = SECOND

/**
 * What two readings, meant to be `everyMs` apart, say about the time between them. A suspended machine shows as a
 * step forward, because Linux stops its monotonic clock meanwhile.
 */
export function readTick(
  previous: ClockReading,
  current: ClockReading,
  everyMs: number,
): readonly TickEvent[] {
  const elapsedMs = current.monotonicMs - previous.monotonicMs
  const deltaMs = Math.round(current.wallAt - previous.wallAt - elapsedMs)
  const events: TickEvent[] = []
  if (Math.abs(deltaMs) > STEP_MS) events.push({ kind: 'step', at: current.wallAt, deltaMs })
  if (elapsedMs - everyMs > LATE_MS) {
    events.push({ kind: 'stall', from: Math.round(current.wallAt - elapsedMs), to: current.wallAt })
  }
  return events
}
