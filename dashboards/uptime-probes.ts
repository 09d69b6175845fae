import { Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import type { Row } from './frame.ts'
import { buckets, growth, metric, recentQuantile } from './metric.ts'
import { bars, inColours, limits, lines, ranking } from './panel.ts'
import { now, over } from './query.ts'
import { goodFrom, worseFrom } from './threshold.ts'

const DAY = 86_400

/** How fast components answer. */
export function latencyRow(): Row['panels'] {
  const by = (title: string, quantile: number, description: string) =>
    lines(title, description)
      .unit(Seconds)
      // Components are asked once a minute to once in 15 minutes: shorter stretches would hold nothing.
      .interval('5m')
      .spanNulls(true)
      .thresholds(worseFrom(1, 5))
      .thresholdsStyle(limits())
      .withTarget(
        over(recentQuantile(quantile, buckets('watch_probe_duration_seconds'), ['component']), {
          legend: '{{component}}',
        }),
      )
  return [
    by(
      'Latency by component, median',
      0.5,
      'Half of the attempts of the last minutes took at most so long. Dashed: 1 s and 5 s.',
    ),
    by(
      'Latency by component, 95 %',
      0.95,
      'The slow ones: 95 % of the attempts took at most so long. It climbs before an outage more often than not.',
    ),
  ]
}

/** Whether this machine keeps up with its rounds, and what it found out on the way. */
export function proberRow(): Row['panels'] {
  return [
    inColours(
      bars(
        'Verdicts',
        'Rounds by their verdict. `unknown`: this machine could not tell; fails that never become an outage are blips.',
      )
        .unit(Short)
        .span(10)
        .withTarget(
          over(`sum by (verdict) (${growth(metric('watch_probe_verdicts_total'))})`, {
            legend: '{{verdict}}',
          }),
        ),
      { ok: 'up', fail: 'down', unknown: 'unknown' },
    ),
    lines(
      'Lateness of rounds',
      'How long after its time a round began, 99 %. More than some tenths of a second: the process or the machine is overloaded.',
    )
      .unit(Seconds)
      .span(8)
      .interval('5m')
      .thresholds(worseFrom(1, 5))
      .thresholdsStyle(limits())
      .withTarget(over(recentQuantile(0.99, buckets('watch_probe_late_seconds')), { legend: '99 %' })),
    ranking(
      'Certificates end in',
      'How long the certificates are valid that components of kind tls showed last. Yellow below 30 days, red below 14.',
    )
      .unit(Seconds)
      .span(6)
      .height(8)
      .noValue('no component of kind tls')
      .thresholds(goodFrom(30 * DAY, 14 * DAY))
      .withTarget(
        now(`min by (component) (${metric('watch_certificate_ends_timestamp_seconds')} - time())`, {
          legend: '{{component}}',
        }),
      ),
  ]
}
