import type { MEASUREMENTS } from '../src/metrics.ts'

type Catalogue = typeof MEASUREMENTS

export type MeasurementName = keyof Catalogue

type FieldOf<M extends MeasurementName> = Extract<keyof Catalogue[M]['fields'], string>

type TagOf<M extends MeasurementName> = Catalogue[M]['tags'][number]

type Choice<M extends MeasurementName> = {
  readonly fields: readonly FieldOf<M>[]
  /** Values that a tag may have. */
  readonly where?: { readonly [T in TagOf<M>]?: readonly string[] }
  /** A tag whose value is chosen by a variable of the dashboard. */
  readonly chosen?: { readonly tag: TagOf<M>; readonly variable: string }
}

/**
 * Points of a measurement in the time that is shown, from the bucket of the data source. A measurement, field or tag
 * that the catalogue does not know is a compile error. `more` are the steps that follow.
 */
export function points<M extends MeasurementName>(
  measurement: M,
  { fields, where = {}, chosen }: Choice<M>,
  ...more: readonly string[]
): string {
  const conditions = [
    `r._measurement == "${measurement}"`,
    oneOf('_field', fields),
    ...Object.entries<readonly string[] | undefined>(where).map(([tag, values]) => oneOf(tag, values ?? [])),
    ...(chosen === undefined ? [] : [`r.${chosen.tag} =~ /^\${${chosen.variable}:regex}$/`]),
  ]
  const filters = conditions.map((condition) => `filter(fn: (r) => ${condition})`)
  const range = 'range(start: v.timeRangeStart, stop: v.timeRangeStop)'
  return ['from(bucket: v.defaultBucket)', range, ...filters, ...more].join('\n  |> ')
}

/** One row per moment with the fields as columns, the newest first; `time` in place of `_time`. */
export function asTable(columns: readonly string[], most = 200): readonly string[] {
  return [
    'pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")',
    'group()',
    'sort(columns: ["_time"], desc: true)',
    `limit(n: ${most})`,
    'rename(columns: {_time: "time"})',
    `keep(columns: [${['time', ...columns].map((name) => `"${name}"`).join(', ')}])`,
  ]
}

/** One line per value of a tag: `fn` of each stretch of the drawing. */
export function linesBy(tag: string, fn: 'count' | 'last' | 'max' | 'mean' | 'sum'): readonly string[] {
  return [
    `group(columns: ["${tag}"])`,
    `aggregateWindow(every: v.windowPeriod, fn: ${fn}, createEmpty: false)`,
  ]
}

function oneOf(column: string, values: readonly string[]): string {
  return values.map((value) => `r.${column} == "${value}"`).join(' or ')
}
