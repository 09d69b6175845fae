import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createPrometheus } from '../../src/adapters/prometheus/registry.ts'
import { createRecordingLog } from '../support/recorders.ts'
import { loopDelayMs } from './process-usage.ts'

const HELD_UP_MS = 500

test('each reading of the metrics tells of the event loop since the one before, so that all of them count', async () => {
  const metrics = createPrometheus(createRecordingLog(), {})
  const read = async () => loopDelayMs(await metrics.text())
  await delay(50)
  await read()
  await delay(50)
  for (const end = performance.now() + HELD_UP_MS; performance.now() < end; );
  await delay(50)
  expect(await read()).toBeGreaterThan(0.9 * HELD_UP_MS)
  await delay(50)
  // A machine that is busy with other tests holds it up as well, but not for so long.
  expect(await read()).toBeLessThan(0.9 * HELD_UP_MS)
})

test('the time between two looks at it is no delay of the event loop', () => {
  expect(loopDelayMs('nodejs_eventloop_lag_p99_seconds 0.014')).toBeCloseTo(4)
  expect(loopDelayMs('nodejs_eventloop_lag_p99_seconds 0.0099')).toBe(0)
})
