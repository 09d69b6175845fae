import type { Metric } from '../../metrics.ts'
import type { Labels } from '../../ports.ts'

export type Distribution = {
  /** `write(n, { le })` for a bucket, `write(sum, {})` for the sum. Null, or what was wrong. */
  write(value: number, labels: Labels): string | null
  /** In Prometheus' text format. */
  text(): string
}

/** A histogram that is replaced as a whole: prom-client's own can only grow by single values. */
export function createDistribution(name: string, metric: Metric): Distribution {
  const buckets = new Map([...(metric.buckets ?? []).map(String), '+Inf'].map((le) => [le, 0]))
  let sum = 0
  return {
    write(value, labels) {
      const le = labels['le']
      if (le === undefined) sum = value
      else if (buckets.has(le)) buckets.set(le, value)
      else return `le must be one of ${[...buckets.keys()].join(', ')}`
      return null
    },
    text() {
      const rows = [...buckets].map(([le, count]) => `${name}_bucket{le="${le}"} ${count}`)
      const total = `${name}_sum ${sum}\n${name}_count ${buckets.get('+Inf') ?? 0}`
      return `# HELP ${name} ${metric.help}\n# TYPE ${name} histogram\n${rows.join('\n')}\n${total}\n`
    },
  }
}
