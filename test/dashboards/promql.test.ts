import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { LETTER_COLOURS } from '../../dashboards/colours.ts'
import { createPrometheus } from '../../src/adapters/prometheus/registry.ts'
import { STATES } from '../../src/core/freshness/state.ts'
import { NO_TIME } from '../../src/core/outage/uptime.ts'
import { METRICS, type Metric } from '../../src/metrics.ts'
import { describeWithCommand, startPrometheus } from '../support/real-server.ts'
import { createRecordingLog } from '../support/recorders.ts'
import { scraping, unanswered } from './answers.ts'

describeWithCommand('prometheus', 'with series of every metric of the catalogue', () => {
  test('every question of dashboards and rules is understood and answered', async () => {
    await using service = await serveEveryMetric()
    await using prometheus = await startPrometheus(scraping(service.base))
    expect(await unanswered(prometheus.base)).toEqual([])
  }, 60_000)
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

function grow(
  metrics: ReturnType<typeof createPrometheus>,
  name: string,
  { kind, labels, buckets = [] }: Metric,
  n: number,
): void {
  for (const value of valuesOf(name, labels)) {
    const told = (label: string): string => (label === 'state' || label === 'kind' ? value : 'one')
    const labelled = Object.fromEntries(labels.map((label) => [label, told(label)]))
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

/** What `state` or `kind` says; one value for metrics that have no such label. */
function valuesOf(name: string, labels: readonly string[]): readonly string[] {
  if (name === 'watch_store_heap_bytes') return ['used', 'total']
  if (!labels.includes('state')) return ['one']
  if (name === 'watch_service_seconds_total') return Object.keys(NO_TIME)
  return name.includes('letters') ? Object.keys(LETTER_COLOURS) : STATES
}
