import { MessagesPerSecond, PercentUnit, Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import type { Row } from './frame.ts'
import { growth, metric, rate } from './metric.ts'
import { bars, inColours, limits, lines, stacked, timeline } from './panel.ts'
import { over } from './query.ts'
import { worseFrom } from './threshold.ts'

/** What comes in, by source. */
export function sourceRow(): Row['panels'] {
  return [
    stacked(
      'Messages by source',
      'Observations taken in per second, by source. A source that drops to nothing alone is its own trouble; all at once is ours.',
    )
      .unit(MessagesPerSecond)
      .withTarget(
        over(`sum by (source) (${rate(metric('watch_messages_total'))})`, { legend: '{{source}}' }),
      ),
    inColours(
      stacked(
        'Messages by kind',
        'live: as they happen; archive: kept by the terminal and sent later (a wave after an outage); snapshot: asked from an account; presence: only that it is there.',
      )
        .unit(MessagesPerSecond)
        .withTarget(over(`sum by (kind) (${rate(metric('watch_messages_total'))})`, { legend: '{{kind}}' })),
      { live: 'up', archive: 'edge', snapshot: 'maintenance', presence: 'unknown' },
    ),
    timeline(
      'Sources that hear',
      'Each source over time: red while it could not hear its terminals, which are then not judged.',
      {
        0: ['hears', 'up'],
        1: ['blind', 'down'],
      },
    )
      .span(12)
      .height(8)
      .withTarget(over(`max by (source) (${metric('watch_source_blind')})`, { legend: '{{source}}' })),
    lines('Share of the time blind', 'How much of the time each source could not hear its terminals.')
      .unit(PercentUnit)
      .max(1)
      .thresholds(worseFrom(0.01, 0.1))
      .withTarget(
        over(`sum by (source) (${rate(metric('watch_source_blind_seconds_total'))})`, {
          legend: '{{source}}',
        }),
      ),
    lines(
      'Wait of messages',
      'How long messages of each source wait before they are taken in. Dashed: 1 s and 10 s.',
    )
      .unit(Seconds)
      .span(8)
      .thresholds(worseFrom(1, 10))
      .thresholdsStyle(limits())
      .withTarget(over(`max by (source) (${metric('watch_source_lag_seconds')})`, { legend: '{{source}}' })),
    bars(
      'Rejected',
      'Inputs that did not become an observation, by source and reason. New ones after a change at the sender: look at its format.',
    )
      .unit(Short)
      .span(8)
      .withTarget(
        over(`sum by (source, reason) (${growth(metric('watch_messages_rejected_total'))})`, {
          legend: '{{source}}: {{reason}}',
        }),
      ),
    bars(
      'Wrong clocks',
      'Observations of terminals whose clock is ahead or lost, by source: their own times are not believed.',
    )
      .unit(Short)
      .span(8)
      .withTarget(
        over(`sum by (source, fault) (${growth(metric('watch_clock_faults_total'))})`, {
          legend: '{{source}}: {{fault}}',
        }),
      ),
  ]
}

/** Connections to brokers, and of terminals. */
export function connectionRow(): Row['panels'] {
  return [
    bars(
      'Connections to brokers that ended',
      'Ends of connections to the broker of a source, by reason. Every few minutes: another client with the same id, or a keep-alive that is too long.',
    )
      .unit(Short)
      .span(8)
      .withTarget(
        over(`sum by (source, reason) (${growth(metric('watch_mqtt_disconnects_total'))})`, {
          legend: '{{source}}: {{reason}}',
        }),
      ),
    bars('Connections to brokers', 'Connections that were made to the broker of a source.')
      .unit(Short)
      .span(8)
      .withTarget(
        over(`sum by (source) (${growth(metric('watch_mqtt_connects_total'))})`, { legend: '{{source}}' }),
      ),
    bars(
      'Dropped by brokers',
      'Messages that the broker of a source says it has dropped, for whichever of its clients. Its queue is too short, or a reader is too slow.',
    )
      .unit(Short)
      .span(8)
      .withTarget(
        over(`sum by (source) (${growth(metric('watch_broker_dropped_total'))})`, { legend: '{{source}}' }),
      ),
    lines('Connections of terminals', 'Connections that the listeners for terminals hold.')
      .unit(Short)
      .span(8)
      .withTarget(
        over(`sum by (source) (${metric('watch_terminal_connections')})`, { legend: '{{source}}' }),
      ),
    bars(
      'Connections of terminals that began and ended',
      'Connections that listeners have taken, and ends by reason; `limit`: refused because there were too many.',
    )
      .unit(Short)
      .span(8)
      .withTarget(
        over(`sum by (source) (${growth(metric('watch_terminal_connections_total'))})`, {
          legend: '{{source}}: taken',
          refId: 'A',
        }),
      )
      .withTarget(
        over(`sum by (source, reason) (${growth(metric('watch_terminal_disconnects_total'))})`, {
          legend: '{{source}}: {{reason}}',
          refId: 'B',
        }),
      ),
    bars(
      'Contested terminals',
      'Terminals that began to change hands between addresses all the time: two devices with one number, or somebody else’s.',
    )
      .unit(Short)
      .span(8)
      .withTarget(
        over(`sum by (source) (${growth(metric('watch_terminals_contested_total'))})`, {
          legend: '{{source}}',
        }),
      ),
  ]
}
