import { expect, test } from 'vitest'
import { createInfluxStore } from '../../../src/adapters/influx/store.ts'
import type { HistoryPoint } from '../../../src/core/history/point.ts'
import { MINUTE } from '../../../src/core/time.ts'
import { createHistoryWriter } from '../../../src/workers/history-writer.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { describeWithCommand, startVictoriaMetrics } from '../../support/real-server.ts'
import { createRecordingLog, createRecordingMetrics } from '../../support/recorders.ts'
import { until } from '../../support/until.ts'

/** What a database that reads the line protocol has of a field: `tag=value` in order, and the value. */
async function read(base: string, name: string): Promise<string[]> {
  const query = new URLSearchParams({ 'match[]': name, max_rows_per_line: '100000' })
  const text = await (await fetch(`${base}/api/v1/export?${query}`)).text()
  return text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const { metric, values } = JSON.parse(line) as { metric: Record<string, string>; values: number[] }
      const { __name__: _, db: __, ...tags } = metric
      return values.map((value) => `${JSON.stringify(tags)} ${value}`)
    })
    .sort()
}

/** Several writes. */
const MANY = 8000

const NAMES = [
  'ООО «Ромашка», Москва',
  'a,b=c d',
  'ends with a backslash\\',
  'back\\slash, comma',
  '"quoted"',
  'two\nlines fleet,client=x terminals=9 1',
]

describeWithCommand('victoria-metrics', 'on VictoriaMetrics', () => {
  test('what is written is read back, names of clients of every kind and thousands of points', async () => {
    await using server = await startVictoriaMetrics()
    const clock = createFakeClock(Date.now())
    const options = { url: server.base, org: 'o', bucket: 'b', token: '' }
    const store = createInfluxStore({ clock, log: createRecordingLog() }, options)
    const metrics = createRecordingMetrics()
    const deps = { clock, metrics, log: createRecordingLog(), random: () => 1, mostPoints: () => 100_000 }
    const writer = createHistoryWriter(deps, store)
    writer.start()
    const at = clock.now() - MINUTE
    const fleet = NAMES.map(
      (client, i): HistoryPoint => ({
        measurement: 'fleet',
        tags: { client, state: 'fresh' },
        fields: { terminals: i },
        at,
      }),
    )
    writer.offer(fleet, (point) => point)
    const many = Array.from({ length: MANY }, (_, i) => i)
    writer.offer(many, (i) => ({
      measurement: 'terminal_state',
      tags: { source: 'gate', state: 'stale', from: 'fresh' },
      fields: { terminal: `"${i}\\`, cause: 'a "cause", with\nall = kinds', silence_seconds: i / 8 },
      at: at + i,
      nanos: i,
    }))
    await clock.advance(1000)
    await until(
      async () => {
        await clock.advance(1000)
        return metrics.value('watch_influx_points_total', { result: 'written' }) === MANY + NAMES.length
      },
      10_000,
      'all points are written',
    )
    await fetch(`${server.base}/internal/force_flush`)
    const seconds = await read(server.base, 'terminal_state_silence_seconds')
    expect(new Set(seconds).size).toBe(MANY)
    expect(seconds).toContain('{"from":"fresh","source":"gate","state":"stale"} 999.875')
    const names = (await read(server.base, 'fleet_terminals')).map(
      (row) => (JSON.parse(row.slice(0, row.lastIndexOf(' '))) as { client: string }).client,
    )
    const expected = [
      'ООО «Ромашка», Москва',
      'a,b=c d',
      'ends with a backslash',
      'back\\slash, comma',
      '"quoted"',
    ]
    expect(names.sort()).toEqual([...expected, 'two lines fleet,client=x terminals=9 1'].sort())
    await writer.stop()
  })
})
