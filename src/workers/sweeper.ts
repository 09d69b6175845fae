import { heldAlerts } from '../core/freshness/alert.ts'
import { SECOND } from '../core/time.ts'
import { StoreError } from '../ports.ts'
import { createFleetWriter, type FleetWriterDeps } from './fleet-writer.ts'
import { createJudge } from './judge.ts'

export type SweeperDeps = FleetWriterDeps & {
  /** Called before each judgement: makes known what the clocks say of the time since the last one. */
  readonly look: () => void
  /** Called once per sweep, before it: counters of the last second. */
  readonly report: () => void
}

export type SweeperOptions = { readonly flushEveryMs: () => number }

/** So that a silent terminal is seen within a second of its instant, on a busy machine too. */
const SWEEP_EVERY = SECOND / 2
const HEARTBEAT_EVERY = 10 * SECOND

/** Judges the fleet every second and stores what changed (spec/freshness.md 6). */
export function createSweeper(deps: SweeperDeps, options: SweeperOptions) {
  const { clock, fleet, log, metrics } = deps
  const writer = createFleetWriter(deps)
  const { unsaved } = writer
  let stops: (() => void)[] = []
  let writing: Promise<unknown> = Promise.resolve()
  let underWay = 0
  let stopping = false

  const judge = createJudge({
    clock,
    fleet,
    log,
    metrics,
    look: () => {
      unsaved.fileUnderSurvivors()
      deps.look()
    },
    changed: unsaved.keep,
  })

  async function judgeTick(): Promise<void> {
    if (judge.underWay() !== null) return
    deps.report()
    await judge.judge()
    metrics.set('watch_store_unsaved_transitions', unsaved.unstored())
    // Who sees a new state finds the transition in the history too.
    if (unsaved.count() > 0 && underWay === 0) inTurn(write).catch(writer.failed)
  }

  /** On a timer of its own: a slow store skips its own ticks and keeps nobody from judging. */
  async function storeTick(): Promise<void> {
    const waited = writer.waitedMs()
    const due = unsaved.count() > 0 || (writer.hasChanged() && waited >= options.flushEveryMs())
    if (due || fleet.changedInventory.size > 0 || waited >= HEARTBEAT_EVERY) await inTurn(write)
    if (writer.isCheckpointDue()) await inTurn(checkpoint)
  }

  /** One at a time, in order; a bug in one does not keep the next from being stored. */
  function inTurn(work: () => Promise<unknown>): Promise<unknown> {
    underWay++
    const done = writing.then(work).finally(() => {
      underWay--
    })
    writing = done.catch(() => {})
    return done
  }

  const write = (): Promise<boolean> => writer.write(stopping)
  const checkpoint = (): Promise<void> => writer.checkpoint(() => stopping)

  return {
    start(): void {
      stops = [clock.every(SWEEP_EVERY, judgeTick), clock.every(SWEEP_EVERY, storeTick)]
    },
    /**
     * Judges and stores at once; for tests and for changes that a caller waits for. `before` runs first, over several
     * turns if need be: nothing is stored meanwhile, so that what it changes is stored as a whole. Rejects with
     * StoreError when the store does not take it now: what was changed stays, and is stored with the next flush.
     */
    async sweepNow(before?: () => Promise<void>): Promise<void> {
      await inTurn(async () => {
        await before?.()
        await judge.judge()
        // To judge and to encode much that was changed is enough for a turn each.
        if (before) await new Promise((resolve) => setImmediate(resolve))
        return write()
      })
      const [trouble] = writer.troubles()
      if (trouble !== undefined) throw new StoreError('other', trouble)
    },
    /** Resolves with the next flush that succeeds or fails: whether all that was changed before this call is stored. */
    stored: writer.stored,
    /** Incidents are over: their members' alerts that were held back are due. */
    release(rows: Iterable<number>): void {
      const now = clock.now()
      unsaved.keep(heldAlerts(fleet, rows, now, now))
    },
    /** Stops judging and writes everything down; rejects, saying how much is lost, when the store does not take it. */
    async stop(): Promise<void> {
      for (const stop of stops) stop()
      stopping = true
      await judge.underWay()
      // Nothing that is stored may be later than the heartbeat, also when the clock was set back just now.
      deps.look()
      await inTurn(write)
      await inTurn(checkpoint)
      const [trouble] = writer.troubles()
      if (trouble === undefined) return
      const terminals = fleet.table.dirty.length
      throw new Error(
        `${unsaved.unstored()} changes of state and newest data of ${terminals} terminals could not be stored and are lost: ${trouble}`,
      )
    },
    troubles: writer.troubles,
  }
}
