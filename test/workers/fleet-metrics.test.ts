import { expect, test } from 'vitest'
import { createPrometheus, type Prometheus } from '../../src/adapters/prometheus/registry.ts'
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
