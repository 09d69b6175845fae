import { HOUR } from '../core/time.ts'
import type { Clock, Log, Metrics } from '../ports.ts'

export type HistoryTally = ReturnType<typeof createHistoryTally>

/** What became of the points, counted, and told once where it is a loss. */
export function createHistoryTally(deps: {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly log: Log
  readonly metrics: Metrics
}) {
  const { clock, log, metrics } = deps
  let refused = { points: 0, reason: '', sinceMs: Number.NEGATIVE_INFINITY }
  let dropsTold = false

  const count = (result: 'written' | 'dropped' | 'refused', points: number): void => {
    if (points > 0) metrics.add('watch_influx_points_total', { result }, points)
  }
  const isRecent = (): boolean => clock.monotonic() - refused.sinceMs < HOUR

  return {
    written: (points: number): void => count('written', points),
    /** Too many waited. */
    dropped(points: number): void {
      count('dropped', points)
      if (!dropsTold) log.warn('points for InfluxDB are dropped, the oldest first: too many wait', { points })
      dropsTold = true
    },
    /** They are faulty, and lost. */
    refused(points: number, reason: string): void {
      if (points === 0) return
      count('refused', points)
      if (isRecent()) refused = { ...refused, points: refused.points + points }
      else {
        refused = { points, reason, sinceMs: clock.monotonic() }
        log.error('InfluxDB refuses points as faulty; they are lost', { points, reason })
      }
    },
    /** Drops are told of anew from now on. */
    recovered(): void {
      dropsTold = false
    },
    /** Nothing is written any more: the service stops, or writes no history. */
    lostAtStop(points: number): void {
      count('dropped', points)
      if (points > 0)
        log.warn('points that waited for InfluxDB are lost: nothing is written to it any more', { points })
    },
    /** Those of about the last hour, and why the first of them was refused. */
    refusals: (): { readonly points: number; readonly reason: string } | null =>
      isRecent() ? { points: refused.points, reason: refused.reason } : null,
  }
}
