import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { METRICS, type Metric } from '../../metrics.ts'
import type { Labels, Log, Metrics } from '../../ports.ts'
import { createDistribution, type Distribution } from './distribution.ts'
import { boundLabels, type SeriesBound } from './labels.ts'

type Call = 'add' | 'set' | 'observe'

/** Which calls a kind of metric takes. */
const CALLS: Readonly<Record<Metric['kind'], readonly Call[]>> = {
  counter: ['add'],
  gauge: ['set'],
  histogram: ['observe'],
  distribution: ['set'],
}

/** Gauges of Node that are named like counters, which promtool refuses; each is the sum of one by type that stays. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]

/** What one metric of the catalogue does with a value. */
type Sink = {
  readonly metric: Metric
  readonly bound: SeriesBound
  /** Null, or what was wrong. */
  readonly write: (value: number, labels: Labels) => string | null
  readonly remove: (labels: Labels) => void
}

export type Prometheus = Metrics & {
  /** The metrics in Prometheus' text format. */
  text(): Promise<string>
  readonly contentType: string
  /** Takes the series with this value of a label away, of every metric; what is still written of it is passed over. */
  retire(label: string, value: string): void
  /** From now on it is written again, from the beginning. */
  admit(label: string, value: string): void
}

/**
 * The metrics of src/metrics.ts by prom-client, with Node's own beside them. Labels are bounded. Wrong use (unknown
 * names, labels or values) is logged once per name and changes nothing.
 */
export function createPrometheus(
  log: Pick<Log, 'warn'>,
  catalogue: Readonly<Record<string, Metric>> = METRICS,
): Prometheus {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const name of MISNAMED) registry.removeSingleMetric(name)
  const distributions: Distribution[] = []
  const sinks = new Map(
    Object.entries(catalogue).map(([name, metric]) => [
      name,
      createSink(name, metric, registry, distributions),
    ]),
  )
  const complained = new Set<string>()
  const retired = new Set<string>()
  const isRetired = (labels: Labels): boolean =>
    retired.size > 0 && Object.entries(labels).some(([label, value]) => retired.has(`${label}=${value}`))

  function complain(name: string, reason: string): void {
    const key = `${name} ${reason}`
    if (complained.has(key) || complained.size >= 100) return
    complained.add(key)
    log.warn('metric ignored', { name: name.slice(0, 100), reason })
  }

  function write(name: string, call: Call, value: number, labels: Labels): void {
    if (isRetired(labels)) return
    const sink = sinks.get(name)
    const trouble = sink === undefined ? 'not in the catalogue' : put(sink, call, value, labels)
    if (trouble !== null) complain(name, trouble)
  }

  for (const [
    name,
    {
      labels: [label = ''],
      values = [],
    },
  ] of Object.entries(catalogue)) {
    for (const value of values) write(name, 'add', 0, { [label]: value })
  }

  return {
    add: (name, labels = {}, count = 1) => write(name, 'add', count, labels),
    set: (name, value, labels = {}) => write(name, 'set', value, labels),
    observe: (name, value, labels = {}) => write(name, 'observe', value, labels),
    async text() {
      // prom-client writes `Nan`, which not every reader knows.
      const own = (await registry.metrics()).replaceAll(/ Nan$/gm, ' NaN')
      return [own, ...distributions.map((one) => one.text())].join('\n')
    },
    contentType: registry.contentType,
    retire(label, value) {
      retired.add(`${label}=${value}`)
      for (const { bound, remove } of sinks.values()) bound.forgetAll(label, value).forEach(remove)
    },
    admit: (label, value) => void retired.delete(`${label}=${value}`),
  }
}

/** Null, or what was wrong. */
function put(
  { metric, bound, write, remove }: Sink,
  call: Call,
  value: number,
  labels: Labels,
): string | null {
  if (!CALLS[metric.kind].includes(call)) return `${call} of a ${metric.kind}`
  if (metric.kind === 'gauge' && metric.labels.length > 0 && Number.isNaN(value)) {
    const held = bound.forget(labels)
    if (held !== undefined) remove(held)
    return null
  }
  const fitted = bound.fit(labels)
  if (fitted.kind === 'wrong') return fitted.reason
  // One series cannot show the gauges of many; it can count for them.
  if (fitted.kind === 'fits' || call !== 'set') {
    const trouble = write(value, fitted.labels)
    if (trouble !== null) return trouble
  }
  return fitted.kind === 'folded' ? 'too many label values' : null
}

function createSink(name: string, metric: Metric, registry: Registry, distributions: Distribution[]): Sink {
  const bound = boundLabels(metric)
  const base = { name, help: metric.help, labelNames: [...metric.labels], registers: [registry] }
  switch (metric.kind) {
    case 'counter': {
      const counter = new Counter(base)
      return {
        metric,
        bound,
        write: counterWriter(counter),
        remove: (labels) => counter.remove({ ...labels }),
      }
    }
    case 'gauge': {
      const gauge = new Gauge(base)
      return { metric, bound, write: gaugeWriter(gauge), remove: (labels) => gauge.remove({ ...labels }) }
    }
    case 'histogram': {
      const histogram = new Histogram({ ...base, buckets: [...(metric.buckets ?? [])] })
      const remove = (labels: Labels): void => histogram.remove({ ...labels })
      return { metric, bound, write: histogramWriter(histogram), remove }
    }
    case 'distribution': {
      const distribution = createDistribution(name, metric)
      distributions.push(distribution)
      return { metric, bound, write: distribution.write, remove: () => {} }
    }
  }
}

function gaugeWriter(gauge: Gauge): Sink['write'] {
  return (value, labels) => {
    gauge.set({ ...labels }, value)
    return null
  }
}

function histogramWriter(histogram: Histogram): Sink['write'] {
  return (value, labels) => {
    if (!Number.isFinite(value)) return 'a histogram takes finite numbers only'
    histogram.observe({ ...labels }, value)
    return null
  }
}

function counterWriter(counter: Counter): Sink['write'] {
  return (value, labels) => {
    if (!(value >= 0 && Number.isFinite(value))) return 'a counter only grows'
    counter.inc({ ...labels }, value)
    return null
  }
}
