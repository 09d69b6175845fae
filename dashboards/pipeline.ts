import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import { dashboard, type Row } from './frame.ts'
import { growthInAll, metric, nodeMetric, SCRAPED } from './metric.ts'
import { figure, lamp } from './panel.ts'
import { aboutRow, processRow } from './pipeline-process.ts'
import { connectionRow, sourceRow } from './pipeline-sources.ts'
import { influxRow, storeRow } from './pipeline-store.ts'
import { now, over } from './query.ts'
import { steps, worseFrom } from './threshold.ts'

/** The service itself: what comes in, what waits, what is slow, and whether everything is kept. */
export function pipeline(): Dashboard {
  return dashboard({
    uid: 'ow-pipeline',
    title: 'Pipeline',
    description:
      'From the sources through queues and sweeps into the store: what comes in, what waits, what is slow',
    from: 'now-3h',
    page: { path: '/', title: 'Fleet' },
    rows: [
      { title: 'Is all well', panels: wellRow() },
      { title: 'Sources', panels: sourceRow() },
      { title: 'Connections', panels: connectionRow() },
      { title: 'Sweeps and the process', panels: processRow() },
      { title: 'Store', panels: storeRow() },
      { title: 'Writing to InfluxDB', panels: influxRow() },
      { title: 'What runs', panels: aboutRow() },
    ],
  })
}

function wellRow(): Row['panels'] {
  return [
    lamp(
      'Service',
      'Whether Prometheus can read the metrics of the service. Down: everything else here is old.',
      {
        1: ['runs', 'up'],
        0: ['does not answer', 'down'],
      },
    ).withTarget(over(`max(${SCRAPED})`)),
    lamp(
      'Ready',
      'Whether the service can do its work: red while the store takes nothing or another reason of /readyz is there.',
      {
        0: ['ready', 'up'],
        1: ['not ready', 'down'],
      },
    ).withTarget(over(`max(${metric('watch_store_troubles')} > bool 0)`)),
    figure(
      'Blind sources',
      'Sources that cannot hear their terminals now. Look at the broker, the account or the network of that source.',
    )
      .unit(Short)
      .thresholds(steps('up', [1, 'down']))
      .withTarget(over(`sum(${metric('watch_source_blind')})`)),
    figure(
      'Wait',
      'The longest that messages of a source wait before they are taken in. Yellow from 1 s, red from 10 s.',
    )
      .unit(Seconds)
      .thresholds(worseFrom(1, 10))
      .withTarget(over(`max(${metric('watch_source_lag_seconds')})`)),
    figure(
      'Event loop',
      'In the last seconds 99 % of all looks at the event loop, one every 10 ms, came at most so long after the one before: 10 ms at rest. Yellow from 100 ms, red from 500 ms.',
    )
      .unit(Seconds)
      .thresholds(worseFrom(0.1, 0.5))
      .withTarget(over(`max(${nodeMetric('nodejs_eventloop_lag_p99_seconds')})`)),
    figure(
      'Changes lost',
      'Changes of state that were never stored in the time that is shown, because the store took none for too long. Anything but 0 is a hole in the history.',
    )
      .unit(Short)
      .decimals(0)
      .thresholds(steps('up', [1, 'down']))
      .withTarget(now(growthInAll(metric('watch_transitions_lost_total')))),
  ]
}
