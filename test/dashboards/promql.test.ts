import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { LETTER_COLOURS } from '../../dashboards/colours.ts'
import { growth } from '../../dashboards/metric.ts'
import { createPrometheus } from '../../src/adapters/prometheus/registry.ts'
import { STATES } from '../../src/core/freshness/state.ts'
import { METRICS, type Metric } from '../../src/metrics.ts'
import { describeWithCommand, startPrometheus } from '../support/real-server.ts'
import { createRecordingLog } from '../support/recorders.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { scraping, unanswered } from './answers.ts'

describeWithCommand('prometheus', 'with series of every metric of the catalogue', () => {
  test('every question of dashboards and rules is understood and answered', async () => {
    await using service = await serveEveryMetric()
    await using prometheus = await startPrometheus(scraping(service.base))
    expect(await unanswered(prometheus.base)).toEqual([])
  }, 60_000)
})

describeWithCommand('promtool', 'bars of a minute, from scrapes every 15 s', () => {
  test('show all that a counter grows, also between two of them, in one bar alone', () => {
    using folder = tempFolder()
    const expr = growth('x').replace('$__rate_interval', '75s').replace('$__interval_ms', '60000')
    const bar = (minute: number, value: number) => ({
      expr: `round(${expr}, 0.001)`,
      eval_time: `${minute}m7s`,
      exp_samples: [{ labels: '{}', value }],
    })
    // It grows between the scrapes at 4:00 and 4:15, and the bar before ends at 4:07.
    const series = { series: 'x', values: '100x16 110x20' }
    const tests = [
      {
        interval: '15s',
        input_series: [series],
        promql_expr_test: [bar(3, 0), bar(4, 0), bar(5, 10), bar(6, 0)],
      },
    ]
    writeFileSync(folder.file('bars.yml'), JSON.stringify({ tests }))
    execFileSync('promtool', ['test', 'rules', folder.file('bars.yml')], { stdio: 'pipe' })
  })
})

/** Serves every metric with each of its labels; all of them have grown at each scrape. */
async function serveEveryMetric() {
  const metrics = createPrometheus(createRecordingLog())
  let served = 0
  const server = createServer(async (_, response) => {
    served += 1
    if (served === 1) makeGarbage()
    for (const [name, metric] of Object.entries<Metric>(METRICS)) grow(metrics, name, metric, served)
    response.end(await metrics.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    base: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** So much that it is collected at once, which Node's own metrics tell of. */
function makeGarbage(): void {
  for (let i = 0; i < 10; i++) Array.from({ length: 100_000 }, () => ({}))
}

function grow(metrics: ReturnType<typeof createPrometheus>, name: string, metric: Metric, n: number): void {
  const { kind, labels, buckets = [] } = metric
  for (const value of valuesOf(name, metric)) {
    const isValue = (label: string): boolean => label === 'state' || label === 'kind' || labels.length === 1
    const labelled = Object.fromEntries(labels.map((label) => [label, isValue(label) ? value : 'one']))
    switch (kind) {
      case 'counter':
        metrics.add(name, labelled)
        break
      case 'gauge':
        metrics.set(name, name === 'watch_service_up' ? n % 2 : n, labelled)
        break
      case 'histogram':
        metrics.observe(name, 0.01 * n, labelled)
        break
      case 'distribution':
        for (const le of [...buckets, '+Inf']) metrics.set(name, n, { le: String(le) })
        metrics.set(name, n)
    }
  }
}

/** Values of the only label that are known, or of `state` and `kind`; one value for all other metrics. */
function valuesOf(name: string, { labels, values }: Metric): readonly string[] {
  if (values) return values
  if (name === 'watch_store_heap_bytes') return ['used', 'total']
  if (!labels.includes('state')) return ['one']
  return name.includes('letters') ? Object.keys(LETTER_COLOURS) : STATES
}
