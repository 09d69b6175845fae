import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common'
import type { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table'
import { LocaleFormat, PercentUnit } from '@grafana/grafana-foundation-sdk/units'
import { GOOD_STATES, SILENT_STATES, WATCHED_STATES } from './colours.ts'
import { toDashboard, toPage } from './link.ts'
import { type LabelsOf, metric } from './metric.ts'
import { columns, table } from './panel.ts'
import { rows } from './query.ts'
import { colouredCell, goodFrom, worseFrom } from './threshold.ts'

type Chosen = Pick<LabelsOf<'watch_client_terminals'>, 'client'>

/** One row per client: how many of its terminals are silent, and how large a share is well. */
export function clientTable(title: string, description: string, chosen: Chosen = {}): Table {
  const count = (states: readonly string[]): string =>
    `sum by (client) (${metric('watch_client_terminals', { ...chosen, state: states })})`
  const panel = table(title, description)
    .unit(LocaleFormat)
    .withTarget(rows(count(WATCHED_STATES), 'A'))
    .withTarget(rows(count(SILENT_STATES), 'B'))
    .withTarget(rows(`${count(SILENT_STATES)} / (${count(WATCHED_STATES)} > 0)`, 'C'))
    .withTarget(rows(`${count(GOOD_STATES)} / (${count(WATCHED_STATES)} > 0)`, 'D'))
    .withTarget(rows(count(['backlog', 'no-fix']), 'E'))
    .withTarget(rows(count(['never']), 'F'))
    .sortBy([new TableSortByFieldStateBuilder().displayName('Silent').desc(true)])
    .overrideByName('Silent share', [
      { id: 'unit', value: PercentUnit },
      ...colouredCell(worseFrom(0.03, 0.1)),
    ])
    .overrideByName('Fresh share', [{ id: 'unit', value: PercentUnit }, ...colouredCell(goodFrom(0.97, 0.9))])
    .overrideByName('Client', [
      {
        id: 'links',
        value: [
          toDashboard(
            'Dealer: this client',
            'ow-dealer',
            `var-client=\${__value.text:percentencode}&`,
          ).build(),
          toPage(
            'Its terminals that need attention',
            `/?needs=attention&client=\${__value.text:percentencode}`,
          ).build(),
        ],
      },
    ])
  return columns(panel, {
    client: 'Client',
    'Value #A': 'Watched',
    'Value #B': 'Silent',
    'Value #C': 'Silent share',
    'Value #D': 'Fresh share',
    'Value #E': 'Archive or no fix',
    'Value #F': 'Never heard',
  })
}
