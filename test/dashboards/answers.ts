import { z } from 'zod'
import { JOB, NODE_METRICS, SCRAPED } from '../../dashboards/metric.ts'
import { METRICS, type Metric } from '../../src/metrics.ts'
import { until } from '../support/until.ts'
import {
  labelQuestions,
  promqlQuestions,
  type Question,
  RANGE_SECONDS,
  ruleQuestions,
  STEP_SECONDS,
} from './questions.ts'

const Answer = z.object({
  data: z.object({
    result: z.array(
      z.object({
        value: z.tuple([z.number(), z.string()]).optional(),
        values: z.array(z.tuple([z.number(), z.string()])).optional(),
      }),
    ),
  }),
})

const Values = z.object({ data: z.array(z.string()) })

/** The configuration of a Prometheus that reads one program, under the job's name of config/prometheus/prometheus.yml. */
export function scraping(base: string): string {
  return JSON.stringify({
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    scrape_configs: [{ job_name: JOB, static_configs: [{ targets: [new URL(base).host] }] }],
  })
}

type Reasons = { readonly [name in keyof typeof METRICS]?: string }

/** Metrics without series, each with its reason: whoever asks for them may find nothing. */
export type Excuses = {
  /** It is looked whether that is still so. */
  readonly never?: Reasons
  readonly notAlways?: Reasons
}

/**
 * Asks a Prometheus everything that dashboards and rules ask, over the last three minutes. Each sentence of the result is
 * a question that it does not understand or to which it has no number. A rule is false when all is well, so that its
 * answer may be empty; but each series that it names must be there.
 */
export async function unanswered(
  prometheus: string,
  { never = {}, notAlways = {} }: Excuses = {},
): Promise<readonly string[]> {
  const at = await wellScraped(prometheus)
  const excused = Object.keys({ ...never, ...notAlways })
  const names = (expr: string): readonly string[] =>
    namesIn(expr).filter((name) => !excused.includes(name.replace(/_(bucket|sum|count)$/, '')))
  const questions = [
    ...promqlQuestions().map((question) => {
      const mayBeEmpty = names(question.expr).length < namesIn(question.expr).length
      return { ...question, mayBeEmpty }
    }),
    ...ruleQuestions().map((question) => ({ ...question, mayBeEmpty: true })),
    ...ruleQuestions().flatMap((question) =>
      names(question.expr).map((expr) => ({ ...question, expr, mayBeEmpty: false })),
    ),
  ]
  // Many dashboards ask the same.
  const once = [...new Map(questions.map((question) => [question.over + question.expr, question])).values()]
  const faults = await Promise.all([
    ...once.map((question) => faultOf(prometheus, question, at)),
    ...labelQuestions().map(async ({ metric, label }) => {
      const path = `/api/v1/label/${label}/values?${new URLSearchParams({ 'match[]': metric })}`
      const { data } = Values.parse(await (await fetch(prometheus + path)).json())
      return data.length === 0 ? `variable: no ${label} of ${metric}` : ''
    }),
    ...Object.keys(never).map(async (name) => {
      const expr = `{__name__=~"${name}(_count)?"}`
      const numbers = await ask(prometheus, { asker: name, expr, over: 'now' }, at)
      return numbers === 0 ? '' : `${name} has series: it need not be excused`
    }),
  ])
  return faults.filter((fault) => fault !== '')
}

/** Names of metrics in an expression. */
export function namesIn(expr: string): readonly string[] {
  const code = expr.replaceAll(/"[^"]*"|'[^']*'/g, '""')
  return [...new Set(code.match(/\b(?:watch_|nodejs_|process_)\w+|\bup\b/g) ?? [])]
}

/** Every name under which the metrics of the catalogue, and Node's that are looked at, can be asked for. */
export function knownNames(): ReadonlySet<string> {
  const own = Object.entries<Metric>(METRICS).flatMap(([name, { kind }]) =>
    kind === 'histogram' || kind === 'distribution'
      ? [`${name}_bucket`, `${name}_sum`, `${name}_count`]
      : [name],
  )
  return new Set([...own, ...NODE_METRICS, ...namesIn(SCRAPED)])
}

/** Empty when there are numbers. */
async function faultOf(
  prometheus: string,
  question: Question & { readonly mayBeEmpty: boolean },
  at: number,
): Promise<string> {
  const { asker, expr, mayBeEmpty } = question
  const numbers = await ask(prometheus, question, at)
  if (typeof numbers === 'string') return `${asker}: ${numbers}`
  return numbers === 0 && !mayBeEmpty ? `${asker}: nothing for ${expr}` : ''
}

/** How many numbers the answer has, or what is wrong with the question. `at`: seconds, when it is asked for. */
async function ask(prometheus: string, { expr, over }: Question, at: number): Promise<number | string> {
  const range = { start: `${at - RANGE_SECONDS}`, end: `${at}`, step: `${STEP_SECONDS}` }
  const parameters = new URLSearchParams({ query: expr, ...(over === 'time' ? range : { time: `${at}` }) })
  const path = over === 'time' ? 'query_range' : 'query'
  const response = await fetch(`${prometheus}/api/v1/${path}?${parameters}`)
  if (!response.ok) return await response.text()
  const { result } = Answer.parse(await response.json()).data
  const numbers = result.flatMap(({ value, values = [] }) => [...(value ? [value] : []), ...values])
  return numbers.filter(([, number]) => Number.isFinite(Number(number))).length
}

/** A moment, in seconds, before which the program was read several times in a row: a busy machine misses some. */
async function wellScraped(prometheus: string): Promise<number> {
  const newest = `${SCRAPED} == 1 and sum_over_time(${SCRAPED}[6s]) >= 4`
  let at = 0
  const isWell = async (): Promise<boolean> => {
    at = Date.now() / 1000
    return (await ask(prometheus, { asker: 'scrapes', expr: newest, over: 'now' }, at)) === 1
  }
  await until(isWell, 40_000, 'Prometheus has scraped')
  return at
}
