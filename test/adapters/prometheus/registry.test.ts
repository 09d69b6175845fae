import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createPrometheus } from '../../../src/adapters/prometheus/registry.ts'
import { METRICS, type Metric } from '../../../src/metrics.ts'
import { createRecordingLog } from '../../support/recorders.ts'
import { samplesOf } from '../../support/series-bound.ts'

const CATALOGUE = {
  calls_total: { kind: 'counter', help: 'Calls', labels: ['who'], maxSeries: 2 },
  level: { kind: 'gauge', help: 'Level', labels: [] },
  level_by: { kind: 'gauge', help: 'Level by place', labels: ['place'], maxSeries: 2 },
  took_seconds: { kind: 'histogram', help: 'Took', labels: [], buckets: [1, 10] },
  ages_seconds: { kind: 'distribution', help: 'Ages', labels: [], buckets: [60, 300] },
} as const satisfies Record<string, Metric>

function create() {
  const log = createRecordingLog()
  const metrics = createPrometheus(log, CATALOGUE)
  const own = async (): Promise<string[]> =>
    (await metrics.text()).split('\n').filter((line) => /^(calls|level|took|ages)/.test(line))
  return { metrics, log, own }
}

describe('values', () => {
  test('counters add up', async () => {
    const { metrics, own } = create()
    metrics.add('calls_total', { who: 'a' })
    metrics.add('calls_total', { who: 'a' }, 4)
    expect(await own()).toContain('calls_total{who="a"} 5')
  })

  test('a gauge shows its last value, also NaN', async () => {
    const { metrics, own } = create()
    metrics.set('level', 3)
    expect(await own()).toContain('level 3')
    metrics.set('level', Number.NaN)
    expect(await own()).toContain('level NaN')
  })

  test('a labelled gauge that is set to NaN is taken away and makes room', async () => {
    const { metrics, log, own } = create()
    for (const place of ['a', 'b']) metrics.set('level_by', 1, { place })
    metrics.set('level_by', Number.NaN, { place: 'a' })
    metrics.set('level_by', Number.NaN, { place: 'never there' })
    metrics.set('level_by', 2, { place: 'c' })
    const rows = (await own()).filter((line) => line.startsWith('level_by'))
    expect(rows).toEqual(['level_by{place="b"} 1', 'level_by{place="c"} 2'])
    expect(log.lines).toEqual([])
  })

  test('series of what is no more are taken away with every metric, and are new when it comes again', async () => {
    const { metrics, log, own } = create()
    const labelled = async () =>
      (await own()).filter((line) => line.includes('{who') || line.includes('{place'))
    metrics.add('calls_total', { who: 'a' }, 7)
    metrics.add('calls_total', { who: 'b' })
    metrics.set('level_by', 3, { place: 'a' })
    metrics.retire('who', 'a')
    expect(await labelled()).toEqual(['calls_total{who="b"} 1', 'level_by{place="a"} 3'])
    // What comes late of it brings nothing back; its room is free.
    metrics.add('calls_total', { who: 'a' })
    metrics.add('calls_total', { who: 'c' })
    expect(await labelled()).toEqual([
      'calls_total{who="b"} 1',
      'calls_total{who="c"} 1',
      'level_by{place="a"} 3',
    ])
    metrics.retire('who', 'c')
    metrics.admit('who', 'a')
    metrics.add('calls_total', { who: 'a' }, 9)
    expect(await labelled()).toContain('calls_total{who="a"} 9')
    expect(log.lines).toEqual([])
  })

  test('a histogram of what is no more is taken away as a whole', async () => {
    const metrics = createPrometheus(createRecordingLog())
    for (const component of ['web', 'api']) metrics.observe('watch_probe_duration_seconds', 1, { component })
    metrics.retire('component', 'web')
    const text = await metrics.text()
    expect(text).not.toContain('component="web"')
    expect(text).toContain('watch_probe_duration_seconds_count{component="api"} 1')
    expect(text).toContain('watch_probe_duration_seconds_bucket{le="1",component="api"} 1')
  })

  test('a histogram counts into its buckets', async () => {
    const { metrics, own } = create()
    for (const seconds of [0.5, 5, 50]) metrics.observe('took_seconds', seconds)
    expect(await own()).toEqual(
      expect.arrayContaining([
        'took_seconds_bucket{le="1"} 1',
        'took_seconds_bucket{le="10"} 2',
        'took_seconds_bucket{le="+Inf"} 3',
        'took_seconds_sum 55.5',
        'took_seconds_count 3',
      ]),
    )
  })

  test('a distribution is replaced as a whole', async () => {
    const { metrics, own } = create()
    for (const total of [9, 7]) {
      metrics.set('ages_seconds', 2, { le: '60' })
      metrics.set('ages_seconds', 5, { le: '300' })
      metrics.set('ages_seconds', total, { le: '+Inf' })
      metrics.set('ages_seconds', 1234)
    }
    expect((await own()).filter((line) => line.startsWith('ages'))).toEqual([
      'ages_seconds_bucket{le="60"} 2',
      'ages_seconds_bucket{le="300"} 5',
      'ages_seconds_bucket{le="+Inf"} 7',
      'ages_seconds_sum 1234',
      'ages_seconds_count 7',
    ])
  })
})

describe('bounds', () => {
  test('counters beyond the limit are counted under other, gauges are left out, each told once', async () => {
    const { metrics, log, own } = create()
    for (const who of ['a', 'b', 'c', 'd']) {
      metrics.add('calls_total', { who })
      metrics.set('level_by', 1, { place: who })
    }
    const rows = await own()
    expect(rows.filter((row) => row.startsWith('calls'))).toEqual([
      'calls_total{who="a"} 1',
      'calls_total{who="b"} 1',
      'calls_total{who="other"} 2',
    ])
    expect(rows.filter((row) => row.startsWith('level_by'))).toHaveLength(2)
    expect(log.lines.map(({ fields }) => fields['name'])).toEqual(['calls_total', 'level_by'])
  })

  test('a long label value is cut, and quotes and line breaks cannot break the text', async () => {
    const { metrics, own } = create()
    metrics.add('calls_total', { who: `a"\n\\${'x'.repeat(500)}` })
    const rows = (await own()).filter((row) => row.startsWith('calls'))
    expect(rows).toEqual([`calls_total{who="a\\"\\n\\\\${'x'.repeat(196)}"} 1`])
  })

  test('wrong use never throws, changes nothing and is told once', async () => {
    const { metrics, log, own } = create()
    const before = await own()
    for (let round = 0; round < 3; round++) {
      metrics.add('nobody_total')
      metrics.add('calls_total', { who: 'a' }, -1)
      metrics.add('calls_total', { whom: 'a' })
      metrics.set('calls_total', 1, { who: 'a' })
      metrics.add('level')
      metrics.observe('level', 1)
      metrics.observe('took_seconds', Number.NaN)
      metrics.set('ages_seconds', 1, { le: '61' })
    }
    expect((await own()).filter((row) => !before.includes(row))).toEqual([])
    expect(log.lines.map(({ fields }) => `${fields['name']}: ${fields['reason']}`)).toEqual([
      'nobody_total: not in the catalogue',
      'calls_total: a counter only grows',
      'calls_total: labels must be who',
      'calls_total: set of a counter',
      'level: add of a gauge',
      'level: observe of a gauge',
      'took_seconds: a histogram takes finite numbers only',
      'ages_seconds: le must be one of 60, 300, +Inf',
    ])
  })
})

describe('the catalogue', () => {
  test('holds every metric of the contract', () => {
    const names = [
      'watch_terminals',
      'watch_client_terminals',
      'watch_messages_total',
      'watch_messages_rejected_total',
      'watch_source_blind',
      'watch_source_blind_seconds_total',
      'watch_source_lag_seconds',
      'watch_sweep_duration_seconds',
      'watch_data_age_seconds',
      'watch_incidents_open',
      'watch_probe_duration_seconds',
      'watch_probe_verdicts_total',
      'watch_service_up',
      'watch_outage_down_seconds',
      'watch_letters',
      'watch_letters_ready',
      'watch_letters_oldest_due_seconds',
      'watch_letters_audit_ok',
      'watch_store_flush_seconds',
    ]
    expect(Object.keys(METRICS)).toEqual(expect.arrayContaining(names))
  })

  test('every metric that the sources name is in it', () => {
    const root = new URL('../../../', import.meta.url)
    const files = execFileSync('find', ['src', '-name', '*.ts'], { cwd: root, encoding: 'utf8' })
    const used = files
      .trim()
      .split('\n')
      .filter((file) => file !== 'src/metrics.ts')
      .flatMap(
        (file) =>
          readFileSync(new URL(file, root), 'utf8').match(
            /(?<=\.(add|set|observe)\(\s*['"`])\w+(?=['"`])/g,
          ) ?? [],
      )
    expect(used.length).toBeGreaterThan(10)
    expect([...new Set(used)].filter((name) => name.startsWith('watch_') && !(name in METRICS))).toEqual([])
  })

  test('counters are 0 from the start with every value that is known of their label', async () => {
    const samples = samplesOf(await createPrometheus(createRecordingLog()).text())
    expect(samples).toContain('watch_influx_points_total{result="dropped"} 0')
    for (const [name, { labels, values = [] }] of Object.entries<Metric>(METRICS)) {
      for (const value of values) expect(samples).toContain(`${name}{${labels[0]}="${value}"} 0`)
    }
  })

  test('its text begins each metric with help and type, and brings those of Node', async () => {
    const text = await createPrometheus(createRecordingLog()).text()
    for (const [name, { kind }] of Object.entries<Metric>(METRICS)) {
      expect(text).toMatch(
        new RegExp(`# HELP ${name} .+\\n# TYPE ${name} ${kind === 'distribution' ? 'histogram' : kind}\\n`),
      )
    }
    expect(text).toContain('nodejs_eventloop_lag_seconds')
    expect(text).toContain('process_resident_memory_bytes')
    expect(text).not.toContain('nodejs_active_handles_total')
    expect(text.endsWith('\n')).toBe(true)
  })
})

test('every line follows the grammar of the text format, whatever the labels hold', async () => {
  const metrics = createPrometheus(createRecordingLog())
  for (const client of ['a "b" \\ c', 'Ромашка\n', '']) {
    metrics.set('watch_client_terminals', 1, { client, state: 'fresh' })
  }
  metrics.set('watch_service_up', Number.NaN)
  const number = String.raw`(-?\d+(\.\d+)?(e[+-]?\d+)?|NaN|[+-]Inf)`
  const label = String.raw`\w+="([^"\\\n]|\\["\\n])*"`
  const sample = new RegExp(`^\\w+(\\{${label}(,${label})*\\})? ${number}( \\d+)?$`)
  const lines = (await metrics.text()).split('\n')
  expect(
    lines.filter((line) => line !== '' && !/^# (HELP|TYPE) \w+ \S/.test(line) && !sample.test(line)),
  ).toEqual([])
  expect(lines.filter((line) => sample.test(line)).length).toBeGreaterThan(50)
})
