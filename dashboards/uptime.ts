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

/** Time of the outage clock in the time that is shown, s, by spec/outage-clock.md 7. */
const time = (...state: readonly ('up' | 'down' | 'edge' | 'unknown')[]): string =>
  `sum(increase(${metric('watch_service_seconds_total', { state })}[$__range]))`
const UP = `(${time('up')} + ${time('edge')} / 2)`
const OBSERVED = time('up', 'down', 'edge')
/** All but planned work. */
const JUDGED = time('up', 'down', 'edge', 'unknown')

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
      'Of the time in which the state was known, without planned work: (up + half of the edges) / (up + down + edges), as on the page. An edge is the time between two verdicts that differ. Below 90 % known it says little.',
      `${UP} / ${OBSERVED}`,
    ).dataLinks([toPage('Service: uptime', '/service')]),
    bound(
      'At least',
      'Lower bound: as if it had been down whenever the state was not known. Planned work is left out. Time in which this machine did not watch is not known; time before Prometheus had the counter is left out.',
      `${UP} / ${JUDGED}`,
    ),
    bound(
      'At most',
      'Upper bound: as if it had been up whenever the state was not known. Planned work is left out.',
      `(${UP} + ${time('unknown')}) / ${JUDGED}`,
    ),
    bound(
      'Known',
      'Share of the time without planned work in which the state was known. The smaller it is, the wider the bounds lie apart. Below 90 % the uptime says little.',
      `${OBSERVED} / ${JUDGED}`,
    ).thresholds(goodFrom(0.99, 0.9)),
    figure(
      'Down in all',
      'Time that is proven to be down in the time that is shown; edges, planned work and what nobody saw are left out.',
    )
      .unit(Seconds)
      .thresholds(worseFrom(1, 60 * MINUTE))
      .withTarget(now(time('down'))),
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
