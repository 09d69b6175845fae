import type { Language } from '../core/letters/letter.ts'
import { type MonthlyReport, reportSubject } from '../core/letters/operator-letter.ts'
import type { Outage } from '../core/outage/outage.ts'
import type { Span } from '../core/outage/planned-work.ts'
import { monthRow, outagesWithin } from '../core/reports/month-rows.ts'
import { monthKey, periodAt, periodsOf } from '../core/reports/periods.ts'
import { DAY, HOUR, type Instant } from '../core/time.ts'
import type { Clock, Log, OutageStore, Outbox, Stop, Timetable, UptimeStore } from '../ports.ts'
import type { ServiceHistory } from './service-history.ts'

export type MonthlyReportDeps = {
  readonly clock: Pick<Clock, 'now' | 'every'>
  readonly timetable: Pick<Timetable, 'run'>
  readonly history: Pick<ServiceHistory, 'totals'>
  readonly outages: Pick<OutageStore, 'outages'>
  readonly hours: Pick<UptimeStore, 'extent'>
  readonly outbox: Pick<Outbox, 'list'>
  /** Writes the letters to all operators; resolves when they are stored. */
  readonly send: (report: MonthlyReport) => Promise<void>
  readonly log: Log
}

export type MonthlyReportOptions = {
  readonly zone: string
  readonly language: Language
  readonly serviceName: string
}

/** The first day of the month at 09:00. */
const CRON = '0 9 1 * *'
const SENT_FROM_HOUR = 9
const PAGE = 100
/** Their letters are kept for a day more at least (`retention.operatorLetters`): without them all would be sent again. */
const LOOKED_BACK_MS = 62 * DAY
const MOST_MONTHS = 3
/** A letter from further ahead was written by a wrong clock, when its month was not over. */
const TOLERATED_MS = HOUR

/**
 * Sends operators the uptime of each month on the first day of the next one at 09:00 of the zone, and later when the
 * service was not running, the store failed or there were no operators then, a whole month later too. The letters in
 * the outbox say that a month is done.
 */
export function createMonthlyReport(deps: MonthlyReportDeps, options: MonthlyReportOptions) {
  const { clock, outbox, log } = deps
  const { zone, language, serviceName } = options
  let stops: readonly Stop[] = []
  let checking: Promise<void> | undefined
  /** When the letters of a month were found in the outbox, by its subject. */
  const done = new Map<string, Instant>()

  async function sendDue(): Promise<void> {
    const now = clock.now()
    const { firstRoundAt } = await deps.hours.extent()
    if (firstRoundAt === null) return
    for (const month of dueMonths(now, zone)) if (firstRoundAt < month.to) await sendOnce(month, now)
  }

  async function sendOnce(month: Span, now: Instant): Promise<void> {
    const subject = reportSubject(monthKey(month.from, zone))
    if ((done.get(subject) ?? Number.POSITIVE_INFINITY) <= now) return
    const [newest] = (await outbox.list({ subject, limit: 1 })).items
    if (newest !== undefined && newest.dueAt <= now + TOLERATED_MS) done.set(subject, now)
    else
      await deps.send({ month: month.from, rows: await rowsOf(month), sequence: 1 + (newest?.sequence ?? 0) })
  }

  async function rowsOf(month: Span): Promise<readonly string[]> {
    const { service, components } = await deps.history.totals(month.from, month.to)
    const outages = await outagesSince(month.from)
    const whole = { name: serviceName, totals: service, outages: outagesWithin(outages, month) }
    const parts = components.map(({ id, totals }) => {
      return { name: id, totals, outages: outagesWithin(outages, month, id) }
    })
    return [whole, ...parts].map((part) => monthRow(part, language))
  }

  /** They do not overlap: before one that had ended by then there is no other. */
  async function outagesSince(from: Instant): Promise<readonly Outage[]> {
    const found: Outage[] = []
    for (;;) {
      const before = found.at(-1)?.id
      const page = await deps.outages.outages(PAGE, before)
      found.push(...page)
      const oldest = page.at(-1)
      if (page.length < PAGE || (oldest?.end ?? Number.POSITIVE_INFINITY) <= from) return found
    }
  }

  /** Resolves when the report of the last month is stored, or the store failed: the next hour tries again. */
  function check(): Promise<void> {
    checking ??= sendDue()
      .catch((error: unknown) =>
        log.warn('the monthly report cannot be written, trying again', { error: String(error) }),
      )
      .finally(() => {
        checking = undefined
      })
    return checking
  }

  return {
    check,
    start(): void {
      void check()
      stops = [deps.timetable.run(CRON, zone, check), clock.every(HOUR, check)]
    },
    async stop(): Promise<void> {
      for (const stop of stops) stop()
      await checking
    },
  }
}

/** Months that are over and whose report was due lately, the oldest first. */
function dueMonths(now: Instant, zone: string): readonly Span[] {
  const at = now - SENT_FROM_HOUR * HOUR
  const running = periodAt('month', at, zone)
  return periodsOf('month', { from: at - LOOKED_BACK_MS, to: running.from }, zone, MOST_MONTHS).toReversed()
}
