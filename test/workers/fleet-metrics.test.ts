import { expect, test } from 'vitest'
import { createPrometheus, type Prometheus } from '../../src/adapters/prometheus/registry.ts'
import { EMPTY } from '../../src/core/fleet/fleet.ts'
import { changeTerminal } from '../../src/core/fleet/placing.ts'
import { addBlind, clipBlindness } from '../../src/core/freshness/blindness.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import { createFleetMetrics } from '../../src/workers/fleet-metrics.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createScenario, T0 } from '../support/fleet-scenario.ts'
import { createRecordingLog } from '../support/recorders.ts'
import { incident } from '../support/store-rows.ts'

/** Rows of one metric by the value of its label. */
async function rowsOf(metrics: Pick<Prometheus, 'text'>, name: string): Promise<Record<string, number>> {
  const lines = (await metrics.text()).split('\n').filter((line) => line.startsWith(`${name}{`))
  return Object.fromEntries(lines.map((line) => [/"(.*)"/.exec(line)?.[1], Number(line.split(' ')[1])]))
}

test('the silent terminals of open incidents are added up by dimension', async () => {
  const { fleet } = createScenario()
  const metrics = createPrometheus(createRecordingLog())
  fleet.incidents.set(1, incident('a', T0, { silent: 30 }))
  fleet.incidents.set(2, incident('b', T0, { silent: 12 }))
  await createFleetMetrics(metrics, createFakeClock(T0))(fleet, T0)
  expect(await rowsOf(metrics, 'watch_incident_silent_terminals')).toMatchObject({ operator: 42, source: 0 })
})

test('a source that is configured no more is not shown as blind or lagging', async () => {
  const { fleet } = createScenario()
  const metrics = createPrometheus(createRecordingLog())
  const report = createFleetMetrics(metrics, createFakeClock(T0))
  const [watch] = fleet.sources
  const source = watch?.id ?? ''
  metrics.set('watch_source_lag_seconds', 40, { source })
  await report(fleet, T0)
  expect(Object.keys(await rowsOf(metrics, 'watch_source_blind'))).toContain(source)
  if (watch) watch.retired = true
  await report(fleet, T0)
  expect(Object.keys(await rowsOf(metrics, 'watch_source_blind'))).not.toContain(source)
  expect(await rowsOf(metrics, 'watch_source_lag_seconds')).toEqual({})
})

test('blind seconds go on where they were when the wall clock is set back', async () => {
  const { fleet } = createScenario()
  const metrics = createPrometheus(createRecordingLog())
  const report = createFleetMetrics(metrics, createFakeClock(T0))
  const [watch] = fleet.sources
  if (watch === undefined) throw new Error('there is no source')
  const seconds = async (now: number) => {
    await report(fleet, now)
    return (await rowsOf(metrics, 'watch_source_blind_seconds_total'))[watch.id]
  }
  const begun = Math.max(watch.startedAt, T0)
  expect(await seconds(begun)).toBe(0)
  addBlind(watch.blindness, begun, Infinity)
  expect(await seconds(begun + 2 * HOUR)).toBe(7200)
  clipBlindness(watch.blindness, begun + 2 * HOUR - 10 * SECOND)
  expect(await seconds(begun + 2 * HOUR - 10 * SECOND)).toBe(7200)
  expect(await seconds(begun + 2 * HOUR + MINUTE)).toBe(7270)
})

test('a client called `other` is counted with the others', async () => {
  const { fleet } = createScenario()
  for (const [row, client] of ['other', 'north', 'other'].entries())
    changeTerminal(fleet, { ...EMPTY, row, id: `t${row}`, client, firstSeenAt: T0 })
  const metrics = createPrometheus(createRecordingLog())
  await createFleetMetrics(metrics, createFakeClock(T0))(fleet, T0)
  const rows = (await metrics.text()).split('\n').filter((line) => line.startsWith('watch_client_terminals{'))
  const sum = (client: string) =>
    rows
      .filter((row) => row.includes(`client="${client}"`))
      .reduce((total, row) => total + Number(row.split(' ').at(-1)), 0)
  expect([sum('other'), sum('north')]).toEqual([2, 1])
})

test('open incidents are counted by dimension, also where there are none', async () => {
  const { fleet } = createScenario()
  const metrics = createPrometheus(createRecordingLog())
  const report = createFleetMetrics(metrics, createFakeClock(T0))
  const open = async () => {
    await report(fleet, T0)
    return rowsOf(metrics, 'watch_incidents_open')
  }
  const none = Object.fromEntries(
    ['source', 'operator', 'region', 'client', 'dealer', 'model', 'firmware', 'ingest'].map((name) => [
      name,
      0,
    ]),
  )
  expect(await open()).toEqual(none)
  fleet.incidents.set(1, incident('a', T0))
  fleet.incidents.set(2, incident('b', T0))
  fleet.incidents.set(3, incident('c', T0, { dimension: 'ingest' }))
  expect(await open()).toEqual({ ...none, operator: 2, ingest: 1 })
  fleet.incidents.clear()
  expect(await open()).toEqual(none)
})

test('the ages of the newest data are counted by bucket and summed up, without who never sent any', async () => {
  const { fleet, observe, skip, now } = createScenario()
  const metrics = createPrometheus(createRecordingLog())
  changeTerminal(fleet, { ...EMPTY, row: 0, id: 'never', firstSeenAt: T0 })
  observe('oldest')
  skip(3 * DAY - 2 * HOUR)
  observe('older')
  skip(2 * HOUR - 30 * SECOND)
  observe('newest')
  skip(30 * SECOND)
  await createFleetMetrics(metrics, createFakeClock(now()))(fleet, now())
  expect(await rowsOf(metrics, 'watch_data_age_seconds_bucket')).toEqual({
    60: 1,
    300: 1,
    900: 1,
    1800: 1,
    3600: 1,
    7200: 2,
    21600: 2,
    43200: 2,
    86400: 2,
    604800: 3,
    '+Inf': 3,
  })
  const sum = 30 + 7200 + 259_200
  expect(await metrics.text()).toContain(`\nwatch_data_age_seconds_sum ${sum}\n`)
})
