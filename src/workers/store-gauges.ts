import { SECOND } from '../core/time.ts'
import type { Clock, DiskUse, Metrics, Stop } from '../ports.ts'

export type StoreGaugesDeps = {
  readonly clock: Clock
  readonly metrics: Metrics
  /** Never rejects. */
  readonly diskUse: () => Promise<DiskUse>
  /** Calls that wait for the database. */
  readonly callsWaiting: () => number
  /** Bytes of the heap of the database thread; undefined when it has ended. Never rejects. */
  readonly storeHeap: () => Promise<{ readonly used: number; readonly total: number } | undefined>
  /** The reasons of /readyz. */
  readonly troubles: () => readonly string[]
}

const LOOK_EVERY_MS = 5 * SECOND

/** Gauges of the store and of what keeps the service from doing its work. */
export function createStoreGauges({
  clock,
  metrics,
  diskUse,
  callsWaiting,
  storeHeap,
  troubles,
}: StoreGaugesDeps) {
  let stopTimer: Stop = () => {}

  async function look(): Promise<void> {
    // Not waited for: a thread that hangs must not hide the others, which tell of it.
    void lookAtHeap()
    metrics.set('watch_store_calls_waiting', callsWaiting())
    metrics.set('watch_store_troubles', troubles().length)
    const { database, wal, free } = await diskUse()
    metrics.set('watch_store_file_bytes', database ?? Number.NaN, { file: 'database' })
    metrics.set('watch_store_file_bytes', wal ?? Number.NaN, { file: 'wal' })
    metrics.set('watch_store_free_bytes', free ?? Number.NaN)
  }

  async function lookAtHeap(): Promise<void> {
    const heap = await storeHeap()
    metrics.set('watch_store_heap_bytes', heap?.used ?? Number.NaN, { kind: 'used' })
    metrics.set('watch_store_heap_bytes', heap?.total ?? Number.NaN, { kind: 'total' })
  }

  return {
    start(): void {
      void look()
      stopTimer = clock.every(LOOK_EVERY_MS, look)
    },
    stop(): void {
      stopTimer()
    },
  }
}
