import type { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries'
import { Seconds } from '@grafana/grafana-foundation-sdk/units'
import { buckets, type HistogramName, recentQuantile } from './metric.ts'
import { limits, lines } from './panel.ts'
import { over } from './query.ts'
import { worseFrom } from './threshold.ts'

/** How long something takes: half, and 99 % of it. */
export function quantiles(title: string, description: string, name: HistogramName): TimeSeries {
  return lines(`${title}: how long they take`, `${description} Half and 99 % of them.`)
    .unit(Seconds)
    .thresholds(worseFrom(0.25, 1))
    .thresholdsStyle(limits())
    .withTarget(over(recentQuantile(0.5, buckets(name)), { legend: '50 %', refId: 'A' }))
    .withTarget(over(recentQuantile(0.99, buckets(name)), { legend: '99 %', refId: 'B' }))
}
