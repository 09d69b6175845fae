import type { Fleet } from '../core/fleet/fleet.ts'
import { encodeChunk, encodeRows } from '../core/fleet/register-codec.ts'
import { markDirty, takeDirty } from '../core/fleet/terminal-table.ts'
import type { Transition } from '../core/freshness/state.ts'
import { sweep } from '../core/freshness/sweep.ts'
import { type Instant, MINUTE, SECOND } from '../core/time.ts'
import type { BlindRow, Clock, FleetFlush, FleetStore, Log, Metrics } from '../ports.ts'
import { createFleetMetrics } from './fleet-metrics.ts'

export type SweeperDeps = {
  readonly clock: Clock
  readonly fleet: Fleet
  readonly store: FleetStore
  readonly log: Log
  readonly metrics: Metrics
  /** Blind stretches that are new or changed since the last call. */
  readonly takeBlind: () => readonly BlindRow[]
  /** Called once per sweep, before it: counters of the last second. */
  readonly report: () => void
}

export type SweeperOptions = { readonly flushEveryMs: number }

const SWEEP_EVERY = SECOND
const HEARTBEAT_EVERY = 10 * SECOND
const CHECKPOINT_EVERY = 5 * MINUTE
const REPORT_EVERY = 5 * SECOND
/** Terminals named in one log line. */
const NAMED = 5

/** Judges the fleet every second and stores what changed (spec/freshness.md 6). */
export function createSweeper(deps: SweeperDeps, options: SweeperOptions) {
  const { clock, fleet, store, log, metrics } = deps
  const reportFleet = createFleetMetrics(metrics)
  let previousSweep: Instant = clock.now()
  let flushedAt = -Infinity
  let checkpointAt = clock.monotonic()
  let reportedAt = -Infinity
  let unsaved: Transition[] = []
  let unsavedBlind: BlindRow[] = []
  let trouble: string | null = null
  let stops: (() => void)[] = []
  let writing: Promise<void> = Promise.resolve()

  async function tick(): Promise<void> {
    deps.report()
    judge()
    const waited = clock.monotonic() - flushedAt
    const due = unsaved.length > 0 || (fleet.table.dirty.length > 0 && waited >= options.flushEveryMs)
    if (due || fleet.changedInventory.size > 0 || waited >= HEARTBEAT_EVERY) await flush()
    if (clock.monotonic() - checkpointAt >= CHECKPOINT_EVERY) await checkpoint()
  }

  function judge(): void {
    const now = clock.now()
    const started = clock.monotonic()
    const transitions = sweep(fleet, now, Math.min(previousSweep, now))
    previousSweep = now
    metrics.observe('watch_sweep_duration_seconds', (clock.monotonic() - started) / SECOND)
    unsaved.push(...transitions)
    logAlerts(transitions)
    if (clock.monotonic() - reportedAt < REPORT_EVERY) return
    reportedAt = clock.monotonic()
    reportFleet(fleet, now)
  }

  function logAlerts(transitions: readonly Transition[]): void {
    const alerted = transitions.filter((transition) => transition.alertId)
    if (alerted.length === 0) return
    const terminals = alerted.slice(0, NAMED).map((transition) => transition.terminalId)
    log.info('terminals fell silent', { count: alerted.length, terminals })
  }

  function flush(): Promise<void> {
    writing = writing.then(write)
    return writing
  }

  async function write(): Promise<void> {
    const rows = takeDirty(fleet.table)
    const inventory = [...fleet.changedInventory]
    fleet.changedInventory.clear()
    const transitions = unsaved
    unsaved = []
    unsavedBlind.push(...deps.takeBlind())
    const blind = unsavedBlind
    unsavedBlind = []
    const started = clock.monotonic()
    const batch: FleetFlush = {
      at: clock.now(),
      journal: rows.length > 0 ? encodeRows(fleet.table, rows) : NOTHING,
      terminals: inventory.flatMap((row) => fleet.inventory[row] ?? []),
      transitions,
      blind,
    }
    try {
      await store.flush(batch)
      flushedAt = clock.monotonic()
      recovered()
    } catch (error) {
      // Nothing was stored: everything goes into the next flush.
      for (const row of rows) markDirty(fleet.table, row)
      for (const row of inventory) fleet.changedInventory.add(row)
      unsaved = [...transitions, ...unsaved]
      unsavedBlind = [...blind, ...unsavedBlind]
      failed(error)
    }
    metrics.observe('watch_store_flush_seconds', (clock.monotonic() - started) / SECOND)
  }

  /** Rewrites the changed chunks. Between reading them and the store's answer nothing else is flushed. */
  function checkpoint(): Promise<void> {
    checkpointAt = clock.monotonic()
    writing = writing.then(async () => {
      const numbers = [...fleet.table.dirtyChunks]
      const chunks: { number: number; bytes: Uint8Array }[] = []
      for (const number of numbers) {
        chunks.push({ number, bytes: encodeChunk(fleet.table, number) })
        if (chunks.length % CHUNKS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve))
      }
      for (const number of numbers) fleet.table.dirtyChunks.delete(number)
      try {
        await store.checkpoint(chunks)
        recovered()
      } catch (error) {
        for (const number of numbers) fleet.table.dirtyChunks.add(number)
        failed(error)
      }
    })
    return writing
  }

  function failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    if (trouble === null)
      log.error('last-seen data cannot be stored; it is kept in memory and tried again', { error: message })
    trouble = `store: ${message}`
  }

  function recovered(): void {
    if (trouble !== null) log.info('last-seen data is stored again')
    trouble = null
  }

  return {
    start(): void {
      stops = [clock.every(SWEEP_EVERY, tick)]
    },
    /** Judges and stores at once; for tests and for changes that a caller waits for. */
    async sweepNow(): Promise<void> {
      judge()
      await flush()
      if (trouble !== null) throw new Error(trouble)
    },
    /** Stops judging and writes everything down. */
    async stop(): Promise<void> {
      for (const stop of stops) stop()
      await flush()
      await checkpoint()
    },
    troubles: (): readonly string[] => (trouble === null ? [] : [trouble]),
  }
}

const NOTHING = new Uint8Array(0)
const CHUNKS_PER_TURN = 64
