import type { SqliteStores } from '../adapters/sqlite/stores.ts'
import { diskUse } from '../adapters/system/disk-use.ts'
import { nodeVersion } from '../adapters/system/node-version.ts'
import { SECOND } from '../core/time.ts'
import type { Clock, Metrics } from '../ports.ts'
import { createStoreGauges } from '../workers/store-gauges.ts'
import type { Stops } from './stops.ts'

export type GaugesDeps = {
  readonly clock: Clock
  readonly metrics: Metrics
  readonly version: string
  /** Of the database. */
  readonly path: string
  readonly callsWaiting: () => number
  /** What the heap of the database thread takes. */
  readonly storeHeap: SqliteStores['heap']
  /** The reasons of /readyz. */
  readonly troubles: () => readonly string[]
}

/** Gauges of the service as a whole: what it is, whether its store works, whether its configuration was taken over. */
export function openGauges(deps: GaugesDeps, stops: Stops): { reloaded(succeeded: boolean): void } {
  const { clock, metrics, version, path } = deps
  const store = createStoreGauges({ ...deps, diskUse: () => diskUse(path) })

  function reloaded(succeeded: boolean): void {
    metrics.set('watch_config_last_reload_successful', succeeded ? 1 : 0)
    if (succeeded) metrics.set('watch_config_last_reload_success_timestamp_seconds', clock.now() / SECOND)
  }

  metrics.set('watch_build_info', 1, { version, node: nodeVersion })
  reloaded(true)
  store.start()
  stops.add('gauges', () => store.stop())
  return { reloaded }
}
