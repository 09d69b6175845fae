import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { pid } from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createPrometheus } from '../../src/adapters/prometheus/registry.ts'
import { createRecordingLog } from '../support/recorders.ts'
import { until } from '../support/until.ts'
import { loopDelayMs, residentMegabytes } from './process-usage.ts'

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

test('a process that has ended but is still in the list has no memory to tell of', async () => {
  // What the shell becomes never takes note of its child's end; the shell itself might. The child ends with its input.
  const parent = spawn('sh', ['-c', 'exec 3<&0; cat <&3 & echo $!; exec sleep 60'])
  try {
    const [line] = await once(parent.stdout, 'data')
    const ended = Number(line)
    await until(async () => (await readFile(`/proc/${parent.pid}/comm`, 'utf8')) === 'sleep\n', 5000)
    parent.stdin.end()
    await until(async () => /^State:\s+Z/m.test(await readFile(`/proc/${ended}/status`, 'utf8')), 5000)
    await expect(residentMegabytes(ended)).rejects.toThrow(`process ${ended} has ended`)
    expect(await residentMegabytes(pid)).toBeGreaterThan(10)
  } finally {
    parent.kill()
  }
})
