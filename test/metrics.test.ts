import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createPrometheus } from '../src/adapters/prometheus/registry.ts'
import { createFleet, EMPTY } from '../src/core/fleet/fleet.ts'
import { changeTerminal } from '../src/core/fleet/placing.ts'
import { MINUTE } from '../src/core/time.ts'
import { METRICS, type Metric } from '../src/metrics.ts'
import { createFleetMetrics } from '../src/workers/fleet-metrics.ts'
import { createFakeClock } from './support/fake-clock.ts'
import { DEFAULTS, T0 } from './support/fleet-scenario.ts'
import { createRecordingLog } from './support/recorders.ts'
import { samplesOf, seriesBound } from './support/series-bound.ts'

const CATALOGUE = Object.entries<Metric>(METRICS)
/** Node's own by prom-client, some 100 of them. */
const NODE_SERIES = 120

describe('every metric of the catalogue', () => {
  test.each(CATALOGUE)(
    '%s is named by the conventions of Prometheus',
    (name, { kind, labels, values, help }) => {
      expect(name).toMatch(/^watch(_[a-z]+)+$/)
      expect(name.endsWith('_total')).toBe(kind === 'counter')
      expect(name).not.toMatch(
        /_(count|sum|bucket|ms|milliseconds|minutes|hours|days|kb|mb|gauge|counter)(_|$)/,
      )
      if (kind === 'histogram' || kind === 'distribution') expect(name).toMatch(/_(seconds|bytes)$/)
      expect(help).toMatch(/^[A-Z0-9].*[^.]$/)
      if (values) expect([kind, labels.length]).toEqual(['counter', 1])
      for (const label of labels) expect(label).toMatch(/^(?!le$|quantile$|job$|instance$)[a-z]+$/)
    },
  )

  test.each(CATALOGUE.filter(([, { buckets }]) => buckets))(
    '%s has buckets in order',
    (_, { buckets = [] }) => {
      expect([...buckets].sort((a, b) => a - b)).toEqual(buckets)
      expect(new Set(buckets).size).toBe(buckets.length)
    },
  )

  test('is written by some part of the program', () => {
    const root = new URL('../', import.meta.url)
    const files = execFileSync('find', ['src', '-name', '*.ts'], { cwd: root, encoding: 'utf8' })
    const sources = files
      .trim()
      .split('\n')
      .filter((file) => file !== 'src/metrics.ts')
      .map((file) => readFileSync(new URL(file, root), 'utf8'))
    const unwritten = Object.keys(METRICS).filter(
      (name) => !sources.some((source) => source.includes(`'${name}'`)),
    )
    expect(unwritten).toEqual([])
  })

  test('none has a terminal in a label', () => {
    const labels = new Set(CATALOGUE.flatMap(([, metric]) => metric.labels))
    expect(
      [...labels].filter((label) => /terminal|imei|address|recipient|outage|letter/.test(label)),
    ).toEqual([])
  })
})

describe('the number of series', () => {
  test('is 5,000 at most, whatever happens', () => {
    const most = CATALOGUE.reduce((sum, [, metric]) => sum + seriesBound(metric), NODE_SERIES)
    expect(most).toBeLessThanOrEqual(5000)
  })

  test('is far below with 10,000 clients: the 200 largest have their own', async () => {
    const fleet = createFleet(DEFAULTS, 2 * MINUTE)
    for (let row = 0; row < 20_000; row++) {
      // Client 0 is the largest of all, then client 1, and so on.
      const client = row < 10_000 ? row : Math.floor(Math.sqrt(row - 10_000))
      changeTerminal(fleet, {
        ...EMPTY,
        row,
        id: String(row),
        name: '',
        client: `Client ${client}`,
        group: `Dealer/Client ${client}`,
        dealer: 'Dealer',
        firstSeenAt: T0,
      })
    }
    const metrics = createPrometheus(createRecordingLog())
    await createFleetMetrics(metrics, createFakeClock(T0))(fleet, T0)
    const samples = samplesOf(await metrics.text())
    const clients = samples.filter((line) => line.startsWith('watch_client_terminals{'))
    expect(clients).toHaveLength(201 * 11)
    const counted = clients.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
    expect(counted).toBe(20_000)
    expect(samples.length).toBeLessThanOrEqual(5000)
    const nodes = samples.filter((line) => !line.startsWith('watch_'))
    expect(nodes.length).toBeLessThanOrEqual(NODE_SERIES)
  })
})
