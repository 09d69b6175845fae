import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { lineOf } from '../../src/adapters/influx/line.ts'
import { MINUTE } from '../../src/core/time.ts'
import { MEASUREMENTS, type Measurement } from '../../src/metrics.ts'
import { describeWithCommand, startVictoriaMetrics } from '../support/real-server.ts'
import { T0 } from '../support/store-rows.ts'
import { runFlux } from './flux-run.ts'
import { readCondition, readFlux } from './flux-text.ts'
import { historyExample } from './history-example.ts'
import { fluxQuestions } from './questions.ts'

const QUESTIONS = fluxQuestions().map(({ asker, query }) => [asker, query] as const)
const Found = z.object({ data: z.object({ result: z.array(z.unknown()) }) })
const POINTS = historyExample()
const CATALOGUE: Readonly<Record<string, Measurement>> = MEASUREMENTS

describe('the Flux of the dashboards', () => {
  test.each(QUESTIONS)('%s finds rows in what the service writes', (_, query) => {
    expect(runFlux(query, POINTS).length).toBeGreaterThan(0)
  })

  test('shows outages with their bounds, the newest first', () => {
    expect(runFlux(questionOf('ow-uptime: Outages'), POINTS)).toEqual([
      { time: T0 + 85 * MINUTE, event: 'ended', outage: 'b', down_seconds: 600, possible_seconds: 660 },
      { time: T0 + 65 * MINUTE, event: 'ended', outage: 'a', down_seconds: 3900, possible_seconds: 3960 },
    ])
  })

  test('shows how late first letters were, without updates and letters that have not left', () => {
    expect(runFlux(questionOf('ow-uptime: Time to the letter'), POINTS)).toEqual([
      expect.objectContaining({ kind: 'initial', outage: 'a', late_seconds: 7, attempts: 1 }),
    ])
  })

  test('counts causes of silence, the most frequent first', () => {
    expect(runFlux(questionOf('ow-fleet: Why they fell silent'), POINTS)).toEqual([
      { cause: 'sim', changes: 2 },
      { cause: 'coverage', changes: 1 },
    ])
  })

  test('adds up the silent terminals of a client', () => {
    const [row] = runFlux(questionOf('ow-dealer: Silent terminals'), POINTS)
    expect(row).toMatchObject({ client: 'Ромашка', _value: 5 })
  })
})

describe('the reader of Flux', () => {
  const head = 'from(bucket: v.defaultBucket) |> range(start: v.timeRangeStart, stop: v.timeRangeStop)'

  test.each([
    ['a step that is not there', `${head} |> tail(n: 3)`],
    ['an argument that is not there', `${head} |> limit(n: 3, m: 2)`],
    ['an argument that is missing', `${head} |> limit()`],
    ['a column that is not there', `${head} |> group(columns: ["colour"])`],
    ['a filter by what is not there', `${head} |> filter(fn: (r) => r.colour == "red")`],
    ['an open bracket', `${head} |> group(columns: ["state")`],
    ['an open text', `${head} |> filter(fn: (r) => r.state == "lost)`],
    ['a sum of texts', `${head} |> filter(fn: (r) => r._field == "cause") |> sum()`],
    ['an aggregate of the group key', `${head} |> group(columns: ["_value"]) |> count()`],
    ['another bucket', head.replace('v.defaultBucket', '"mine"')],
    ['no range', 'from(bucket: v.defaultBucket) |> count()'],
  ])('refuses %s', (_, query) => {
    expect(() => runFlux(query, POINTS)).toThrow()
  })
})

/**
 * VictoriaMetrics knows no Flux. It takes the same lines, and their numbers can be asked for as series: so each question
 * is asked there for its measurement, its numeric fields and its conditions. Texts it does not keep.
 */
describeWithCommand('victoria-metrics', 'the numbers behind the Flux', () => {
  test('are found under the same names and tags in what a real store has taken', async () => {
    await using store = await startVictoriaMetrics()
    const shiftMs = Date.now() - 10 * MINUTE - T0
    const lines = POINTS.map((point) => lineOf({ ...point, at: T0 + shiftMs + (point.at - T0) / 1000 }))
    const written = await fetch(`${store.base}/api/v2/write`, { method: 'POST', body: lines.join('\n') })
    expect(written.status).toBe(204)
    await fetch(`${store.base}/internal/force_flush`)
    for (const [asker, query] of QUESTIONS) {
      for (const series of seriesOf(query)) {
        const asked = new URLSearchParams({ query: `last_over_time(${series}[1h])` })
        const answer = await fetch(`${store.base}/api/v1/query?${asked}`)
        const { data } = Found.parse(await answer.json())
        expect(data.result.length, `${asker}: ${series}`).toBeGreaterThan(0)
      }
    }
  })
})

/** The numeric series that a question reads, as PromQL. */
function seriesOf(query: string): readonly string[] {
  const filters = readFlux(query).flatMap(({ name, args }) =>
    name === 'filter' ? [readCondition(args.get('fn') ?? '')] : [],
  )
  const operandsOf = (column: string): readonly string[] =>
    filters.flat().flatMap((condition) => (condition.column === column ? [condition.operand] : []))
  const [measurement = ''] = operandsOf('_measurement')
  const matchers = filters.flatMap((alternatives) => {
    const [first] = alternatives
    if (first === undefined || first.column.startsWith('_') || first.test === '=~') return []
    const operands = alternatives.map(({ operand }) => operand).join('|')
    return [`${first.column}${first.test === '==' ? '=~' : '!~'}"${operands}"`]
  })
  return operandsOf('_field')
    .filter((field) => CATALOGUE[measurement]?.fields[field] !== 'text')
    .map((field) => `${measurement}_${field}{${matchers.join(', ')}}`)
}

function questionOf(asker: string): string {
  return QUESTIONS.find(([one]) => one.startsWith(asker))?.[1] ?? ''
}
