import {
  type Dashboard,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { LocaleFormat, PercentUnit, Short } from '@grafana/grafana-foundation-sdk/units'
import { clientTable } from './client-table.ts'
import { GOOD_STATES, SILENT_STATES, STATE_COLOURS, WATCHED_STATES } from './colours.ts'
import { points } from './flux.ts'
import { dashboard, type Row } from './frame.ts'
import { toPage } from './link.ts'
import { metric } from './metric.ts'
import { figure, inColours, limits, lines, stacked, stairs } from './panel.ts'
import { flux, INFLUXDB, over, PROMETHEUS } from './query.ts'
import { goodFrom, steps, worseFrom } from './threshold.ts'

const CHOSEN = { client: ['$client'] }

/** One or several clients: what a dealer is asked about them, for today and for the last months. */
export function dealer(): Dashboard {
  return dashboard({
    uid: 'ow-dealer',
    title: 'Dealer',
    description:
      'The terminals of the chosen clients: how many are well, which are silent, and how that went on',
    from: 'now-24h',
    variables: [clientVariable()],
    page: { path: '/?needs=attention', title: 'Terminals that need attention' },
    rows: [
      { title: 'Is all well', panels: wellRow() },
      { title: 'Over time', panels: trendRow() },
      { title: 'By client', panels: [byClient()] },
      { title: 'History (InfluxDB)', panels: historyRow() },
    ],
  })
}

function clientVariable(): QueryVariableBuilder {
  const query = `label_values(${metric('watch_client_terminals')}, client)`
  return new QueryVariableBuilder('client')
    .label('Client')
    .description(
      'The 200 largest clients have figures of their own; the others are counted together as `other`',
    )
    .datasource(PROMETHEUS)
    .query({ query, refId: 'client' })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalCaseInsensitiveAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: 'All', value: '$__all' })
}

function count(states: readonly string[]): string {
  return `sum(${metric('watch_client_terminals', { ...CHOSEN, state: states })})`
}

function wellRow(): Row['panels'] {
  return [
    figure(
      'Fresh',
      'Share of the watched terminals of the chosen clients whose data is as new as it should be: fresh or sleeping. Green from 97 %, red below 90 %.',
    )
      .unit(PercentUnit)
      .decimals(1)
      .thresholds(goodFrom(0.97, 0.9))
      .withTarget(over(`${count(GOOD_STATES)} / (${count(WATCHED_STATES)} > 0)`)),
    figure(
      'Silent',
      'Terminals of the chosen clients that are silent although they should not be: stale or lost.',
    )
      .unit(LocaleFormat)
      .thresholds(steps('up', [1, 'edge']))
      .dataLinks([toPage('Terminals that need attention', '/?needs=attention')])
      .withTarget(over(count(SILENT_STATES))),
    figure(
      'Lost',
      'Terminals that have been silent so long that they are given up as lost (24 h if nothing else is configured): somebody has to drive there.',
    )
      .unit(LocaleFormat)
      .thresholds(steps('up', [1, 'down']))
      .withTarget(over(count(['lost']))),
    figure(
      'Never heard',
      'Terminals that stand in the inventory and never sent anything: not fitted yet, or a wrong server address.',
    )
      .unit(LocaleFormat)
      .thresholds(steps('up', [1, 'edge']))
      .withTarget(over(count(['never']))),
    figure(
      'Archive or no fix',
      'Terminals that are heard but do not give their place: they send an archive only, or have no position.',
    )
      .unit(LocaleFormat)
      .thresholds(steps('up', [1, 'edge']))
      .withTarget(over(count(['backlog', 'no-fix']))),
    figure(
      'Watched',
      'Terminals of the chosen clients that are watched: all but the suspended and decommissioned ones.',
    )
      .unit(LocaleFormat)
      .thresholds(steps('maintenance'))
      .withTarget(over(count(WATCHED_STATES))),
  ]
}

function trendRow(): Row['panels'] {
  const silent = metric('watch_client_terminals', { ...CHOSEN, state: SILENT_STATES })
  const watched = metric('watch_client_terminals', { ...CHOSEN, state: WATCHED_STATES })
  return [
    inColours(
      stacked(
        'Terminals by state',
        'All terminals of the chosen clients, one above the other: good ones below, silent ones above them.',
      )
        .unit(LocaleFormat)
        .withTarget(
          over(`sum by (state) (${metric('watch_client_terminals', CHOSEN)})`, { legend: '{{state}}' }),
        ),
      STATE_COLOURS,
    ),
    lines(
      'Silent share by client',
      'Which of the chosen clients is worst off. Dashed: 3 % and 10 % of its watched terminals.',
    )
      .unit(PercentUnit)
      .thresholds(worseFrom(0.03, 0.1))
      .thresholdsStyle(limits())
      .withTarget(
        over(`topk(15, sum by (client) (${silent}) / (sum by (client) (${watched}) > 0))`, {
          legend: '{{client}}',
        }),
      ),
  ]
}

function byClient() {
  return clientTable(
    'Chosen clients',
    'One row per chosen client, the most silent first. Click on one for it alone, or for its terminals on the pages.',
    CHOSEN,
  )
}

function historyRow(): Row['panels'] {
  return [
    stairs(
      'Silent terminals by client, as far back as InfluxDB keeps it',
      'Silent terminals of each chosen client, for months that Prometheus no longer knows: does what was agreed with a client show?',
    )
      .datasource(INFLUXDB)
      .unit(Short)
      .displayName(`\${__field.labels.client}`)
      .span(24)
      .withTarget(
        flux(
          points(
            'fleet',
            {
              fields: ['terminals'],
              where: { state: SILENT_STATES },
              chosen: { tag: 'client', variable: 'client' },
            },
            'aggregateWindow(every: v.windowPeriod, fn: last, createEmpty: false)',
            'group(columns: ["client", "_time"])',
            'sum()',
            'group(columns: ["client"])',
            'sort(columns: ["_time"])',
          ),
        ),
      ),
  ]
}
