import { expect, test } from 'vitest'
import { SECOND } from '../../src/core/time.ts'
import { createStoreGauges } from '../../src/workers/store-gauges.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createRecordingMetrics } from '../support/recorders.ts'

test('size, room, waiting calls, heap and troubles are shown at once and kept up to date', async () => {
  const clock = createFakeClock()
  const metrics = createRecordingMetrics()
  let use: { database?: number; wal?: number; free?: number } = { database: 4096, wal: 12, free: 1e9 }
  let heap: { used: number; total: number } | undefined = { used: 5e6, total: 8e6 }
  let troubles: readonly string[] = []
  const gauges = createStoreGauges({
    clock,
    metrics,
    diskUse: async () => ({ database: use.database, wal: use.wal, free: use.free }),
    callsWaiting: () => 3,
    storeHeap: async () => heap,
    troubles: () => troubles,
  })
  const shown = () => [
    metrics.value('watch_store_file_bytes', { file: 'database' }),
    metrics.value('watch_store_file_bytes', { file: 'wal' }),
    metrics.value('watch_store_free_bytes'),
    metrics.value('watch_store_calls_waiting'),
    metrics.value('watch_store_troubles'),
    metrics.value('watch_store_heap_bytes', { kind: 'used' }),
    metrics.value('watch_store_heap_bytes', { kind: 'total' }),
  ]
  gauges.start()
  await clock.advance(0)
  expect(shown()).toEqual([4096, 12, 1e9, 3, 0, 5e6, 8e6])
  use = { wal: 5 }
  heap = undefined
  troubles = ['store: the disk is full']
  await clock.advance(5 * SECOND)
  expect(shown()).toEqual([Number.NaN, 5, Number.NaN, 3, 1, Number.NaN, Number.NaN])
  gauges.stop()
  troubles = []
  await clock.advance(5 * SECOND)
  expect(shown()[4]).toBe(1)
})
