import type { Fleet } from '../core/fleet/fleet.ts'
import { encodeChunk } from '../core/fleet/register-codec.ts'
import { markDirty } from '../core/fleet/terminal-table.ts'
import { heldAlerts } from '../core/freshness/alert.ts'
import type { Transition } from '../core/freshness/state.ts'
import { MINUTE, SECOND } from '../core/time.ts'
import type { BlindRow, Clock, FleetFlush, FleetStore, Log, Metrics } from '../ports.ts'
import { collectDirty } from './dirty-rows.ts'
import { createGapRounds } from './gap-rounds.ts'
import { createJudge } from './judge.ts'
import { inSlices } from './slices.ts'
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

/** Judges the fleet every second and stores what changed (spec/freshness.md 6). */
export function createSweeper(deps: SweeperDeps, options: SweeperOptions) {
  const { clock, fleet, store, log, metrics } = deps
  let flushedAt = -Infinity
  let checkpointAt = clock.monotonic()
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
  const gapRounds = createGapRounds(fleet.gaps, clock)
  let stopping = false
  let encoding = false
  /** Members of incidents that are over. */
  let freed: Iterable<number>[] = []

  const judge = createJudge({
    clock,
    fleet,
    log,
    metrics,
    look: () => {
      fileUnderSurvivors()
      deps.look()
    },
    changed: keep,
  })

  /** Not while chunks are encoded: they must not hold a state whose transition is not stored yet. */
  async function judgeTick(): Promise<void> {
    if (encoding || judge.underWay() !== null) return
    releaseFreed()
    deps.report()
    await judge.judge()
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

  /** At its end what waits for the store; it must not grow for as long as the store takes nothing. */
  function keep(transitions: readonly Transition[]): void {
    for (const transition of transitions) unsaved.push(transition)
    const { kept, forgotten, alerts } = boundTransitions(unsaved, fleet.inventory.length)
    unsaved = kept
    if (forgotten === 0) return
    lost.changes += forgotten
    lost.alerts += alerts
    metrics.add('watch_transitions_lost_total', {}, forgotten)
    log.error('changes of state are forgotten: the store has taken none for too long', { forgotten, alerts })
  }

  /** As with changes of state, not while chunks are encoded. */
  function releaseFreed(): void {
    if (encoding) return
    const due = freed
    freed = []
    for (const rows of due) keep(heldAlerts(fleet, rows, clock.now()))
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
    const dirty = collectDirty(fleet.table)
    await inSlices(dirty.steps(), { clock })
    // From here on everything is taken in one turn: what is stored together was so at one moment.
    const journal = dirty.end()
    const { rows } = dirty
    fileUnderSurvivors()
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
    const gaps = gapRounds.take(stopping)
    const started = clock.monotonic()
    const batch: FleetFlush = {
      at: clock.now(),
      journal,
      terminals: inventory.flatMap((row) => fleet.inventory[row] ?? []),
      transitions,
      blind,
      counters: counted.flatMap((terminalId) => fleet.counters.get(terminalId) ?? []),
      mergers,
      incidents: changedIncidents,
      baselines: changedBaselines,
      gaps,
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
      gapRounds.giveBack(gaps)
      const later = unsaved
      unsaved = [...transitions]
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
    while (unsaved.length > 0 || judge.underWay() !== null) {
      await judge.underWay()
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
  async function encodeChunks(numbers: readonly number[]): Promise<readonly Chunk[]> {
    encoding = true
    try {
      return await inSlices(encodingChunks(numbers), { clock })
    } finally {
      encoding = false
    }
  }

  function* encodingChunks(numbers: readonly number[]): Generator<number, readonly Chunk[]> {
    const chunks: Chunk[] = []
    for (const number of numbers) {
      chunks.push({ number, bytes: encodeChunk(fleet.table, number) })
      fleet.table.dirtyChunks.delete(number)
      yield chunks.length
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
        await judge.judge()
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
    /** Incidents are over: their members' alerts that were held back are due. */
    release(rows: Iterable<number>): void {
      freed.push(rows)
      releaseFreed()
    },
    /** Stops judging and writes everything down. */
    async stop(): Promise<void> {
      for (const stop of stops) stop()
      stopping = true
      await judge.underWay()
      await inTurn(write)
      await inTurn(checkpoint)
    },
    troubles: (): readonly string[] => (trouble === null ? [] : [trouble, ...forgotten()]),
  }
}

type Chunk = { readonly number: number; readonly bytes: Uint8Array }
