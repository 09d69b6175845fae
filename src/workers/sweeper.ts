import type { Fleet } from '../core/fleet/fleet.ts'
import { encodeChunk, encodeRows } from '../core/fleet/register-codec.ts'
import { markDirty, takeDirty } from '../core/fleet/terminal-table.ts'
import type { Transition } from '../core/freshness/state.ts'
import { sweep } from '../core/freshness/sweep.ts'
import { type Instant, MINUTE, SECOND } from '../core/time.ts'
import type { BlindRow, Clock, FleetFlush, FleetStore, Log, Metrics } from '../ports.ts'
import { createFleetMetrics } from './fleet-metrics.ts'
import { boundBlind, boundTransitions } from './unsaved.ts'

export type SweeperDeps = {
  readonly clock: Clock
  readonly fleet: Fleet
  readonly store: FleetStore
  readonly log: Log
  readonly metrics: Metrics
  /** Blind stretches that are new or changed since the last call. */
  readonly takeBlind: () => readonly BlindRow[]
  /** Called before each judgement: makes known what the clocks say of the time since the last one. */
  readonly look: () => void
  /** Called once per sweep, before it: counters of the last second. */
  readonly report: () => void
}

export type SweeperOptions = { readonly flushEveryMs: number }

/** So that a silent terminal is seen within a second of its instant, on a busy machine too. */
const SWEEP_EVERY = SECOND / 2
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
  /** Forgotten since the start: what was not stored and never will be. */
  const lost = { changes: 0, alerts: 0 }
  let trouble: string | null = null
  let stops: (() => void)[] = []
  let writing: Promise<void> = Promise.resolve()
  /** Who waits for what was changed so far to be stored. */
  let waiting: ((stored: boolean) => void)[] = []
  let underWay = 0
  let encoding = false

  /** Not while chunks are encoded: they must not hold a state whose transition is not stored yet. */
  function judgeTick(): void {
    if (encoding) return
    deps.report()
    judge()
    // Who sees a new state finds the transition in the history too.
    if (unsaved.length > 0 && underWay === 0) inTurn(write).catch(failed)
  }

  /** On a timer of its own: a slow store skips its own ticks and keeps nobody from judging. */
  async function storeTick(): Promise<void> {
    const waited = clock.monotonic() - flushedAt
    const due = unsaved.length > 0 || (hasChanged() && waited >= options.flushEveryMs)
    if (due || fleet.changedInventory.size > 0 || waited >= HEARTBEAT_EVERY) await inTurn(write)
    if (clock.monotonic() - checkpointAt >= CHECKPOINT_EVERY) await inTurn(checkpoint)
  }

  function hasChanged(): boolean {
    const { table, changedCounters, changedIncidents, changedBaselines } = fleet
    const isWaiting = waiting.length > 0 || changedIncidents.length > 0 || changedBaselines.length > 0
    return table.dirty.length > 0 || changedCounters.size > 0 || isWaiting
  }

  function judge(): void {
    fileUnderSurvivors()
    deps.look()
    const now = clock.now()
    const started = clock.monotonic()
    const transitions = sweep(fleet, now, Math.min(previousSweep, now))
    previousSweep = now
    metrics.observe('watch_sweep_duration_seconds', (clock.monotonic() - started) / SECOND)
    keep(transitions)
    logAlerts(transitions)
    if (clock.monotonic() - reportedAt < REPORT_EVERY) return
    reportedAt = clock.monotonic()
    reportFleet(fleet, now)
  }

  /** At its end what waits for the store; it must not grow for as long as the store takes nothing. */
  function keep(transitions: readonly Transition[]): void {
    // Of a whole large fleet at once they are too many to be arguments of a call.
    const { kept, forgotten, alerts } = boundTransitions(unsaved.concat(transitions), fleet.inventory.length)
    unsaved = kept
    if (forgotten === 0) return
    lost.changes += forgotten
    lost.alerts += alerts
    metrics.add('watch_transitions_lost_total', {}, forgotten)
    log.error('changes of state are forgotten: the store has taken none for too long', { forgotten, alerts })
  }

  function logAlerts(transitions: readonly Transition[]): void {
    const alerted = transitions.filter((transition) => transition.alertId)
    if (alerted.length === 0) return
    const terminals = alerted.slice(0, NAMED).map((transition) => transition.terminalId)
    log.info('terminals fell silent', { count: alerted.length, terminals })
  }

  /** One at a time, in order; a bug in one does not keep the next from being stored. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    underWay++
    const done = writing.then(work).finally(() => {
      underWay--
    })
    writing = done.catch(() => {})
    return done
  }

  /** The store moves what it has of a merged terminal; what still waits here becomes the other one's as well. */
  function fileUnderSurvivors(): void {
    const moved = new Map(fleet.mergers.map(({ from, into }) => [from, into]))
    if (moved.size === 0 || unsaved.length === 0) return
    unsaved = unsaved.map((transition) => {
      let terminalId = transition.terminalId
      for (let hops = 0; hops < moved.size && moved.has(terminalId); hops++) {
        terminalId = moved.get(terminalId) ?? terminalId
      }
      return terminalId === transition.terminalId ? transition : { ...transition, terminalId }
    })
  }

  async function write(): Promise<void> {
    fileUnderSurvivors()
    const rows = takeDirty(fleet.table)
    const inventory = [...fleet.changedInventory]
    fleet.changedInventory.clear()
    const counted = [...fleet.changedCounters]
    fleet.changedCounters.clear()
    const { mergers } = fleet
    fleet.mergers = []
    const { changedIncidents, changedBaselines } = fleet
    fleet.changedIncidents = []
    fleet.changedBaselines = []
    const transitions = unsaved
    unsaved = []
    const asked = waiting
    waiting = []
    const blind = unsavedBlind.concat(deps.takeBlind())
    unsavedBlind = []
    const started = clock.monotonic()
    const batch: FleetFlush = {
      at: clock.now(),
      journal: rows.length > 0 ? encodeRows(fleet.table, rows) : NOTHING,
      terminals: inventory.flatMap((row) => fleet.inventory[row] ?? []),
      transitions,
      blind,
      counters: counted.flatMap((terminalId) => fleet.counters.get(terminalId) ?? []),
      mergers,
      incidents: changedIncidents,
      baselines: changedBaselines,
      gaps: [],
    }
    try {
      await store.flush(batch)
      flushedAt = clock.monotonic()
      recovered()
      for (const answer of asked) answer(true)
    } catch (error) {
      // Nothing was stored: everything goes into the next flush.
      for (const row of rows) markDirty(fleet.table, row)
      for (const row of inventory) fleet.changedInventory.add(row)
      for (const terminalId of counted) fleet.changedCounters.add(terminalId)
      fleet.mergers = [...mergers, ...fleet.mergers]
      fleet.changedIncidents = [...changedIncidents, ...fleet.changedIncidents]
      fleet.changedBaselines = [...changedBaselines, ...fleet.changedBaselines]
      const later = unsaved
      unsaved = transitions
      keep(later)
      unsavedBlind = boundBlind(blind.concat(unsavedBlind))
      for (const answer of asked) answer(false)
      failed(error)
    }
    metrics.observe('watch_store_flush_seconds', (clock.monotonic() - started) / SECOND)
  }

  /**
   * Rewrites the changed chunks. Between reading them and the store's answer nothing else is flushed. Every transition
   * is stored before the state that it led to; while that fails nothing is rewritten.
   */
  async function checkpoint(): Promise<void> {
    checkpointAt = clock.monotonic()
    while (unsaved.length > 0) {
      await write()
      if (trouble !== null) return
    }
    const numbers = [...fleet.table.dirtyChunks]
    const chunks = await encodeChunks(numbers)
    try {
      await store.checkpoint(chunks)
      recovered()
    } catch (error) {
      for (const number of numbers) fleet.table.dirtyChunks.add(number)
      failed(error)
    }
  }

  /** Encodes chunks over several turns, so that messages go on being taken in; observations meanwhile are journaled. */
  async function encodeChunks(
    numbers: readonly number[],
  ): Promise<{ readonly number: number; readonly bytes: Uint8Array }[]> {
    const chunks: { number: number; bytes: Uint8Array }[] = []
    encoding = true
    try {
      for (const number of numbers) {
        chunks.push({ number, bytes: encodeChunk(fleet.table, number) })
        fleet.table.dirtyChunks.delete(number)
        if (chunks.length % CHUNKS_PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve))
      }
    } finally {
      encoding = false
    }
    return chunks
  }

  function failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    if (trouble === null)
      log.error('last-seen data cannot be stored; it is kept in memory and tried again', { error: message })
    trouble = `store: ${message}`
  }

  function forgotten(): readonly string[] {
    const { changes, alerts } = lost
    return changes === 0 ? [] : [`store: ${changes} changes of state are forgotten, ${alerts} of them alerts`]
  }

  function recovered(): void {
    if (trouble !== null) log.info('last-seen data is stored again')
    trouble = null
  }

  return {
    start(): void {
      stops = [clock.every(SWEEP_EVERY, judgeTick), clock.every(SWEEP_EVERY, storeTick)]
    },
    /**
     * Judges and stores at once; for tests and for changes that a caller waits for. `before` runs first, over several
     * turns if need be: nothing is stored meanwhile, so that what it changes is stored as a whole.
     */
    async sweepNow(before?: () => Promise<void>): Promise<void> {
      await inTurn(async () => {
        await before?.()
        judge()
        // To judge and to encode much that was changed is enough for a turn each.
        if (before) await new Promise((resolve) => setImmediate(resolve))
        return write()
      })
      if (trouble !== null) throw new Error(trouble)
    },
    /** Resolves with the next flush that succeeds or fails: whether all that was changed before this call is stored. */
    stored: (): Promise<boolean> =>
      new Promise((resolve) => {
        waiting.push(resolve)
      }),
    /** Stops judging and writes everything down. */
    async stop(): Promise<void> {
      for (const stop of stops) stop()
      await inTurn(write)
      await inTurn(checkpoint)
    },
    troubles: (): readonly string[] => (trouble === null ? [] : [trouble, ...forgotten()]),
  }
}

const NOTHING = new Uint8Array(0)
const CHUNKS_PER_TURN = 64
