import { expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { SECOND } from '../../src/core/time.ts'
import type { FleetFlush, FleetStore } from '../../src/ports.ts'
import { createFleetWriter } from '../../src/workers/fleet-writer.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createScenario } from '../support/fleet-scenario.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'

/** A writer whose store takes `tookMs` for each batch and keeps their journals' sizes. */
function setUp(tookMs = 0) {
  const memory = createMemoryStores().fleet
  const clock = createFakeClock()
  const metrics = createRecordingMetrics()
  const { fleet, observe } = createScenario()
  const sizes: number[] = []
  const take = async (batch: FleetFlush | undefined): Promise<void> => {
    sizes.push((batch?.journal ?? []).reduce((sum, entry) => sum + entry.length, 0))
    await clock.advance(tookMs)
  }
  const store: FleetStore = {
    ...memory,
    async flush(batch) {
      await take(batch)
      await memory.flush(batch)
    },
    async checkpoint(chunks, batch) {
      await take(batch)
      await memory.checkpoint(chunks, batch)
    },
  }
  const log = createRecordingLog()
  const writer = createFleetWriter({ clock, fleet, store, log, metrics, takeBlind: () => [] })
  return { writer, metrics, sizes, observe }
}

test('a flush is shown as long as the store takes for it', async () => {
  const { writer, metrics, observe } = setUp(2 * SECOND)
  observe('1')
  await writer.write(false)
  expect(metrics.value('watch_store_flush_seconds')).toBe(2)
})

test('the journal is shown as long as all flushes have made it, and after a checkpoint as its own batch', async () => {
  const { writer, metrics, sizes, observe } = setUp()
  const shown = () => metrics.value('watch_store_journal_bytes')
  observe('1')
  await writer.write(false)
  expect(shown()).toBe(sizes[0])
  for (const id of ['1', '2']) observe(id)
  await writer.write(false)
  expect(shown()).toBe((sizes[0] ?? 0) + (sizes[1] ?? 0))
  for (const id of ['1', '2', '3']) observe(id)
  await writer.checkpoint(false)
  expect(shown()).toBe(sizes[2])
  // Each differs from the others, so that none stands for another one.
  expect(new Set([0, ...sizes]).size).toBe(4)
})
