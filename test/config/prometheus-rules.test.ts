import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { createPrometheus } from '../../src/adapters/prometheus/registry.ts'
import { METRICS, type Metric } from '../../src/metrics.ts'
import { createRecordingLog } from '../support/recorders.ts'

type Rule = {
  readonly alert: string
  readonly expr: string
  readonly for: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

type RuleTests = {
  readonly rule_files: readonly string[]
  readonly tests: readonly {
    readonly promql_expr_test: readonly { readonly exp_samples: readonly { readonly labels: string }[] }[]
  }[]
}

const ROOT = new URL('../../', import.meta.url)
const FOLDER = new URL('config/prometheus/', ROOT)
const read = (path: string): string => readFileSync(new URL(path, FOLDER), 'utf8')
const FILES = readdirSync(new URL('rules/', FOLDER)).sort()

const RULES: readonly Rule[] = FILES.flatMap((file) =>
  (parse(read(`rules/${file}`)) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules),
)
const CASES = FILES.map((file) => parse(read(`tests/${file}`)) as RuleTests)
/** What the checks of all tests expect to fire, each check with its alerts. */
const CHECKS: readonly (readonly string[])[] = CASES.flatMap(({ tests }) =>
  tests.flatMap(({ promql_expr_test: checks }) =>
    checks.map(({ exp_samples: samples }) =>
      samples.map(({ labels }) => /alertname="(\w+)"/.exec(labels)?.[1] ?? ''),
    ),
  ),
)

/** `WatchSourceBlind` is explained under `Alert source blind`. */
function headingOf(alert: string): string {
  return `Alert${alert.replace(/^Watch/, '').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`
}

test('every file of rules has a file of tests, and every alert a name of its own', () => {
  expect(readdirSync(new URL('tests/', FOLDER)).sort()).toEqual(FILES)
  for (const [index, { rule_files }] of CASES.entries())
    expect(rule_files).toEqual([`../rules/${FILES[index]}`])
  expect(new Set(RULES.map(({ alert }) => alert)).size).toBe(RULES.length)
  expect(RULES.length).toBeGreaterThan(20)
})

describe.each(RULES.map((rule) => [rule.alert, rule] as const))('%s', (alert, rule) => {
  test('asks for metrics and labels that there are', async () => {
    const text = await createPrometheus(createRecordingLog()).text()
    const expr = rule.expr.replaceAll(/"[^"]*"/g, '""')
    const names = expr.match(/\b(watch|nodejs|process)_\w+/g) ?? ['up']
    for (const used of names.filter((name) => name !== 'up')) {
      const name = used in METRICS ? used : used.replace(/_(bucket|sum|count)$/, '')
      expect(text, used).toContain(`# TYPE ${name} `)
      const [, given = ''] = new RegExp(`\\b${used}\\{([^}]*)\\}`).exec(expr) ?? []
      const metric = (METRICS as Readonly<Record<string, Metric>>)[name]
      const labels = [...given.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => label)
      expect(['job', 'instance', ...(metric?.labels ?? [])]).toEqual(expect.arrayContaining(labels))
    }
    const shown = Object.values(rule.annotations).flatMap((value) => value.match(/(?<=\$labels\.)\w+/g) ?? [])
    const labels = names.flatMap((name) => (METRICS as Readonly<Record<string, Metric>>)[name]?.labels ?? [])
    expect(labels).toEqual(expect.arrayContaining(shown))
  })

  test('waits a while, has a severity, and says in both languages what to do', () => {
    expect(rule.for).toMatch(/^\d+[mh]$/)
    expect(['critical', 'warning']).toContain(rule.labels['severity'])
    const { summary, summary_ru, description, description_ru, runbook_url, ...more } = rule.annotations
    expect(more).toEqual({})
    for (const text of [summary, description]) expect(text).toMatch(/^[ -~]{20,}$/)
    for (const text of [summary_ru, description_ru]) expect(text).toMatch(/[а-я]{3}.{15,}/)
    for (const text of [description, description_ru]) expect(text).toMatch(/\.$/)
    expect(runbook_url).toBe(`README.md#${headingOf(alert).toLowerCase().replaceAll(' ', '-')}`)
  })

  test('is tested to fire and to be quiet', () => {
    expect(CHECKS.some((fired) => fired.includes(alert))).toBe(true)
    expect(CHECKS.some((fired) => !fired.includes(alert))).toBe(true)
  })
})

test('every alert has its section in the runbook of README', () => {
  const readme = readFileSync(new URL('README.md', ROOT), 'utf8')
  const sections = new Map(
    readme.split(/^#{2,5} /m).map((section) => {
      const [heading = '', ...text] = section.split('\n')
      return [heading.trim(), text.join('\n').trim()]
    }),
  )
  const unexplained = RULES.map(({ alert }) => headingOf(alert)).filter(
    (heading) => (sections.get(heading)?.length ?? 0) < 100,
  )
  expect(unexplained).toEqual([])
})
