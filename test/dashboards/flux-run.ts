import type { HistoryPoint } from '../../src/core/history/point.ts'
import { readCondition, readFlux, readList, readRecord, readText, type Step } from './flux-text.ts'

type Row = Readonly<Record<string, string | number>>

/** Rows and the columns by which they are grouped to tables. */
type Tables = { readonly rows: readonly Row[]; readonly key: readonly string[] }

/** The value of an argument as it is written; without `otherwise` it must be there. */
type Argument = (name: string, otherwise?: string) => string

type Operation = (tables: Tables, argument: Argument) => Tables

const NUMERIC = ['sum', 'mean', 'max']
const WINDOW_MS = 60_000

/**
 * What a Flux question of the dashboards finds in these points, by the rules of Flux for the few steps that they use. It
 * throws at a step, an argument or a column that is not there, at a sum of texts, and at an aggregate of a column that
 * tables are grouped by: what InfluxDB would refuse or answer with nothing.
 */
export function runFlux(query: string, points: readonly HistoryPoint[]): readonly Row[] {
  return readFlux(query).reduce<Tables>((tables, step) => run(step, tables), stored(points)).rows
}

/** Each field of each point is a row. */
function stored(points: readonly HistoryPoint[]): Tables {
  const rows = points.flatMap(({ measurement, tags, fields, at }) =>
    Object.entries(fields).map(([field, value]) => ({
      ...tags,
      _time: at,
      _measurement: measurement,
      _field: field,
      _value: value,
    })),
  )
  return { rows, key: columnsOf(rows).filter((name) => name !== '_time' && name !== '_value') }
}

function run(step: Step, tables: Tables): Tables {
  const operation = OPERATIONS[step.name]
  if (operation === undefined) throw new Error(`no such step: ${step.name}`)
  const unused = new Set(step.args.keys())
  const result = operation(tables, (name, otherwise) => {
    unused.delete(name)
    const value = step.args.get(name) ?? otherwise
    if (value === undefined) throw new Error(`${step.name} lacks ${name}`)
    return value
  })
  if (unused.size > 0) throw new Error(`${step.name} has no ${[...unused].join()}`)
  return result
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  from: (tables, argument) => {
    expecting(argument('bucket') === 'v.defaultBucket', 'the bucket is that of the data source')
    return tables
  },
  range: (tables, argument) => {
    expecting(argument('start') === 'v.timeRangeStart', 'the time is that which is shown')
    expecting(argument('stop') === 'v.timeRangeStop', 'the time is that which is shown')
    return tables
  },
  filter: ({ rows, key }, argument) => {
    const conditions = readCondition(argument('fn'))
    known(
      rows,
      conditions.map(({ column }) => column),
    )
    const passes = (row: Row): boolean =>
      conditions.some(({ column, test, operand }) => {
        const value = String(row[column])
        if (test === '=~') return new RegExp(operand.replace(/\$\{\w+:regex\}/, '.*')).test(value)
        return (value === operand) === (test === '==')
      })
    const passed = rows.filter(passes)
    return { rows: passed, key: key.filter((name) => columnsOf(passed).includes(name)) }
  },
  group: ({ rows }, argument) => {
    const key = readList(argument('columns', '[]'))
    return { rows: known(rows, key), key }
  },
  count: (tables) => aggregated(tables, 'count', tables.key),
  sum: (tables) => aggregated(tables, 'sum', tables.key),
  aggregateWindow: ({ rows, key }, argument) => {
    expecting(
      /^(v\.windowPeriod|1mo)$/.test(argument('every')),
      'a stretch is that of the drawing, or a month',
    )
    expecting(argument('createEmpty') === 'false', 'empty stretches are no points')
    expecting(argument('timeSrc', '"_stop"').startsWith('"_st'), 'a stretch begins or ends')
    const windowed = rows.map((row) => ({ ...row, _time: Math.floor(Number(row['_time']) / WINDOW_MS) }))
    return { rows: aggregated({ rows: windowed, key }, argument('fn'), [...key, '_time']).rows, key }
  },
  duplicate: ({ rows, key }, argument) => {
    const [from, to] = [readText(argument('column')), readText(argument('as'))]
    return { rows: known(rows, [from]).map((row) => ({ ...row, [to]: row[from] ?? '' })), key }
  },
  rename: ({ rows, key }, argument) => {
    const names = readRecord(argument('columns'))
    const named = (name: string): string => names.get(name) ?? name
    const renamed = known(rows, [...names.keys()]).map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [named(name), value])),
    )
    return { rows: renamed, key: key.map(named) }
  },
  keep: ({ rows, key }, argument) => {
    const names = readList(argument('columns'))
    return {
      rows: known(rows, names).map((row) => only(row, names)),
      key: key.filter((one) => names.includes(one)),
    }
  },
  sort: (tables, argument) => {
    const [column = ''] = readList(argument('columns'))
    const sign = argument('desc', 'false') === 'true' ? -1 : 1
    const rows = known(tables.rows, [column]).toSorted(
      (a, b) => sign * (Number(a[column]) - Number(b[column])),
    )
    return { ...tables, rows }
  },
  limit: (tables, argument) => ({ ...tables, rows: tables.rows.slice(0, Number(argument('n'))) }),
  pivot: ({ rows, key }, argument) => {
    const [moment = ''] = readList(argument('rowKey'))
    const [field = ''] = readList(argument('columnKey'))
    const value = readText(argument('valueColumn'))
    known(rows, [moment, field, value])
    const kept = key.filter((name) => name !== field)
    const tables = Map.groupBy(rows, (row) => JSON.stringify(only(row, [...kept, moment])))
    return {
      key: kept,
      rows: [...tables.values()].map((same) => pivoted(same, [...kept, moment], field, value)),
    }
  },
}

function pivoted(same: readonly Row[], kept: readonly string[], field: string, value: string): Row {
  const columns = same.map((row) => [String(row[field]), row[value] ?? ''] as const)
  return { ...only(same[0] ?? {}, kept), ...Object.fromEntries(columns) }
}

function aggregated({ rows, key }: Tables, fn: string, by: readonly string[]): Tables {
  if (!['count', 'last', ...NUMERIC].includes(fn)) throw new Error(`no such function: ${fn}`)
  if (by.includes('_value')) throw new Error('a column of the group key cannot be aggregated')
  if (NUMERIC.includes(fn) && rows.some((row) => typeof row['_value'] !== 'number')) {
    throw new Error(`${fn} of texts`)
  }
  const tables = Map.groupBy(known(rows, ['_value', ...by]), (row) => JSON.stringify(only(row, by)))
  const values = (same: readonly Row[]): number => {
    const numbers = same.map((row) => Number(row['_value']))
    if (fn === 'count') return same.length
    if (fn === 'last') return numbers.at(-1) ?? 0
    if (fn === 'max') return Math.max(...numbers)
    const sum = numbers.reduce((a, b) => a + b, 0)
    return fn === 'mean' ? sum / same.length : sum
  }
  return {
    key,
    rows: [...tables.values()].map((same) => ({ ...only(same[0] ?? {}, by), _value: values(same) })),
  }
}

function expecting(holds: boolean, rule: string): void {
  if (!holds) throw new Error(rule)
}

/** The rows, if each of the columns is in at least one of them. */
function known(rows: readonly Row[], names: readonly string[]): readonly Row[] {
  const there = columnsOf(rows)
  const missing = names.filter((name) => !there.includes(name))
  if (missing.length > 0) throw new Error(`no column ${missing.join()} among ${there.join(', ')}`)
  return rows
}

function columnsOf(rows: readonly Row[]): readonly string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))]
}

function only(row: Row, names: readonly string[]): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => names.includes(name)))
}
