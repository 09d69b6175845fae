import { createInfluxStore } from '../adapters/influx/store.ts'
import type { Config } from '../config/schema.ts'
import type { Fleet } from '../core/fleet/fleet.ts'
import type { Language } from '../core/letters/letter.ts'
import type { Clock, HistoryStore, Log, Metrics, Stop } from '../ports.ts'
import { startHistoryCensus } from '../workers/history-census.ts'
import type { HistoryOffer } from '../workers/history-queue.ts'
import { createHistoryWriter, type HistoryWriter } from '../workers/history-writer.ts'
import { historyWarnings } from './history-warnings.ts'

export type HistoryDeps = { readonly clock: Clock; readonly log: Log; readonly metrics: Metrics }

/** Points that wait at most, beside one for each terminal: some 30 MB. */
const MOST_POINTS = 250_000

/** The history in InfluxDB, while one is configured. It keeps nobody waiting, and nothing else depends on it. */
export function openHistory(deps: HistoryDeps, first: Config) {
  const { clock, log, metrics } = deps
  let influx = first.influx
  let fleet: Fleet | null = null
  let writer: HistoryWriter | null = null
  let stopCensus: Stop = () => {}
  const offer: HistoryOffer = (items, point) => writer?.offer(items, point)

  function start(store: HistoryStore): void {
    const mostPoints = (): number => MOST_POINTS + (fleet?.inventory.length ?? 0)
    writer = createHistoryWriter({ ...deps, random: Math.random, mostPoints }, store)
    writer.start()
    count()
  }

  function count(): void {
    stopCensus()
    stopCensus = fleet && writer ? startHistoryCensus(fleet, offer, clock) : () => {}
  }

  async function stop(): Promise<void> {
    stopCensus()
    const ended = writer
    writer = null
    await ended?.stop()
    showNone()
  }

  function showNone(): void {
    metrics.set('watch_influx_up', Number.NaN)
    metrics.set('watch_influx_queue_points', 0)
  }

  function useConfigured(): void {
    const store = storeOf(deps, influx)
    if (store === null) return
    log.info('points go to InfluxDB', {
      url: new URL(influx.url).origin,
      org: influx.org,
      bucket: influx.bucket,
    })
    if (writer) writer.use(store)
    else start(store)
  }

  showNone()
  useConfigured()

  return {
    offer,
    /** Whose terminals are counted from now on. */
    follow(followed: Fleet): void {
      fleet = followed
      count()
    },
    warnings: (language: Language): readonly string[] =>
      writer ? historyWarnings(writer.state(), language) : [],
    async reconfigure(next: Config): Promise<void> {
      if (JSON.stringify(next.influx) === JSON.stringify(influx)) return
      influx = next.influx
      if (influx.url === '') await stop()
      useConfigured()
    },
    stop,
  }
}

function storeOf(deps: HistoryDeps, influx: Config['influx']): HistoryStore | null {
  return influx.url === '' ? null : createInfluxStore(deps, influx)
}
