import type { UptimeReport } from '../core/outage/status.ts'
import { type PeriodKind, periodsOf } from '../core/reports/periods.ts'
import type { Instant } from '../core/time.ts'
import type { Clock, UptimeStore } from '../ports.ts'
import type { ServiceHistory } from './service-history.ts'

export type ReportsDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly history: Pick<ServiceHistory, 'uptime'>
  readonly hours: Pick<UptimeStore, 'extent'>
}

export type ReportsOptions = {
  /** IANA name of the zone that days, weeks and months are cut in. */
  readonly zone: string
}

/** Ten years of days; older ones are asked for with an earlier end. */
const MOST_PERIODS = 3660

/**
 * Uptime of the whole days, weeks or months that have a part in [from, to), newest first; the running one up to now.
 * Those before the first round are left out.
 */
export function createReports({ clock, history, hours }: ReportsDeps, { zone }: ReportsOptions) {
  return {
    async uptime(period: PeriodKind, from: Instant, to: Instant): Promise<readonly UptimeReport[]> {
      const { firstRoundAt } = await hours.extent()
      if (firstRoundAt === null) return []
      const range = { from: Math.max(from, firstRoundAt), to: Math.min(to, clock.now()) }
      const reports: UptimeReport[] = []
      for (const whole of periodsOf(period, range, zone, MOST_PERIODS)) {
        reports.push(await history.uptime(whole.from, whole.to))
      }
      return reports
    },
  }
}
