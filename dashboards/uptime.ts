import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { PercentUnit, Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import { dashboard, type Row } from './frame.ts'
import { toPage } from './link.ts'
import { metric } from './metric.ts'
import { figure, lamp, timeline } from './panel.ts'
import { now, over } from './query.ts'
import { SERVICE_STATE, SERVICE_WORDS, serviceLamp } from './service-lamp.ts'
import { goodFrom, steps, worseFrom } from './threshold.ts'
import { uptimeHistory } from './uptime-history.ts'
import { latencyRow, proberRow } from './uptime-probes.ts'

const MINUTE = 60

const SERVICE_UP = `max(${metric('watch_service_up')})`
/** Points of the shown time in which something was so, of those that Prometheus evaluates. */
const POINTS = 'count_over_time(vector(1)[$__range:])'
const pointsWith = (condition: string): string =>
  `(count_over_time((${SERVICE_UP} ${condition})[$__range:]) or vector(0))`

/** The watched service: whether it is up, how it was, how fast it answers, and when a letter is due. */
export function onlineUptime(): Dashboard {
  return dashboard({
    uid: 'ow-uptime',
    title: 'Omnicomm Online uptime',
    description:
      'The watched service as the outage clock sees it: states, latency, uptime with its bounds, outages and their letters',
    from: 'now-24h',
    page: { path: '/service', title: 'Service' },
    rows: [
      { title: 'Is all well', panels: wellRow() },
      { title: 'Uptime in the time that is shown', panels: uptimeRow() },
      { title: 'States', panels: stateRow() },
      { title: 'Latency', panels: latencyRow() },
      { title: 'How well this machine watches', panels: proberRow() },
      { title: 'Outages and their letters (InfluxDB)', panels: uptimeHistory() },
    ],
  })
}

function wellRow(): Row['panels'] {
  const down = metric('watch_outage_down_seconds')
  return [
    serviceLamp().dataLinks([toPage('Service', '/service')]),
    figure(
      'Certain downtime',
      'Proven downtime of the open outage, 0 without one. Planned work, short recoveries and what nobody saw are left out.',
    )
      .unit(Seconds)
      .thresholds(steps('up', [1, 'down']))
      .dataLinks([toPage('Outages', '/service#outages')])
      .withTarget(over(`max(${down})`)),
    figure(
      'Left until the letter',
      'So much more certain downtime and the outage is announced to the recipients (service.noticeAfter less what is proven). The whole of it while nothing is wrong; red: due.',
    )
      .unit(Seconds)
      .thresholds(goodFrom(15 * MINUTE, 0.001))
      .dataLinks([toPage('Letters', '/letters')])
      .withTarget(over(`max(${metric('watch_outage_notice_after_seconds')}) - max(${down})`)),
    figure(
      'Components down',
      'Components of the watched service that do not answer now. One that does not count for an outage makes the service slow, not down.',
    )
      .unit(Short)
      .thresholds(steps('up', [1, 'edge']))
      .withTarget(over(`count(${metric('watch_component_up')} == 0) or vector(0)`)),
    lamp(
      'Watching',
      'Whether this machine can tell: blind means that its newest round proved nothing, because its own network or the control hosts failed.',
      {
        0: ['sees', 'up'],
        1: ['blind', 'down'],
      },
    ).withTarget(over(`max(${metric('watch_prober_blind')})`)),
    figure(
      'Verdict overdue',
      'How long the next verdict is late, 0 while rounds end in their time. Yellow from 5 s, red from one minute: then nobody watches.',
    )
      .unit(Seconds)
      .thresholds(worseFrom(5, MINUTE))
      .withTarget(over(`max(${metric('watch_probe_overdue_seconds')})`)),
  ]
}

function uptimeRow(): Row['panels'] {
  const bound = (title: string, description: string, expr: string) =>
    figure(title, description)
      .unit(PercentUnit)
      .decimals(3)
      .max(1)
      .thresholds(goodFrom(0.999, 0.99))
      .withTarget(now(expr))
  return [
    bound(
      'Uptime',
      'Of the time in which the state was known: up / (up + down). The exact figure, with planned work and the edges of outages, is on the page.',
      `avg_over_time((${SERVICE_UP} >= 0)[$__range:])`,
    ).dataLinks([toPage('Service: uptime', '/service')]),
    bound(
      'At least',
      'Lower bound: as if it had been down whenever the state was not known (also planned work, and the time before this was installed).',
      `${pointsWith('== 1')} / ${POINTS}`,
    ),
    bound(
      'At most',
      'Upper bound: as if it had been up whenever the state was not known.',
      `1 - ${pointsWith('== 0')} / ${POINTS}`,
    ),
    bound(
      'Known',
      'Share of the shown time in which the state was known. The wider the bounds lie apart, the smaller it is. Below 90 % the uptime says little.',
      `${pointsWith('>= 0')} / ${POINTS}`,
    ).thresholds(goodFrom(0.99, 0.9)),
    figure('Down in all', 'Time that was seen as down in the time that is shown.')
      .unit(Seconds)
      .thresholds(worseFrom(1, 60 * MINUTE))
      .withTarget(now(`${pointsWith('== 0')} / ${POINTS} * $__range_s`)),
    figure(
      'Outage open for',
      'How long ago the open outage began, with all that does not count as certain downtime; 0 without one.',
    )
      .unit(Seconds)
      .thresholds(steps('up', [1, 'down']))
      .withTarget(
        now(`(time() - max(${metric('watch_outage_started_timestamp_seconds')} > 0)) or vector(0)`),
      ),
  ]
}

function stateRow(): Row['panels'] {
  const componentWords = { 1: ['up', 'up'], 0: ['down', 'down'] } as const
  return [
    timeline(
      'Omnicomm Online',
      'The state of the watched service over time. Grey: nobody knows (no verdict, planned work, no data).',
      SERVICE_WORDS,
    )
      .height(4)
      .withTarget(over(SERVICE_STATE, { legend: 'service' })),
    timeline(
      'Components',
      'Each component over time: green answers (also slowly), red does not; a gap while it is not known or not watched. One red row alone shows what is broken.',
      componentWords,
    )
      .height(8)
      .withTarget(over(`max by (component) (${metric('watch_component_up')})`, { legend: '{{component}}' })),
  ]
}
