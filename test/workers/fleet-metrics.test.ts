import { expect, test } from 'vitest'
import { createPrometheus } from '../../src/adapters/prometheus/registry.ts'
import { createFleetMetrics } from '../../src/workers/fleet-metrics.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createScenario, T0 } from '../support/fleet-scenario.ts'
import { createRecordingLog } from '../support/recorders.ts'
import { incident } from '../support/store-rows.ts'

test('open incidents are counted by dimension, also where there are none', async () => {
  const { fleet } = createScenario()
  const metrics = createPrometheus(createRecordingLog())
  const report = createFleetMetrics(metrics, createFakeClock(T0))
  const open = async () => {
    await report(fleet, T0)
    const lines = (await metrics.text())
      .split('\n')
      .filter((line) => line.startsWith('watch_incidents_open{'))
    return Object.fromEntries(lines.map((line) => [/"(.*)"/.exec(line)?.[1], Number(line.split(' ')[1])]))
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
