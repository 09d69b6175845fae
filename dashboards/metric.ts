import type { METRICS } from '../src/metrics.ts'

type Catalogue = typeof METRICS

export type MetricName = keyof Catalogue

type Matching<Label extends string> = { readonly [L in Label]?: string | readonly string[] }

/** Label values that series must have: a text exactly, a list as alternatives (and `['$client']` as a variable of Grafana). */
export type LabelsOf<M extends MetricName> = Matching<Catalogue[M]['labels'][number]>

/** Metrics with buckets. */
export type HistogramName = {
  [M in MetricName]: Catalogue[M]['kind'] extends 'histogram' | 'distribution' ? M : never
}[MetricName]

/** The job of config/prometheus/prometheus.yml: Node's own metrics have the same names in every program. */
export const JOB = 'omnicomm-watch'

/** Node's own metrics that are looked at (prom-client). */
export const NODE_METRICS = [
  'nodejs_eventloop_lag_p50_seconds',
  'nodejs_eventloop_lag_p99_seconds',
  'nodejs_eventloop_lag_max_seconds',
  'nodejs_gc_duration_seconds_sum',
  'nodejs_heap_size_used_bytes',
  'process_cpu_seconds_total',
  'process_open_fds',
  'process_resident_memory_bytes',
  'process_start_time_seconds',
] as const

/** The series of a metric. A name or a label that the catalogue does not know is a compile error. */
export function metric<M extends MetricName>(name: M, labels?: LabelsOf<M>): string {
  return name + matchers(labels ?? {})
}

/** The buckets of a histogram, cumulative, by `le`. */
export function buckets<M extends HistogramName>(name: M, labels?: LabelsOf<M>): string {
  return `${name}_bucket${matchers(labels ?? {})}`
}

export function nodeMetric(name: (typeof NODE_METRICS)[number]): string {
  return name + matchers({ job: JOB })
}

/** 1 while Prometheus can read the service's metrics, else 0. */
export const SCRAPED = `up${matchers({ job: JOB })}`

/** Growth per second, smoothed over what Grafana takes for one point. */
export function rate(series: string): string {
  return `rate(${series}[$__rate_interval])`
}

/**
 * Growth over one point of a drawing (see `bars`). `$__rate_interval` is one scrape longer than the point: its first value
 * is the last one of the point before, so that what grows between two points is drawn in one of them, and only once.
 */
export function growth(series: string): string {
  return `rate(${series}[$__rate_interval]) * $__interval_ms / 1000`
}

/** Growth over the whole time that is shown; 0 when nothing was ever counted. */
export function growthInAll(series: string): string {
  return `sum(increase(${series}[$__range])) or vector(0)`
}

/** A quantile of what was observed lately, by the given labels. */
export function recentQuantile(q: number, of: string, by: readonly string[] = []): string {
  return `histogram_quantile(${q}, sum by (${['le', ...by].join(', ')}) (${rate(of)}))`
}

function matchers(labels: Readonly<Record<string, string | readonly string[] | undefined>>): string {
  const parts = Object.entries(labels).map(([label, value]) =>
    typeof value === 'object' ? `${label}=~"${value.join('|')}"` : `${label}="${value}"`,
  )
  return parts.length === 0 ? '' : `{${parts.join(', ')}}`
}
