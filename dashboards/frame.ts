import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import {
  AnnotationQueryBuilder,
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  type Panel,
  RowBuilder,
  TextBoxVariableBuilder,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { COLOURS } from './colours.ts'
import { points } from './flux.ts'
import { TAG, toAllDashboards, toPage } from './link.ts'
import { metric } from './metric.ts'
import { flux, INFLUXDB, over, PROMETHEUS } from './query.ts'

export type Row = { readonly title: string; readonly panels: readonly Builder<Panel>[] }

/** What a dashboard is, beside what all of them have. */
export type Plan = {
  /** Stays the same: links and bookmarks rest on it. */
  readonly uid: string
  readonly title: string
  readonly description: string
  /** How far back it looks when it is opened, such as `now-6h`. */
  readonly from: string
  readonly variables?: readonly Builder<VariableModel>[]
  /** The page of the service that shows the same, and what the link says. */
  readonly page: { readonly path: string; readonly title: string }
  readonly rows: readonly Row[]
}

/** The newest schema that Grafana 11.0 knows; later ones read it as well. */
const SCHEMA_VERSION = 39

/** The finished dashboard, as Grafana reads it from a file. */
export function dashboard(plan: Plan): Dashboard {
  const builder = new DashboardBuilder(plan.title)
    .uid(plan.uid)
    .description(plan.description)
    .tags([TAG])
    .timezone('browser')
    .refresh('30s')
    .time({ from: plan.from, to: 'now' })
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly()
    .variables([...(plan.variables ?? []), publicUrl()])
    .annotations(annotations())
    .links([toAllDashboards(), toPage(plan.page.title, plan.page.path)])
  for (const row of plan.rows) {
    builder.withRow(new RowBuilder(row.title))
    for (const panel of row.panels) builder.withPanel(panel)
  }
  return finished(builder.build())
}

/** Numbers the panels, and takes back what the SDK presets for newer versions: annotations hidden in a menu. */
function finished(built: Dashboard): Dashboard {
  return {
    ...built,
    schemaVersion: SCHEMA_VERSION,
    panels: (built.panels ?? []).map((panel, index) => ({ ...panel, id: index + 1 })),
    annotations: { list: (built.annotations.list ?? []).map(({ placement: _, ...one }) => one) },
  }
}

function publicUrl(): TextBoxVariableBuilder {
  const usual = 'http://127.0.0.1:8080'
  return new TextBoxVariableBuilder('public_url')
    .label('Pages of the service')
    .description('http.publicUrl of the service, without a slash at its end: links lead there')
    .defaultValue(usual)
    .current({ text: usual, value: usual })
}

/** Regions while the service is down and while terminals are silent in masses, and what happened to outages. */
function annotations(): AnnotationQueryBuilder[] {
  const events = points(
    'outage',
    { fields: ['outage'] },
    'rename(columns: {_value: "text", event: "tags"})',
    'keep(columns: ["_time", "text", "tags"])',
  )
  return [
    regions(
      'Outages',
      COLOURS.down,
      `max(${metric('watch_service_up')}) == bool 0`,
      'Omnicomm Online is down',
    ),
    regions(
      'Incidents',
      COLOURS.edge,
      `sum by (dimension) (${metric('watch_incidents_open')}) > bool 0`,
      'Mass silence: the silent have their {{dimension}} in common',
    ),
    // Off until it is wanted: without InfluxDB each drawing would show an error.
    new AnnotationQueryBuilder()
      .name('Events of outages')
      .datasource(INFLUXDB)
      .enable(false)
      .iconColor(COLOURS.maintenance)
      .target(flux(events, 'Anno')),
  ]
}

/** Grafana joins neighbouring points above 0 to one region. */
function regions(name: string, iconColor: string, expr: string, title: string): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(PROMETHEUS)
    .enable(true)
    .iconColor(iconColor)
    .expr(expr)
    .titleFormat(title)
    .target(over(expr, { refId: 'Anno' }))
}
