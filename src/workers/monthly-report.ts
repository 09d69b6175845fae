import type { Language } from '../core/letters/letter.ts'
import type { MonthlyReport } from '../core/letters/operator-letter.ts'
import type { Outage } from '../core/outage/outage.ts'
import type { Span } from '../core/outage/planned-work.ts'
import { monthRow, outagesWithin } from '../core/reports/month-rows.ts'
import { monthKey, periodAt } from '../core/reports/periods.ts'
import { HOUR, type Instant } from '../core/time.ts'
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

/**
 * Sends operators the uptime of each month on the first day of the next one at 09:00 of the zone, and later when the
 * service was not running or the store failed then. The letters in the outbox say that a month is done.
 */
export function createMonthlyReport(deps: MonthlyReportDeps, options: MonthlyReportOptions) {
  const { clock, outbox, log } = deps
  const { zone, language, serviceName } = options
  let stops: readonly Stop[] = []
  let checking: Promise<void> | undefined
  let done = ''

  async function sendDue(): Promise<void> {
    const month = monthBefore(clock.now() - SENT_FROM_HOUR * HOUR, zone)
    const key = monthKey(month.from, zone)
    if (key === done) return
    const { firstRoundAt } = await deps.hours.extent()
    if (firstRoundAt === null || firstRoundAt >= month.to) return
    const { total } = await outbox.list({ subject: `report-${key}`, limit: 1 })
    if (total === 0) await deps.send({ month: month.from, rows: await rowsOf(month) })
    done = key
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

function monthBefore(at: Instant, zone: string): Span {
  return periodAt('month', periodAt('month', at, zone).from - 1, zone)
}
