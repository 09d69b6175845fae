import { SECOND } from '../core/time.ts'
import type { Clock, DiskUse, Metrics, Stop } from '../ports.ts'

export type StoreGaugesDeps = {
  readonly clock: Clock
  readonly metrics: Metrics
  /** Never rejects. */
  readonly diskUse: () => Promise<DiskUse>
  /** Calls that wait for the database. */
  readonly callsWaiting: () => number
  /** The reasons of /readyz. */
  readonly troubles: () => readonly string[]
}

const LOOK_EVERY_MS = 5 * SECOND

/** Gauges of the store and of what keeps the service from doing its work. */
export function createStoreGauges({ clock, metrics, diskUse, callsWaiting, troubles }: StoreGaugesDeps) {
  let stopTimer: Stop = () => {}

  async function look(): Promise<void> {
    metrics.set('watch_store_calls_waiting', callsWaiting())
    metrics.set('watch_store_troubles', troubles().length)
    const { database, wal, free } = await diskUse()
    metrics.set('watch_store_file_bytes', database ?? Number.NaN, { file: 'database' })
    metrics.set('watch_store_file_bytes', wal ?? Number.NaN, { file: 'wal' })
    metrics.set('watch_store_free_bytes', free ?? Number.NaN)
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
