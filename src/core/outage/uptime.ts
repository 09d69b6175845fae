import type { Segment, SegmentClass, Uptime } from './status.ts'

/** Time per class, ms; the sum is the elapsed time. */
export type Totals = Readonly<Record<SegmentClass, number>>

export const NO_TIME: Totals = { up: 0, down: 0, edge: 0, unknown: 0, maintenance: 0 }

/** The totals with the segments counted in. */
export function addSegments(totals: Totals, segments: readonly Segment[]): Totals {
  if (segments.length === 0) return totals
  const sum = { ...totals }
  for (const segment of segments) sum[segment.class] += segment.ms
  return sum
}

/** Elapsed time, ms. */
export function elapsedMs({ up, down, edge, unknown, maintenance }: Totals): number {
  return up + down + edge + unknown + maintenance
}

/** Below this share of observed time a ratio would be a guess. */
const LEAST_COVERAGE = 0.9

/** Uptime by spec/outage-clock.md 7: a change happened somewhere in an EDGE, so half of it counts as up. */
export function uptimeOf(totals: Totals): Uptime {
  const judged = elapsedMs(totals) - totals.maintenance
  if (judged <= 0) return { ratio: null, coverage: 0, lower: 0, upper: 1 }
  const observed = totals.up + totals.down + totals.edge
  const up = totals.up + totals.edge / 2
  const coverage = observed / judged
  return {
    ratio: observed === 0 || coverage < LEAST_COVERAGE ? null : up / observed,
    coverage,
    lower: up / judged,
    upper: (up + totals.unknown) / judged,
  }
}
