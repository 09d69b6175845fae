import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import { LETTER_COLOURS } from './colours.ts'
import { asTable, linesBy, points } from './flux.ts'
import { dashboard, type Row } from './frame.ts'
import { toPage } from './link.ts'
import { growth, growthInAll, metric } from './metric.ts'
import { bars, figure, inColours, lamp, limits, lines, stairs, table } from './panel.ts'
import { flux, INFLUXDB, now, over } from './query.ts'
import { lateColumn, steps, worseFrom } from './threshold.ts'

const MINUTE = 60

/** Whether letters leave, and whether that is proven. */
export function letters(): Dashboard {
  return dashboard({
    uid: 'ow-letters',
    title: 'Letters',
    description:
      'Whether letters can leave, whether all that are due have left, and what else people were told',
    from: 'now-24h',
    page: { path: '/letters', title: 'Letters' },
    rows: [
      { title: 'Is all well', panels: wellRow() },
      { title: 'The outbox', panels: outboxRow() },
      { title: 'What people were told', panels: toldRow() },
      { title: 'History (InfluxDB)', panels: historyRow() },
    ],
  })
}

function wellRow(): Row['panels'] {
  return [
    lamp('Ready', 'Whether letters can leave at all: recipients and SMTP are configured.', {
      1: ['ready', 'up'],
      0: ['not set up', 'edge'],
    }).withTarget(over(`min(${metric('watch_letters_ready')})`)),
    lamp(
      'Audit',
      'The auditor proves from the stored outages that every letter that is due is sent or on its way. Red: read the findings on the page at once.',
      {
        1: ['proven', 'up'],
        0: ['not proven', 'down'],
      },
    )
      .dataLinks([toPage('Letters', '/letters')])
      .withTarget(over(`min(${metric('watch_letters_audit_ok')})`)),
    lamp('Mail server', 'Whether the mail server takes letters now.', {
      0: ['takes letters', 'up'],
      1: ['refuses', 'down'],
    }).withTarget(over(`max(${metric('watch_letters_relay_failing')})`)),
    figure(
      'Oldest due',
      'Age of the oldest letter that is due and has not left, 0 without one. Yellow from 1 min, red from 5 min.',
    )
      .unit(Seconds)
      .thresholds(worseFrom(MINUTE, 5 * MINUTE))
      .dataLinks([toPage('Letters', '/letters')])
      .withTarget(over(`max(${metric('watch_letters_oldest_due_seconds')})`)),
    figure(
      'Dead',
      'Letters that were given up: refused for good, or never taken within their time. Each wants a look: its address, or the answer of the mail server.',
    )
      .unit(Short)
      .thresholds(steps('up', [1, 'down']))
      .dataLinks([toPage('Letters', '/letters')])
      .withTarget(over(`sum(${metric('watch_letters', { state: 'dead' })})`)),
    figure(
      'Watchdog failures',
      'Calls of letters.watchdogUrl that did not succeed in the time that is shown. Without them nobody outside notices when this service dies.',
    )
      .unit(Short)
      .decimals(0)
      .thresholds(worseFrom(1, 10))
      .withTarget(now(growthInAll(metric('watch_watchdog_failures_total')))),
  ]
}

function outboxRow(): Row['panels'] {
  return [
    inColours(
      stairs(
        'Letters on their way',
        'Letters that have not left: waiting, being sent, to be tried again, or of unknown fate. They should go back to 0 within a minute.',
      )
        .unit(Short)
        .withTarget(
          over(
            `sum by (state) (${metric('watch_letters', { state: ['pending', 'sending', 'retry', 'ambiguous'] })})`,
            { legend: '{{state}}' },
          ),
        ),
      LETTER_COLOURS,
    ),
    inColours(
      bars(
        'Attempts',
        'Attempts to send a letter by what became of it. `retry` at times is usual (greylisting); `dead` is not.',
      )
        .unit(Short)
        .withTarget(
          over(`sum by (result) (${growth(metric('watch_letter_attempts_total'))})`, {
            legend: '{{result}}',
          }),
        ),
      LETTER_COLOURS,
    ),
    lines(
      'Oldest letter that is due',
      'How long the oldest due letter has waited. A slope is a mail server that does not take it; dashed: 1 min and 5 min.',
    )
      .unit(Seconds)
      .thresholds(worseFrom(MINUTE, 5 * MINUTE))
      .thresholdsStyle(limits())
      .withTarget(over(`max(${metric('watch_letters_oldest_due_seconds')})`, { legend: 'oldest' })),
    lines(
      'Time since the last proof',
      'How long ago every due letter was last proven to be sent or on its way. A saw of the pace of the auditor is usual; a slope is not.',
    )
      .unit(Seconds)
      .thresholds(worseFrom(5 * MINUTE, 15 * MINUTE))
      .thresholdsStyle(limits())
      .withTarget(
        over(`time() - max(${metric('watch_letters_audit_ok_timestamp_seconds')} > 0)`, { legend: 'since' }),
      ),
    inColours(
      stairs(
        'Letters of the open outage',
        'Letters of the outage that is open, by state, once it is long enough to be announced; nothing without one.',
      )
        .unit(Short)
        .span(24)
        .height(6)
        .withTarget(over(`sum by (state) (${metric('watch_outage_letters')})`, { legend: '{{state}}' })),
      LETTER_COLOURS,
    ),
  ]
}

function toldRow(): Row['panels'] {
  return [
    bars(
      'Letters about silent terminals',
      'Digests, notes and letters about incidents that were written for the people in charge of terminals.',
    )
      .unit(Short)
      .span(8)
      .withTarget(
        over(`sum by (kind) (${growth(metric('watch_flag_letters_total'))})`, { legend: '{{kind}}' }),
      ),
    bars('Notices to operators', 'What operators were told to look at, by topic, once per thing and day.')
      .unit(Short)
      .span(8)
      .withTarget(over(`sum by (topic) (${growth(metric('watch_notices_total'))})`, { legend: '{{topic}}' })),
    inColours(
      stairs(
        'Requests to support',
        'Requests to technical support that are open, and of these the overdue ones and those that support has not registered.',
      )
        .unit(Short)
        .span(8)
        .withTarget(over(`sum by (state) (${metric('watch_requests')})`, { legend: '{{state}}' })),
      { open: 'maintenance', overdue: 'down', unregistered: 'edge' },
    ),
  ]
}

function historyRow(): Row['panels'] {
  return [
    lines(
      'Lateness of letters',
      'How long after they were due letters left, the latest of each stretch, by kind.',
    )
      .datasource(INFLUXDB)
      .unit(Seconds)
      .thresholds(worseFrom(MINUTE, 5 * MINUTE))
      .thresholdsStyle(limits())
      .displayName(`\${__field.labels.kind}`)
      .span(10)
      .withTarget(
        flux(
          points(
            'letter',
            { fields: ['late_seconds'], where: { state: ['sent', 'filed'] } },
            ...linesBy('kind', 'max'),
          ),
        ),
      ),
    table(
      'Letters',
      'The newest ends of attempts: what kind of letter, what became of it, how late, and at which attempt. The addresses are on the page.',
    )
      .datasource(INFLUXDB)
      .unit(Short)
      .span(14)
      .height(8)
      .overrideByName('letter', [
        { id: 'links', value: [toPage('This letter', `/letters/\${__value.text:percentencode}`).build()] },
      ])
      .overrideByName('late_seconds', lateColumn())
      .withTarget(
        flux(
          points(
            'letter',
            { fields: ['letter', 'outage', 'late_seconds', 'attempts'] },
            ...asTable(['kind', 'state', 'letter', 'outage', 'late_seconds', 'attempts']),
          ),
        ),
      ),
  ]
}
