import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { LocaleFormat, PercentUnit, Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import { clientTable } from './client-table.ts'
import { GOOD_STATES, SILENT_STATES, STATE_COLOURS, WATCHED_STATES } from './colours.ts'
import { linesBy, points } from './flux.ts'
import { dashboard, type Row } from './frame.ts'
import { toDashboard, toPage } from './link.ts'
import { buckets, metric } from './metric.ts'
import {
  figure,
  heatmap,
  inColours,
  inColoursByWord,
  limits,
  lines,
  ranking,
  stacked,
  stairs,
  table,
} from './panel.ts'
import { flux, heat, INFLUXDB, now, over } from './query.ts'
import { serviceLamp } from './service-lamp.ts'
import { goodFrom, noJudgement, steps, worseFrom } from './threshold.ts'

const MINUTE = 60
const HOUR = 60 * MINUTE

const SILENT = `sum(${metric('watch_terminals', { state: SILENT_STATES })})`
const WATCHED = `sum(${metric('watch_terminals', { state: WATCHED_STATES })})`
const DATA_AGES = `sum by (le) (${buckets('watch_data_age_seconds')})`

/** Who looks after the whole fleet: how fresh it is, where it is silent, and since when. */
export function fleetFreshness(): Dashboard {
  return dashboard({
    uid: 'ow-fleet',
    title: 'Fleet freshness',
    description:
      'How fresh the data of all terminals is, which clients are silent, and what they have in common',
    from: 'now-6h',
    page: { path: '/', title: 'Fleet' },
    rows: [
      { title: 'Is all well', panels: wellRow() },
      { title: 'The fleet over time', panels: trendRow() },
      { title: 'Mass silence', panels: incidentRow() },
      { title: 'Clients', panels: clientRow() },
      { title: 'History (InfluxDB)', panels: historyRow() },
    ],
  })
}

function wellRow(): Row['panels'] {
  return [
    figure(
      'Fresh',
      'Share of the watched terminals whose data is as new as it should be: fresh or sleeping. Watched are all but the suspended and decommissioned ones. Green from 97 %, red below 90 %.',
    )
      .unit(PercentUnit)
      .decimals(1)
      .thresholds(goodFrom(0.97, 0.9))
      .withTarget(over(`sum(${metric('watch_terminals', { state: GOOD_STATES })}) / (${WATCHED} > 0)`)),
    figure(
      'Silent',
      'Terminals that are silent although they should not be: stale or lost. Click for the list of the morning.',
    )
      .unit(LocaleFormat)
      .thresholds(steps('up', [1, 'edge']))
      .dataLinks([toPage('Terminals that need attention', '/?needs=attention')])
      .withTarget(over(SILENT)),
    figure(
      'Mass silence',
      'Open incidents: many terminals that fell silent together and have something in common. Anything but 0 wants a look at once.',
    )
      .unit(Short)
      .thresholds(steps('up', [1, 'down']))
      .dataLinks([toPage('Incidents', '/incidents')])
      .withTarget(over(`sum(${metric('watch_incidents_open')})`)),
    figure(
      'Blind sources',
      'Sources that cannot hear their terminals now. The terminals of a blind source are not judged: they keep the state that they had.',
    )
      .unit(Short)
      .thresholds(steps('up', [1, 'down']))
      .dataLinks([toDashboard('Pipeline', 'ow-pipeline')])
      .withTarget(over(`sum(${metric('watch_source_blind')})`)),
    figure(
      'Data age, 95 %',
      'At most so old is the newest data of 95 % of the terminals that ever sent any. Yellow from 6.5 h (usual limit of a parked terminal), red from 24 h (lost).',
    )
      .unit(Seconds)
      .thresholds(worseFrom(6.5 * HOUR, 24 * HOUR))
      .withTarget(over(`histogram_quantile(0.95, ${DATA_AGES})`)),
    serviceLamp().dataLinks([toDashboard('Omnicomm Online uptime', 'ow-uptime')]),
  ]
}

function trendRow(): Row['panels'] {
  return [
    inColours(
      stacked(
        'Terminals by state',
        'All terminals, one above the other: good ones below, silent ones above them. A red step is an incident, a red slope is a slow loss.',
      )
        .unit(LocaleFormat)
        .span(16)
        .height(10)
        .withTarget(over(`sum by (state) (${metric('watch_terminals')})`, { legend: '{{state}}' })),
      STATE_COLOURS,
    ),
    ranking(
      'Most silent terminals',
      'The clients with the most silent terminals now. Click on one for its dashboard.',
    )
      .unit(LocaleFormat)
      .height(10)
      .thresholds(steps('edge', [10, 'down']))
      .dataLinks([
        toDashboard(
          'Dealer: this client',
          'ow-dealer',
          `var-client=\${__field.labels.client:percentencode}&`,
        ),
      ])
      .withTarget(
        now(`topk(10, sum by (client) (${metric('watch_client_terminals', { state: SILENT_STATES })}) > 0)`, {
          legend: '{{client}}',
        }),
      ),
    lines(
      'Data age',
      'Half, 90 % and 99 % of the terminals are at most so old. The dashed lines are the usual limits of a moving terminal (30 min) and of a parked one (6.5 h).',
    )
      .unit(Seconds)
      .thresholds(steps('up', [30 * MINUTE, 'edge'], [6.5 * HOUR, 'down']))
      .thresholdsStyle(limits())
      .withTarget(over(`histogram_quantile(0.5, ${DATA_AGES})`, { legend: '50 %', refId: 'A' }))
      .withTarget(over(`histogram_quantile(0.9, ${DATA_AGES})`, { legend: '90 %', refId: 'B' }))
      .withTarget(over(`histogram_quantile(0.99, ${DATA_AGES})`, { legend: '99 %', refId: 'C' })),
    heatmap(
      'Data ages of the fleet',
      'How many terminals have newest data of which age. A band that climbs is a group that fell silent together.',
      Seconds,
    )
      .unit(LocaleFormat)
      .withTarget(heat(DATA_AGES)),
  ]
}

function incidentRow(): Row['panels'] {
  return [
    stairs(
      'Open incidents',
      'Incidents of mass silence by what their terminals have in common; `ingest`: the fault is ours or that of the watched service.',
    )
      .unit(Short)
      .withTarget(
        over(`sum by (dimension) (${metric('watch_incidents_open')})`, { legend: '{{dimension}}' }),
      ),
    stairs(
      'Silent terminals in open incidents',
      'How many terminals are silent because of open incidents, by what they have in common.',
    )
      .unit(LocaleFormat)
      .withTarget(
        over(`sum by (dimension) (${metric('watch_incident_silent_terminals')})`, {
          legend: '{{dimension}}',
        }),
      ),
  ]
}

function clientRow(): Row['panels'] {
  return [
    clientTable(
      'Clients',
      'The 200 largest clients (and `other`), the most silent first. Click on a client for its dashboard or for its terminals on the pages.',
    ),
  ]
}

function historyRow(): Row['panels'] {
  const silenced = { state: SILENT_STATES }
  return [
    inColoursByWord(
      lines(
        'Changes of state',
        'How many terminals came into each state, by stretch of the drawing. Many into stale and few back to fresh: the fleet gets worse.',
      )
        .datasource(INFLUXDB)
        .unit(Short)
        .displayName(`\${__field.labels.state}`)
        .span(16)
        .withTarget(flux(points('terminal_state', { fields: ['terminal'] }, ...linesBy('state', 'count')))),
      STATE_COLOURS,
    ),
    table(
      'Why they fell silent',
      'The probable causes of all changes into stale or lost in the time that is shown, the most frequent first.',
    )
      .datasource(INFLUXDB)
      .unit(Short)
      .thresholds(noJudgement())
      .span(8)
      .height(8)
      .withTarget(
        flux(
          points(
            'terminal_state',
            { fields: ['cause'], where: silenced },
            'duplicate(column: "_value", as: "cause")',
            'group(columns: ["cause"])',
            'count()',
            'group()',
            'sort(columns: ["_value"], desc: true)',
            'rename(columns: {_value: "changes"})',
            'keep(columns: ["cause", "changes"])',
          ),
        ),
      ),
  ]
}
