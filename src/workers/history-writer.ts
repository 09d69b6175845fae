import type { Standing } from '../core/history/pace.ts'
import { SECOND } from '../core/time.ts'
import type { Clock, HistoryStore, Log, Metrics, Stop } from '../ports.ts'
import { createHistoryQueue } from './history-queue.ts'
import { createHistorySending } from './history-sending.ts'
import { createHistoryTally } from './history-tally.ts'
import { inSlices } from './slices.ts'
import { withinLimit } from './time-limit.ts'

export type HistoryWriterDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** From [0, 1). */
  readonly random: () => number
  /** So many points wait at most. */
  readonly mostPoints: () => number
}

/** How the writing goes, for people. */
export type HistoryState = {
  readonly standing: Standing
  readonly waiting: number
  /** Points that were refused for being faulty, and why. */
  readonly refused: { readonly points: number; readonly reason: string } | null
}

export type HistoryWriter = ReturnType<typeof createHistoryWriter>

const LOOK_EVERY_MS = SECOND
/** The last points get so long at the stop. */
const STOP_WITHIN_MS = 2 * SECOND

/**
 * Writes points to a database that may be slow, away or wrong: they wait in bounded memory, the newest are kept, and
 * whoever offers one never waits.
 */
export function createHistoryWriter(deps: HistoryWriterDeps, first: HistoryStore) {
  const { clock, metrics } = deps
  let store = first
  const tally = createHistoryTally(deps)
  const queue = createHistoryQueue({
    line: (point) => store.line(point),
    mostPoints: deps.mostPoints,
    dropped: tally.dropped,
  })
  let sending = createHistorySending({ ...deps, queue, tally }, store)
  let underWay: Promise<void> = Promise.resolve()
  let stops: readonly Stop[] = []

  const waiting = (): number => queue.waiting() + sending.taken()

  async function pack(until?: AbortSignal): Promise<void> {
    await inSlices(queue.packing(), { clock, ...(until && { until }) })
    metrics.set('watch_influx_queue_points', waiting())
  }

  function send(): Promise<void> {
    underWay = sending.send()
    return underWay
  }

  /** What is under way, and then all that waits, if the database takes it. */
  async function flush(until: AbortSignal): Promise<void> {
    await underWay
    await pack(until)
    await sending.sendAll()
  }

  return {
    offer: queue.offer,
    start(): void {
      stops = [clock.every(LOOK_EVERY_MS, () => pack()), clock.every(LOOK_EVERY_MS, send)]
    },
    /** Goes on with another database; what waits is written there. */
    use(next: HistoryStore): void {
      sending.end()
      store = next
      queue.narrow(Infinity)
      sending = createHistorySending({ ...deps, queue, tally }, next)
    },
    state: (): HistoryState => ({
      standing: sending.standing(),
      waiting: waiting(),
      refused: tally.refusals(),
    }),
    /** Tries once more to write what waits, for 2 s at most; the rest is lost, and counted. */
    async stop(): Promise<void> {
      for (const stop of stops) stop()
      const late = new AbortController()
      const flushed = flush(late.signal).catch((error: unknown) => {
        if (!late.signal.aborted) throw error
      })
      await withinLimit(clock, STOP_WITHIN_MS, flushed, undefined)
      late.abort()
      sending.end()
      // What is broken off comes back to those that wait.
      await flushed
      tally.lostAtStop(waiting())
    },
  }
}
