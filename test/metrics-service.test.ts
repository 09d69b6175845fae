import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { METRICS, type Metric } from '../src/metrics.ts'
import { ruleQuestions } from './dashboards/questions.ts'
import { describeWithCommand } from './support/real-server.ts'
import { samplesOf } from './support/series-bound.ts'
import { type Deployment, deployService } from './support/service-process.ts'
import { until } from './support/until.ts'

const TOKEN = 'push-token'
let text = ''
let deployment: Deployment
const watched = createServer((_, response) => response.end('ok'))

/**
 * The service with one terminal, a broker that is away and one component that it watches, after its first report of
 * everything.
 */
beforeAll(async () => {
  await new Promise<void>((resolve) => watched.listen(0, '127.0.0.1', resolve))
  const { port } = watched.address() as AddressInfo
  deployment = await deployService({
    broker: { enabled: false },
    sources: [
      { id: 'push', kind: 'http', token: TOKEN },
      { id: 'gate', kind: 'mqtt', url: 'mqtt://127.0.0.1:1', topics: ['x'] },
    ],
    service: {
      components: [{ id: 'web', kind: 'http', url: `http://127.0.0.1:${port}/`, counts: 'outage' }],
    },
  })
  const { api } = await deployment.start()
  expect((await api.push('push', TOKEN, '{"ident":"200000123","speed":42}')).status).toBe(202)
  await until(async () => {
    text = await (await api.request('/metrics')).text()
    return READY.every((name) => text.includes(`\n${name}`))
  }, 25_000)
})

afterAll(async () => {
  await deployment?.[Symbol.asyncDispose]()
  watched.close()
})

/** What is written last: the fleet every 5 s, the store when something has changed, the first verdict. */
const READY = [
  'watch_terminals{state="fresh"} 1',
  'watch_store_flushed_timestamp_seconds 1',
  'watch_component_up{component="web"} 1',
]

test('every metric of the catalogue is there with its help and type', () => {
  for (const [name, { kind, help }] of Object.entries<Metric>(METRICS)) {
    const type = kind === 'distribution' ? 'histogram' : kind
    expect(text).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`)
  }
})

test('what is known of a service at work is in them', () => {
  const value = (series: string) =>
    Number(
      samplesOf(text)
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')[1],
    )
  const now = Date.now() / 1000
  expect(text).toMatch(/^watch_build_info\{version="\d+\.\d+\.\d+",node="v\d+\.\d+\.\d+"\} 1$/m)
  expect(value('watch_config_last_reload_successful')).toBe(1)
  expect(value('watch_service_up')).toBe(1)
  expect(value('watch_prober_blind')).toBe(0)
  expect(value('watch_probe_overdue_seconds')).toBe(0)
  expect(value('watch_probe_late_seconds_count')).toBeGreaterThan(0)
  expect(value('watch_outage_notice_after_seconds')).toBe(3600)
  expect(value('watch_letters_ready')).toBe(0)
  expect(value('watch_store_troubles')).toBe(0)
  expect(value('watch_store_file_bytes{file="wal"}')).toBeGreaterThan(0)
  expect(value('watch_store_free_bytes')).toBeGreaterThan(0)
  expect(value('watch_client_terminals{client="",state="fresh"}')).toBe(1)
  for (const name of [
    'watch_config_last_reload_success_timestamp_seconds',
    'watch_letters_audit_ok_timestamp_seconds',
    'watch_store_flushed_timestamp_seconds',
  ]) {
    expect(now - value(name)).toBeLessThan(60)
  }
})

test('every counter whose growth an alert looks at is there before it grows', () => {
  const looked = ruleQuestions().flatMap(({ expr }) => expr.match(/(?<=increase\()\w+(\{.*?\})?/g) ?? [])
  expect(looked).toHaveLength(4)
  for (const series of looked) {
    const [, name = '', label, values = ''] = /^(\w+)(?:\{(\w+)=~?"(.*)"\})?$/.exec(series) ?? []
    for (const value of values.split('|')) {
      const labelled = label === undefined ? '' : `${label}="${value}"`
      const isNamed = (line: string) => line.startsWith(`${name}{`) || line.startsWith(`${name} `)
      const found = samplesOf(text).filter((line) => isNamed(line) && line.includes(labelled))
      expect(found.length, `${name} ${labelled}`).toBeGreaterThan(0)
    }
  }
})

describeWithCommand('promtool', 'promtool', () => {
  test('finds nothing to say about them', () => {
    // It says what it finds on standard error and ends with status 3.
    execFileSync('promtool', ['check', 'metrics'], { input: text, stdio: ['pipe', 'pipe', 'pipe'] })
  })
})
