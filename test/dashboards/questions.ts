import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { generatedFiles } from '../../dashboards/all.ts'
import { parseDuration } from '../../src/core/time.ts'

const Target = z.looseObject({
  refId: z.string(),
  datasource: z.object({ type: z.string(), uid: z.string() }),
  expr: z.string().optional(),
  query: z.string().optional(),
  range: z.boolean().optional(),
  legendFormat: z.string().optional(),
})

const Panel = z.looseObject({
  id: z.number().int().positive(),
  type: z.string(),
  title: z.string().min(1),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  description: z.string().optional(),
  datasource: z.object({ type: z.string(), uid: z.string() }).optional(),
  interval: z.string().optional(),
  targets: z.array(Target).optional(),
  transformations: z.array(z.object({ id: z.string(), options: z.unknown() })).optional(),
  fieldConfig: z
    .object({
      defaults: z.looseObject({
        unit: z.string().optional(),
        thresholds: z
          .object({
            mode: z.string(),
            steps: z.array(z.object({ value: z.number().nullable(), color: z.string() })),
          })
          .optional(),
      }),
      overrides: z.array(
        z.object({
          matcher: z.object({ id: z.string(), options: z.string() }),
          properties: z.array(z.object({ id: z.string(), value: z.unknown() })),
        }),
      ),
    })
    .optional(),
})

/** A dashboard as Grafana reads it: what it needs, and what these tests look at. */
export const DashboardJson = z.looseObject({
  uid: z.string().min(1),
  title: z.string().min(1),
  description: z.string().min(1),
  tags: z.array(z.string()),
  timezone: z.literal('browser'),
  refresh: z.literal('30s'),
  schemaVersion: z.number(),
  editable: z.literal(false),
  time: z.object({ from: z.string(), to: z.literal('now') }),
  panels: z.array(Panel),
  templating: z.object({
    list: z.array(z.looseObject({ name: z.string(), type: z.string(), query: z.unknown() })),
  }),
  annotations: z.object({
    list: z.array(z.looseObject({ name: z.string(), iconColor: z.string(), target: Target })),
  }),
  links: z.array(z.looseObject({ title: z.string(), type: z.string() })),
})

export type PanelJson = z.output<typeof Panel>

/** A question in PromQL and who asks it. */
export type Question = {
  readonly asker: string
  readonly expr: string
  readonly over: 'time' | 'now'
  /** What Grafana calls the series, such as `{{state}}`. */
  readonly legend?: string
}

export function dashboards(): readonly z.output<typeof DashboardJson>[] {
  return [...generatedFiles().values()].map((text) => DashboardJson.parse(JSON.parse(text)))
}

/** Panels without the heads of rows. */
export function panelsOf({ panels }: z.output<typeof DashboardJson>): readonly PanelJson[] {
  return panels.filter(({ type }) => type !== 'row')
}

/** Every PromQL expression of panels and annotations, with Grafana's variables in their places. */
export function promqlQuestions(): readonly Question[] {
  return dashboards().flatMap((one) => [
    ...panelsOf(one).flatMap(({ title, interval, targets = [] }) =>
      targets.flatMap(({ refId, expr, range, legendFormat }) =>
        expr === undefined
          ? []
          : [
              {
                asker: `${one.uid}: ${title} ${refId}`,
                expr: asGrafanaSends(expr, interval),
                over: range === true ? ('time' as const) : ('now' as const),
                ...(legendFormat !== undefined && { legend: legendFormat }),
              },
            ],
      ),
    ),
    ...one.annotations.list.flatMap(({ name, target: { expr } }) =>
      expr === undefined
        ? []
        : [{ asker: `${one.uid}: annotation ${name}`, expr: asGrafanaSends(expr), over: 'time' as const }],
    ),
  ])
}

/** Every Flux question of panels and annotations, as it is written. */
export function fluxQuestions(): readonly { readonly asker: string; readonly query: string }[] {
  return dashboards().flatMap((one) => [
    ...panelsOf(one).flatMap(({ title, targets = [] }) =>
      targets.flatMap(({ query }) => (query === undefined ? [] : [{ asker: `${one.uid}: ${title}`, query }])),
    ),
    ...one.annotations.list.flatMap(({ name, target: { query } }) =>
      query === undefined ? [] : [{ asker: `${one.uid}: annotation ${name}`, query }],
    ),
  ])
}

/** What the variables of dashboards ask for: the values of a label of a metric. */
export function labelQuestions(): readonly { readonly metric: string; readonly label: string }[] {
  return dashboards().flatMap(({ templating }) =>
    templating.list.flatMap(({ type, query }) => {
      if (type !== 'query') return []
      const asked = z.object({ query: z.string() }).parse(query).query
      const [, metric = '', label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(asked) ?? []
      return [{ metric, label }]
    }),
  )
}

const RuleFile = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.looseObject({ alert: z.string().optional(), record: z.string().optional(), expr: z.string() }),
      ),
    }),
  ),
})

const RULES = new URL('../../config/prometheus/rules/', import.meta.url)

/** Every expression of the alert and recording rules. */
export function ruleQuestions(): readonly Question[] {
  return readdirSync(RULES).flatMap((file) =>
    RuleFile.parse(parse(readFileSync(new URL(file, RULES), 'utf8'))).groups.flatMap(({ rules }) =>
      rules.map(({ alert, record, expr }) => ({
        asker: `rule ${alert ?? record}`,
        expr,
        over: 'now' as const,
      })),
    ),
  )
}

/** As if drawn over so long a time with a point every so often, from scrapes of one second. */
export const RANGE_SECONDS = 180
export const STEP_SECONDS = 5

/** With Grafana's variables in their places. `interval`: the shortest stretch of the panel. */
function asGrafanaSends(expr: string, interval = `${STEP_SECONDS + 1}s`): string {
  const sent = expr
    .replaceAll('$__rate_interval', interval)
    .replaceAll('$__interval_ms', String(parseDuration(interval)))
    .replaceAll('$__interval', interval)
    .replaceAll('$__range_s', `${RANGE_SECONDS}`)
    .replaceAll('$__range', `${RANGE_SECONDS}s`)
    .replaceAll('$client', '.*')
  if (sent.includes('$')) throw new Error(`a variable that Grafana or the dashboard does not know: ${sent}`)
  return sent
}
