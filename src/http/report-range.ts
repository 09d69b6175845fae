import { z } from '@hono/zod-openapi'
import { DAY, type Instant } from '../core/time.ts'
import type { ReportPeriod } from './deps/service.ts'

/** Periods of a report. */
export const REPORT_PERIODS = ['day', 'week', 'month'] as const satisfies readonly ReportPeriod[]

export const PeriodJson = z.enum(REPORT_PERIODS)

/** Lengths that no period falls short of, local days being 23 hours at least. */
const SHORTEST: Readonly<Record<ReportPeriod, number>> = { day: DAY, week: 7 * DAY, month: 28 * DAY }

/** How far a report reaches back when nobody says. */
const USUAL: Readonly<Record<ReportPeriod, number>> = { day: 13 * DAY, week: 77 * DAY, month: 335 * DAY }

const MAX_PERIODS = 1000

/** What a report covers when its range is not given, or only in part; `to` is never after now. */
export function reportRange(
  period: ReportPeriod,
  now: Instant,
  given: { readonly from?: Instant | undefined; readonly to?: Instant | undefined } = {},
): { readonly from: Instant; readonly to: Instant } {
  const to = Math.min(given.to ?? now, now)
  return { from: given.from ?? to - USUAL[period], to }
}

/** True when a range has more periods than are computed at once. */
export function isTooLong(period: ReportPeriod, from: Instant, to: Instant): boolean {
  return to - from > MAX_PERIODS * SHORTEST[period]
}
