import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { generatedFiles } from '../../dashboards/all.ts'
import { COLOURS, LETTER_COLOURS, STATE_COLOURS } from '../../dashboards/colours.ts'
import { STATES } from '../../src/core/freshness/state.ts'
import { METRICS, type Metric } from '../../src/metrics.ts'
import { knownNames, namesIn } from './answers.ts'
import { dashboards, type PanelJson, panelsOf, promqlQuestions, ruleQuestions } from './questions.ts'

const FOLDER = new URL('../../dashboards/generated/', import.meta.url)
/** What Prometheus adds to the name of a histogram. */
const SUFFIX = /_(bucket|sum|count)$/
const STYLE = readFileSync(new URL('../../src/http/assets/app.css', import.meta.url), 'utf8')

test('the committed dashboards follow from their code (npm run generate)', () => {
  expect(readdirSync(FOLDER).sort()).toEqual([...generatedFiles().keys()].sort())
  for (const [name, text] of generatedFiles()) {
    expect(readFileSync(new URL(name, FOLDER), 'utf8'), name).toBe(text)
  }
})

test('the five dashboards keep their uids, are found by their tag and lead to each other', () => {
  expect(dashboards().map(({ uid }) => uid)).toEqual([
    ...['ow-fleet', 'ow-dealer', 'ow-uptime', 'ow-letters', 'ow-pipeline'],
  ])
  for (const { tags, links } of dashboards()) {
    expect(tags).toEqual(['omnicomm-watch'])
    expect(links[0]).toMatchObject({ type: 'dashboards', tags, keepTime: true })
    expect(links[1]).toMatchObject({ type: 'link', url: expect.stringMatching(/^\$\{public_url\}\//) })
  }
})

describe.each(dashboards().map((one) => [one.uid, one] as const))('%s', (_, one) => {
  const panels = panelsOf(one)

  test('has numbered panels that do not overlap, in rows that begin with what must be well', () => {
    expect(new Set(one.panels.map(({ id }) => id)).size).toBe(one.panels.length)
    expect(one.panels[0]).toMatchObject({ type: 'row', title: 'Is all well' })
    expect(panels.slice(0, 5).every(({ type }) => type === 'stat')).toBe(true)
    expect(overlaps(one.panels)).toEqual([])
    for (const { gridPos } of one.panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
  })

  test('says of each panel what it shows, in which unit, and in colours of the pages', () => {
    for (const { title, description = '', fieldConfig, targets = [] } of panels) {
      expect(description.length, title).toBeGreaterThan(40)
      expect(fieldConfig?.defaults.unit, title).toMatch(/^\w+$/)
      const steps = fieldConfig?.defaults.thresholds?.steps ?? []
      expect(steps[0]?.value, title).toBeNull()
      expect(targets.length, title).toBeGreaterThan(0)
    }
    for (const colour of JSON.stringify(one).match(/#[0-9a-f]{3,8}\b/g) ?? []) {
      expect(Object.values<string>(COLOURS)).toContain(colour)
    }
  })

  test('asks the provisioned data sources, each question under a name of its own', () => {
    for (const { title, datasource, targets = [] } of panels) {
      expect([datasource?.uid, datasource?.type], title).toEqual(
        datasource?.uid === 'influxdb' ? ['influxdb', 'influxdb'] : ['prometheus', 'prometheus'],
      )
      for (const target of targets) {
        expect(target.datasource, title).toEqual(datasource)
        expect(target.query === undefined, title).toBe(datasource?.uid === 'prometheus')
      }
      expect(new Set(targets.map(({ refId }) => refId)).size, title).toBe(targets.length)
    }
  })

  test('uses only overrides, transformations and variables that Grafana or the dashboard has', () => {
    const names = ['__url_time_range', '__value.text', ...one.templating.list.map(({ name }) => name)]
    const fields = /^__field\.labels\.\w+$/
    for (const [, name = ''] of JSON.stringify(one).matchAll(/\$\{([\w.]+)(?::\w+)?\}/g)) {
      expect(names.includes(name) || fields.test(name), name).toBe(true)
    }
    for (const { fieldConfig, transformations = [] } of panels) {
      for (const { id } of transformations) expect(['merge', 'organize']).toContain(id)
      for (const { matcher, properties } of fieldConfig?.overrides ?? []) {
        expect(['byName', 'byRegexp']).toContain(matcher.id)
        for (const { id } of properties) {
          expect(['color', 'custom.cellOptions', 'displayName', 'links', 'thresholds', 'unit']).toContain(id)
        }
      }
    }
  })
})

test('every metric that is asked for is one of the catalogue, with its own labels', () => {
  const known = knownNames()
  for (const { asker, expr } of [...promqlQuestions(), ...ruleQuestions()]) {
    for (const name of namesIn(expr)) expect(known, asker).toContain(name)
    for (const [, name = '', inner = ''] of expr.matchAll(/\b(watch_\w+)\{([^}]*)\}/g)) {
      const labels = labelsOf(name.replace(SUFFIX, ''))
      for (const [, label] of inner.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g))
        expect(labels, asker).toContain(label)
    }
  }
})

test('groups and legends name labels that the metrics have', () => {
  for (const { asker, expr, legend = '' } of promqlQuestions()) {
    const labels = ['le', ...namesIn(expr).flatMap((name) => labelsOf(name.replace(SUFFIX, '')))]
    const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', '))
    const shown = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label)
    for (const label of [...grouped, ...shown]) expect(labels, asker).toContain(label)
  }
})

test('every metric of the catalogue is on a dashboard', () => {
  const shown = promqlQuestions().flatMap(({ expr }) => namesIn(expr))
  const missing = Object.keys(METRICS).filter(
    (name) => !shown.some((one) => one.replace(SUFFIX, '') === name),
  )
  expect(missing).toEqual([])
})

test('the colours are those of the pages, for every state there is', () => {
  for (const name of ['up', 'down', 'edge', 'unknown', 'maintenance'] as const) {
    expect(STYLE).toMatch(new RegExp(`\\.strip \\.${name} \\{\\s*fill: ${COLOURS[name]};`))
  }
  expect(STYLE).toContain(`--bad: ${COLOURS.lost};`)
  expect(STYLE).toContain(`--warn: ${COLOURS.noFix};`)
  expect(Object.keys(STATE_COLOURS).sort()).toEqual([...STATES].sort())
  expect(Object.keys(LETTER_COLOURS)).toHaveLength(8)
})

test('what is written only when it changes is drawn in stairs', () => {
  const [panel] = dashboards().flatMap((one) =>
    panelsOf(one).filter(({ title }) => title.startsWith('Silent terminals by client, as far back')),
  )
  expect(JSON.stringify(panel)).toContain('"lineInterpolation":"stepAfter"')
})

function labelsOf(name: string): readonly string[] {
  return Object.entries<Metric>(METRICS).find(([one]) => one === name)?.[1].labels ?? []
}

/** Pairs of panels that lie on one another. */
function overlaps(panels: readonly PanelJson[]): readonly string[] {
  return panels.flatMap((a, i) =>
    panels
      .slice(i + 1)
      .filter(
        ({ gridPos: b }) =>
          a.gridPos.x < b.x + b.w &&
          b.x < a.gridPos.x + a.gridPos.w &&
          a.gridPos.y < b.y + b.h &&
          b.y < a.gridPos.y + a.gridPos.h,
      )
      .map((b) => `${a.title} / ${b.title}`),
  )
}
