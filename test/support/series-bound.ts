import type { Metric } from '../../src/metrics.ts'

/** Combinations of labels that a metric keeps without a limit of its own (adapters/prometheus/labels.ts). */
const DEFAULT_COMBINATIONS = 100

/** Most series that a metric can have: every combination that is kept and `other`, each with all its buckets. */
export function seriesBound({ kind, labels, buckets, maxSeries, values }: Metric): number {
  const combinations = labels.length === 0 ? 1 : (maxSeries ?? values?.length ?? DEFAULT_COMBINATIONS) + 1
  if (kind === 'counter' || kind === 'gauge') return combinations
  // The bounds and +Inf, sum and count.
  return combinations * ((buckets?.length ?? 0) + 3)
}

/** Samples of a text in Prometheus' format. */
export function samplesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
}
