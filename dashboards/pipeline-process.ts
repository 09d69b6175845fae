import { BigValueGraphMode, BigValueTextMode } from '@grafana/grafana-foundation-sdk/common'
import {
  BytesIEC,
  DateTimeFromNow,
  NoUnit,
  PercentUnit,
  Seconds,
  Short,
} from '@grafana/grafana-foundation-sdk/units'
import type { Row } from './frame.ts'
import { metric, nodeMetric, rate } from './metric.ts'
import { figure, lamp, limits, lines, stairs } from './panel.ts'
import { quantiles } from './quantiles.ts'
import { now, over } from './query.ts'
import { noJudgement, steps, worseFrom } from './threshold.ts'

/** What waits, and what the process needs. */
export function processRow(): Row['panels'] {
  return [
    stairs(
      'Messages that wait',
      'Messages that wait to be taken in. It should be near 0; a hill after a restart is the backlog.',
    )
      .unit(Short)
      .span(8)
      .withTarget(over(`max(${metric('watch_queue_messages')})`, { legend: 'waiting' })),
    quantiles(
      'Sweeps',
      'Time of one sweep over all terminals. It must stay far below the pace of the sweeps.',
      'watch_sweep_duration_seconds',
    ).span(8),
    lines(
      'Lag of the event loop',
      'How long after each other the looks at the event loop came, one every 10 ms at rest: half, 99 % and the latest. Dashed: 100 ms and 500 ms.',
    )
      .unit(Seconds)
      .span(8)
      .thresholds(worseFrom(0.1, 0.5))
      .thresholdsStyle(limits())
      .withTarget(
        over(`max(${nodeMetric('nodejs_eventloop_lag_p50_seconds')})`, { legend: '50 %', refId: 'A' }),
      )
      .withTarget(
        over(`max(${nodeMetric('nodejs_eventloop_lag_p99_seconds')})`, { legend: '99 %', refId: 'B' }),
      )
      .withTarget(
        over(`max(${nodeMetric('nodejs_eventloop_lag_max_seconds')})`, { legend: 'latest', refId: 'C' }),
      ),
    lines(
      'Processor',
      'Share of one processor core that the service uses, and of it the collection of garbage.',
    )
      .unit(PercentUnit)
      .span(8)
      .thresholds(worseFrom(0.8, 1.5))
      .thresholdsStyle(limits())
      .withTarget(
        over(`sum(${rate(nodeMetric('process_cpu_seconds_total'))})`, { legend: 'all', refId: 'A' }),
      )
      .withTarget(
        over(`sum(${rate(nodeMetric('nodejs_gc_duration_seconds_sum'))})`, { legend: 'garbage', refId: 'B' }),
      ),
    lines('Memory', 'Memory of the process and the used part of its two heaps. A slope over days is a leak.')
      .unit(BytesIEC)
      .span(8)
      .withTarget(
        over(`max(${nodeMetric('process_resident_memory_bytes')})`, { legend: 'process', refId: 'A' }),
      )
      .withTarget(over(`max(${nodeMetric('nodejs_heap_size_used_bytes')})`, { legend: 'heap', refId: 'B' }))
      .withTarget(
        over(`max(${metric('watch_store_heap_bytes', { kind: 'used' })})`, {
          legend: 'heap of the database thread',
          refId: 'C',
        }),
      ),
    lines(
      'Open files',
      'Open files and connections of the process. Compare with its limit (ulimit -n) before many terminals connect.',
    )
      .unit(Short)
      .span(8)
      .withTarget(over(`max(${nodeMetric('process_open_fds')})`, { legend: 'open' })),
  ]
}

/** Which program runs, since when, with which configuration. */
export function aboutRow(): Row['panels'] {
  return [
    figure('Version', 'The version of the service and of the Node that runs it.')
      .unit(NoUnit)
      .textMode(BigValueTextMode.Name)
      .graphMode(BigValueGraphMode.None)
      .thresholds(noJudgement())
      .span(6)
      .withTarget(now(metric('watch_build_info'), { legend: '{{version}} (Node {{node}})' })),
    figure(
      'Runs for',
      'Time since the process began. Short again and again: it is restarted, and its log says why.',
    )
      .unit(Seconds)
      .graphMode(BigValueGraphMode.None)
      .thresholds(steps('edge', [10 * 60, 'up']))
      .span(6)
      .withTarget(over(`time() - max(${nodeMetric('process_start_time_seconds')})`)),
    lamp(
      'Configuration',
      'Whether the newest configuration was taken over. Refused: the one before it stays; `check-config` says why.',
      {
        1: ['taken over', 'up'],
        0: ['refused', 'down'],
      },
    )
      .span(6)
      .withTarget(over(`min(${metric('watch_config_last_reload_successful')})`)),
    figure(
      'Configuration taken over',
      'When a configuration was last taken over, at the start or by a reload.',
    )
      .unit(DateTimeFromNow)
      .graphMode(BigValueGraphMode.None)
      .thresholds(noJudgement())
      .span(6)
      .withTarget(over(`max(${metric('watch_config_last_reload_success_timestamp_seconds')}) * 1000`)),
  ]
}
