import { StackingConfigBuilder, StackingMode } from '@grafana/grafana-foundation-sdk/common'
import { PercentUnit, Seconds, Short } from '@grafana/grafana-foundation-sdk/units'
import { asTable, points } from './flux.ts'
import type { Row } from './frame.ts'
import { toPage } from './link.ts'
import { bars, inColoursByWord, lines, table } from './panel.ts'
import { flux, INFLUXDB } from './query.ts'
import { colouredCell, lateColumn, noJudgement, steps, worseFrom } from './threshold.ts'

const MINUTE = 60

/** What only the history knows of the watched service. */
export function uptimeHistory(): Row['panels'] {
  return [outages(), timeToLetter(), downtimeByMonth(), answered(), reasons()]
}

function outages() {
  return table(
    'Outages',
    'Outages that ended or were cancelled as false in the time that is shown: certain downtime (what the letter rests on) and the longest that is possible. Click on one for its page.',
  )
    .datasource(INFLUXDB)
    .unit(Seconds)
    .span(14)
    .overrideByName('outage', [
      { id: 'links', value: [toPage('This outage', `/outages/\${__value.text:percentencode}`).build()] },
    ])
    .overrideByName('down_seconds', [
      { id: 'displayName', value: 'certainly down' },
      ...colouredCell(worseFrom(1, 60 * MINUTE)),
    ])
    .overrideByName('possible_seconds', [{ id: 'displayName', value: 'possibly down' }])
    .withTarget(
      flux(
        points(
          'outage',
          {
            fields: ['outage', 'down_seconds', 'possible_seconds'],
            where: { event: ['ended', 'cancelled'] },
          },
          ...asTable(['event', 'outage', 'down_seconds', 'possible_seconds']),
        ),
      ),
    )
}

function timeToLetter() {
  return table(
    'Time to the letter',
    'First letters of outages that left, the newest first: how long after they were due (service.noticeAfter of certain downtime) and at which attempt. Red from 5 min.',
  )
    .datasource(INFLUXDB)
    .unit(Short)
    .span(10)
    .overrideByName('outage', [
      { id: 'links', value: [toPage('This outage', `/outages/\${__value.text:percentencode}`).build()] },
    ])
    .overrideByName('late_seconds', lateColumn())
    .withTarget(
      flux(
        points(
          'letter',
          {
            fields: ['outage', 'late_seconds', 'attempts'],
            where: { kind: ['initial', 'combined'], state: ['sent', 'filed'] },
          },
          ...asTable(['kind', 'outage', 'late_seconds', 'attempts']),
        ),
      ),
    )
}

function downtimeByMonth() {
  return inColoursByWord(
    bars(
      'Downtime by month',
      'Certain and possible downtime of the outages that ended in each month: the bounds of the uptime over years. Choose a long time.',
    )
      .datasource(INFLUXDB)
      .unit(Seconds)
      .span(8)
      .stacking(new StackingConfigBuilder().mode(StackingMode.None))
      .thresholds(steps('down'))
      .withTarget(
        flux(
          points(
            'outage',
            { fields: ['down_seconds', 'possible_seconds'], where: { event: ['ended'] } },
            'group(columns: ["_field"])',
            'aggregateWindow(every: 1mo, fn: sum, createEmpty: false, timeSrc: "_start")',
          ),
        ),
      ),
    { down_seconds: 'down', possible_seconds: 'edge' },
  )
}

function answered() {
  return lines(
    'Answered rounds by component',
    'Share of the rounds in which each component answered, as far back as InfluxDB keeps it.',
  )
    .datasource(INFLUXDB)
    .unit(PercentUnit)
    .span(8)
    .max(1)
    .displayName(`\${__field.labels.component}`)
    .thresholds(noJudgement())
    .withTarget(
      flux(
        points(
          'probe',
          { fields: ['ok'] },
          'group(columns: ["component"])',
          'aggregateWindow(every: v.windowPeriod, fn: mean, createEmpty: false)',
        ),
      ),
    )
}

function reasons() {
  return table(
    'Why probes failed',
    'The reasons of failed probes in the time that is shown, the most frequent first. Many different ones: look at the network of this machine.',
  )
    .datasource(INFLUXDB)
    .unit(Short)
    .span(8)
    .height(8)
    .withTarget(
      flux(
        points(
          'probe',
          { fields: ['reason'], where: { verdict: ['fail'] } },
          'filter(fn: (r) => r.kind != "round")',
          'duplicate(column: "_value", as: "reason")',
          'group(columns: ["component", "reason"])',
          'count()',
          'group()',
          'sort(columns: ["_value"], desc: true)',
          'limit(n: 50)',
          'rename(columns: {_value: "rounds"})',
          'keep(columns: ["component", "reason", "rounds"])',
        ),
      ),
    )
}
