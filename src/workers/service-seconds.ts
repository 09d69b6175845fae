import type { ClockState } from '../core/outage/clock-state.ts'
import type { Span } from '../core/outage/planned-work.ts'
import type { SegmentClass } from '../core/outage/status.ts'
import { unknownBehind } from '../core/outage/timeline.ts'
import { addSegments, NO_TIME, type Totals } from '../core/outage/uptime.ts'
import { type Instant, SECOND } from '../core/time.ts'
import type { Clock, Metrics } from '../ports.ts'

export type ServiceSecondsDeps = { readonly clock: Pick<Clock, 'monotonic'>; readonly metrics: Metrics }

export type ServiceSeconds = ReturnType<typeof createServiceSeconds>

const CLASSES = Object.keys(NO_TIME) as SegmentClass[]

/**
 * Counts the time line of the outage clock (spec/outage-clock.md 2) as seconds by class, one for all probers of a
 * process: one that takes over after a reload goes on where the one before it ended. What lies between two known
 * verdicts is counted with the second of them; while none comes, what no later verdict can make anything else of is
 * counted as it passes. The time in which the process did not run is counted with the first known verdict after it, less
 * what the one before it had counted as it passed.
 */
export function createServiceSeconds({ clock, metrics }: ServiceSecondsDeps) {
  /** What the outage clock has drawn since the start of the process. */
  const drawn = { ...NO_TIME }
  let counted = { ...NO_TIME }
  let isFirst = true
  /** The time line of the outage clock that is followed, at the last look. */
  let before: Totals = NO_TIME
  /** Where the drawn line ends, and since when it is seen to: the wall clock may be stepped meanwhile. */
  let end: { readonly at: Instant; readonly sinceMs: number } | undefined

  /** No verdict that was issued before it is still to come: a round takes less than g. */
  function certainUntil(at: Instant, largestGapMs: number): Instant {
    if (end?.at !== at) end = { at, sinceMs: clock.monotonic() }
    return at + clock.monotonic() - end.sinceMs - largestGapMs
  }

  return {
    /** What this outage clock draws from now on is counted. `last`: when the newest row behind it was made; null: none was. */
    follow(
      { totals, cursor }: ClockState,
      last: Instant | null,
      merged: readonly Span[],
      largestGapMs: number,
    ): void {
      before = totals
      if (isFirst && cursor && last !== null && last > cursor.at) {
        end = { at: cursor.at, sinceMs: clock.monotonic() - (last - cursor.at) }
        counted = {
          ...addSegments(NO_TIME, unknownBehind(cursor, last - largestGapMs, largestGapMs, merged)),
        }
      }
      isFirst = false
    },
    /** `merged`: planned work that stops the clock; `largestGapMs`: g of the settings of now. */
    count({ totals, cursor }: ClockState, merged: readonly Span[], largestGapMs: number): void {
      for (const state of CLASSES) drawn[state] += totals[state] - before[state]
      before = totals
      const certain = cursor
        ? unknownBehind(cursor, certainUntil(cursor.at, largestGapMs), largestGapMs, merged)
        : []
      const line = addSegments(drawn, certain)
      for (const state of CLASSES) {
        const more = line[state] - counted[state]
        if (more <= 0) continue
        metrics.add('watch_service_seconds_total', { state }, more / SECOND)
        counted[state] = line[state]
      }
    },
  }
}
