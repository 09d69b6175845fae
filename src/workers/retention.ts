import type { AuditEntry } from '../core/audit.ts'
import {
  type Cutoffs,
  cutoffsAt,
  type Held,
  type Removable,
  type RetentionPolicy,
} from '../core/retention/cutoffs.ts'
import { type LastRun, readLastRun, reckon } from '../core/retention/reckoning.ts'
import { DAY, type Instant, MINUTE, toIso } from '../core/time.ts'
import type {
  Clock,
  Log,
  Metrics,
  OutageStore,
  RetentionStore,
  SettingsStore,
  Slice,
  Stop,
  Timetable,
} from '../ports.ts'
import { SYSTEM } from './planned-work-draft.ts'

export type RetentionDeps = {
  readonly clock: Pick<Clock, 'now' | 'after'>
  readonly timetable: Pick<Timetable, 'run'>
  readonly store: RetentionStore
  readonly outages: Pick<OutageStore, 'load'>
  readonly settings: SettingsStore
  /** Those who hold something in memory as a whole. */
  readonly holders: Readonly<Record<Held, Holder>>
  readonly log: Log
  readonly metrics: Metrics
}

/** Removes some of what was over before an instant, in one transaction; how many, 0: nothing is left of it. */
export type Holder = (before: Instant) => Promise<number>

export type RetentionOptions = {
  readonly policy: RetentionPolicy
  /** Cron expression in `zone`. */
  readonly at: string
  readonly zone: string
  /** When this program started. */
  readonly startedAt: Instant
}

export type Retention = {
  start(): void
  /** Resolves when the slice at hand is stored. */
  stop(): Promise<void>
  /** One run; one that is under way already is that one. Never rejects. */
  run(): Promise<void>
}

export const RETENTION_KEY = 'retention.last'

/** Starting has enough to do by itself. */
const AFTER_START_MS = 5 * MINUTE
/** The database gets so long for everything else after each slice, which takes about as long. */
const PAUSE_MS = 20
/** Less free space is left for what comes: it would be taken again within days. */
const SPARE_SHARE = 0.1
const SPARE_BYTES = 16 * 1024 * 1024

type What = Removable | Held | 'joined-rounds'

/**
 * Removes what the configuration lets go, each night, and some minutes after a start whose last run is more than a day
 * old. What a run could not finish is done by the next: each slice leaves everything in order.
 */
export function createRetention(deps: RetentionDeps, options: RetentionOptions): Retention {
  const { clock, store, log, metrics } = deps
  let stops: readonly Stop[] = []
  let stopped = false
  let running: Promise<void> | undefined

  async function removeAll(): Promise<void> {
    const last = await lastRun()
    const lived = last === null ? await store.lived(options.startedAt) : []
    const { instant, aheadMs, next } = reckon(clock.now(), last, lived)
    if (Math.abs(aheadMs) > DAY) tellOfClock(aheadMs, instant)
    if (instant === null) return save(next)
    const cutoffs = cutoffsAt(instant, options.policy, await deps.outages.load(), options.zone)
    const removed = await walkAll(cutoffs)
    const freed = await shrink()
    if (removed.size > 0 || freed > 0) {
      log.info('what is kept no longer was removed', { ...Object.fromEntries(removed), freedBytes: freed })
    }
    if (!stopped) await save(next)
  }

  async function walkAll({ join, remove }: Cutoffs): Promise<ReadonlyMap<What, number>> {
    const removed = new Map<What, number>()
    const walk = async (what: What, slice: (after: number) => Promise<Slice>): Promise<void> => {
      const count = await walkSlices(slice)
      if (count === 0) return
      removed.set(what, count)
      metrics.add('watch_retention_removed_total', { what }, count)
    }
    if (join !== null) await walk('joined-rounds', (after) => store.join(join, after))
    for (const { what, before } of remove) {
      await walk(what, sliceOf(what, before))
    }
    return removed
  }

  function sliceOf(what: Removable | Held, before: Instant): (after: number) => Promise<Slice> {
    switch (what) {
      case 'requests':
      case 'windows':
        return async () => {
          const removed = await deps.holders[what](before)
          return { removed, next: removed === 0 ? null : 0 }
        }
      case 'audit':
        return auditSlices(before)
      default:
        return (after) => store.remove(what, before, after)
    }
  }

  /** That there were older entries stands in the trail itself, from the first slice that removes any. */
  function auditSlices(before: Instant): (after: number) => Promise<Slice> {
    let told = false
    return async (after) => {
      const slice = await store.removeAudit(before, after, told ? null : removalEntry(before, clock.now()))
      told ||= slice.removed > 0
      return slice
    }
  }

  async function walkSlices(slice: (after: number) => Promise<Slice>): Promise<number> {
    let count = 0
    for (let after: number | null = 0; after !== null && !stopped; ) {
      const { removed, next }: Slice = await slice(after)
      count += removed
      after = next
      if (removed > 0) await pause()
    }
    return count
  }

  /** Bytes that the disk got back. */
  async function shrink(): Promise<number> {
    let freed = 0
    while (!stopped) {
      const { bytes, freeBytes } = await store.space()
      if (freeBytes <= Math.max(SPARE_BYTES, bytes * SPARE_SHARE)) break
      const given = await store.shrink()
      if (given === 0) break
      freed += given
      await pause()
    }
    return freed
  }

  const pause = (): Promise<void> => new Promise((resolve) => void clock.after(PAUSE_MS, resolve))

  const lastRun = async (): Promise<LastRun | null> => readLastRun(await deps.settings.get(RETENTION_KEY))

  const save = (last: LastRun): Promise<void> => deps.settings.set(RETENTION_KEY, JSON.stringify(last))

  function tellOfClock(aheadMs: number, reckoned: Instant | null): void {
    log.warn(
      aheadMs < 0
        ? 'the clock is behind the last run of retention or what was stored, so nothing is removed; check the clock'
        : 'the clock is far ahead of the last run of retention or what was stored; removal follows it by a week a run; check the clock',
      {
        days: Math.round(Math.abs(aheadMs) / DAY),
        ...(reckoned === null ? {} : { reckoned: toIso(reckoned) }),
      },
    )
  }

  function run(): Promise<void> {
    running ??= removeAll()
      .catch((error: unknown) => {
        if (!stopped)
          log.warn('not all that is old could be removed, going on next time', { error: String(error) })
      })
      .finally(() => {
        running = undefined
      })
    return running
  }

  async function runWhenMissed(): Promise<void> {
    const at = (await lastRun().catch(() => null))?.at ?? Number.NEGATIVE_INFINITY
    if (!stopped && Math.abs(clock.now() - at) > DAY) await run()
  }

  return {
    run,
    start(): void {
      stops = [deps.timetable.run(options.at, options.zone, run), clock.after(AFTER_START_MS, runWhenMissed)]
    },
    async stop(): Promise<void> {
      stopped = true
      for (const stop of stops) stop()
      await running
    },
  }
}

function removalEntry(before: Instant, at: Instant): AuditEntry {
  const after = { before: toIso(before) }
  return { at, actor: SYSTEM, action: 'audit.remove', subject: 'audit', before: null, after }
}
