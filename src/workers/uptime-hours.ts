import type { Span } from '../core/outage/planned-work.ts'
import { hourOf, marginMs, settledUntil } from '../core/reports/settled.ts'
import { hourTotals } from '../core/reports/totals.ts'
import { DAY, HOUR, type Instant } from '../core/time.ts'
import type { Clock, Log, OutageStore, SettingsStore, Stop, UptimeStore } from '../ports.ts'

export type UptimeHoursDeps = {
  readonly clock: Pick<Clock, 'now' | 'every'>
  readonly trace: Pick<OutageStore, 'trace'>
  readonly hours: UptimeStore
  /** Those that count: none when planned work does not pause the clock. */
  readonly windows: () => readonly Span[]
  readonly settings: SettingsStore
  readonly log: Log
}

export type UptimeHoursOptions = {
  /** g of the settings of now. */
  readonly largestGapMs: () => number
  /** Whether planned work pauses the clock: hours that were folded under the other rule say something else. */
  readonly pauses: () => boolean
}

const PAUSES_KEY = 'uptime.pauses'

/** So much is read and folded at a time: some 1,500 rounds, a few milliseconds of work. */
const BATCH_MS = DAY

/**
 * Folds hours that are over, at the start and then every hour. An hour is folded once it is settled: its rounds are
 * all there, and planned work can only be added, ended or deleted from now on. A wall clock that was set back over
 * folded hours makes them fold anew. Hours without any round near them are not kept, since reading them is quick.
 */
export function createUptimeHours(deps: UptimeHoursDeps, options: UptimeHoursOptions) {
  const { clock, trace, hours, windows, log } = deps
  let stopTicks: Stop = () => {}
  let stopped = false
  let folding: Promise<void> | undefined

  async function forgetOtherRule(): Promise<void> {
    const now = String(options.pauses())
    const before = await deps.settings.get(PAUSES_KEY)
    if (before === now) return
    if (before !== null) await hours.forget(0)
    await deps.settings.set(PAUSES_KEY, now)
  }

  async function foldAll(): Promise<void> {
    const gap = options.largestGapMs()
    const until = settledUntil(clock.now(), gap)
    await forgetOtherRule()
    await forgetUnsettled(hours, until)
    let from = await firstToFold(hours, until)
    while (from < until && !stopped) {
      const range = { from, to: Math.min(from + BATCH_MS, until) }
      // Waiting for the store lets everything else run between two batches.
      const rows = await trace.trace(range.from - marginMs(gap), range.to + marginMs(gap))
      if (rows.length > 0) await hours.saveHours(hourTotals(rows, windows(), range))
      from = range.to
    }
  }

  /** Resolves when everything that is settled is folded, or the store failed: the next hour tries again. */
  function fold(): Promise<void> {
    folding ??= foldAll()
      .catch((error: unknown) => log.warn('uptime cannot be folded, trying again', { error: String(error) }))
      .finally(() => {
        folding = undefined
      })
    return folding
  }

  return {
    fold,
    start(): void {
      void fold()
      stopTicks = clock.every(HOUR, fold)
    },
    /** Resolves when the batch at hand is stored. */
    async stop(): Promise<void> {
      stopped = true
      stopTicks()
      await folding
    },
  }
}

async function forgetUnsettled(hours: UptimeStore, until: Instant): Promise<void> {
  const { lastHourAt } = await hours.extent()
  if (lastHourAt !== null && lastHourAt >= until) await hours.forget(until)
}

/** The hour after the newest folded one, or that of the first round; `until` when there is nothing to fold. */
async function firstToFold(hours: UptimeStore, until: Instant): Promise<Instant> {
  const { firstRoundAt, lastHourAt } = await hours.extent()
  if (lastHourAt !== null) return lastHourAt + HOUR
  return firstRoundAt === null ? until : hourOf(firstRoundAt)
}
