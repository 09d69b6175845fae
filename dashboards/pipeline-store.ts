import { BytesIEC, Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import type { Row } from './frame.ts'
import { growth, metric } from './metric.ts'
import { bars, inColours, lamp, limits, lines } from './panel.ts'
import { quantiles } from './quantiles.ts'
import { over } from './query.ts'
import { steps, worseFrom } from './threshold.ts'

const GIB = 2 ** 30

/** Whether everything is kept, and where there is room for it. */
export function storeRow(): Row['panels'] {
  return [
    quantiles(
      'Flushes',
      'Time of one flush of last-seen data to the disk. Seconds: the disk is slow or full.',
      'watch_store_flush_seconds',
    ).span(8),
    lines(
      'Since the last flush',
      'How long ago last-seen data was stored. It happens at least every 10 s: what is longer would be lost with the machine.',
    )
      .unit(Seconds)
      .span(8)
      .thresholds(worseFrom(15, 60))
      .thresholdsStyle(limits())
      .withTarget(
        over(`time() - max(${metric('watch_store_flushed_timestamp_seconds')} > 0)`, { legend: 'since' }),
      ),
    lines(
      'Waiting for the store',
      'Changes of state that wait to be stored, and calls that wait for the thread of the database. Both should be near 0.',
    )
      .unit(Short)
      .span(8)
      .withTarget(
        over(`max(${metric('watch_store_unsaved_transitions')})`, { legend: 'changes of state', refId: 'A' }),
      )
      .withTarget(over(`max(${metric('watch_store_calls_waiting')})`, { legend: 'calls', refId: 'B' })),
    lines(
      'Size of the database',
      'The database and its write-ahead log. A log that only grows: something holds a read open.',
    )
      .unit(BytesIEC)
      .span(8)
      .withTarget(
        over(`sum by (file) (${metric('watch_store_file_bytes')})`, { legend: '{{file}}', refId: 'A' }),
      )
      .withTarget(over(`max(${metric('watch_store_journal_bytes')})`, { legend: 'journal', refId: 'B' })),
    lines(
      'Free on the disk',
      'Bytes that are free on the disk of the data folder. Yellow below 5 GiB, red below 1 GiB.',
    )
      .unit(BytesIEC)
      .span(8)
      .thresholds(steps('down', [GIB, 'edge'], [5 * GIB, 'up']))
      .thresholdsStyle(limits())
      .withTarget(over(`min(${metric('watch_store_free_bytes')})`, { legend: 'free' })),
    bars(
      'Removed because of their age',
      'Rows that are kept no longer, by what they are; `joined-rounds` went into others. A step each night is usual.',
    )
      .unit(Short)
      .span(8)
      .withTarget(
        over(`sum by (what) (${growth(metric('watch_retention_removed_total'))})`, { legend: '{{what}}' }),
      ),
  ]
}

/** What is written beside the store. */
export function influxRow(): Row['panels'] {
  return [
    lamp(
      'InfluxDB',
      'Whether InfluxDB takes points. Nothing else waits for it: points wait in memory, and the oldest are dropped when they are too many.',
      {
        1: ['takes points', 'up'],
        0: ['does not', 'down'],
      },
    )
      .noValue('not configured')
      .height(8)
      .withTarget(over(`max(${metric('watch_influx_up')})`)),
    inColours(
      bars(
        'Points',
        'Points for InfluxDB by what became of them. `dropped`: it was away too long; `refused`: faulty, which the log explains.',
      )
        .unit(Short)
        .span(8)
        .withTarget(
          over(`sum by (result) (${growth(metric('watch_influx_points_total'))})`, { legend: '{{result}}' }),
        ),
      { written: 'up', dropped: 'down', refused: 'edge' },
    ),
    lines('Points that wait', 'Points that wait to be written. A slope: InfluxDB is away or too slow.')
      .unit(Short)
      .span(6)
      .withTarget(over(`max(${metric('watch_influx_queue_points')})`, { legend: 'waiting' })),
    quantiles('Writes', 'Time of one write to InfluxDB.', 'watch_influx_write_seconds').span(6),
  ]
}
