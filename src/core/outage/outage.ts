import type { Instant } from '../time.ts'
import type { Bulletins, Handling } from './handling.ts'

/** Planned work, half open: [from, to). */
export type MaintenanceWindow = {
  readonly id: string
  readonly from: Instant
  readonly to: Instant
  readonly reason: string
  /** Recipients were told of it by letter. */
  readonly announced?: boolean
  /** Id of the rule that planned it. */
  readonly rule?: string
}

/** Planned work that comes back. */
export type MaintenanceRule = {
  readonly id: string
  /** Five fields, in the configured zone: when it begins. */
  readonly cron: string
  readonly durationMs: number
  readonly reason: string
  /** Each of its windows is announced to the recipients. */
  readonly announce: boolean
}

/** One outage as it is stored and shown (spec/outage-clock.md 3 and 4). */
export type Outage = {
  /** Derived from the start, so that a rebuild after a crash finds the same row: `20261123T081500Z`. */
  readonly id: string
  /** `cancelled` stays when it ends; an outage is over when `end` is set. */
  readonly state: 'open' | 'closed' | 'cancelled'
  /** Issue time of its first FAIL. */
  readonly start: Instant
  /** The last OK before it: it did not begin earlier. Null when there was none. */
  readonly notBefore: Instant | null
  /** The first OK of the run that closed it. */
  readonly end: Instant | null
  /** Certain downtime, ms. */
  readonly downMs: number
  /** From the last OK before it to its latest FAIL, less UP and MAINTENANCE, ms. */
  readonly possibleMs: number
  readonly latestFailAt: Instant
  /** The FAIL that proved more than `noticeAfter`. */
  readonly letterDueAt: Instant | null
  readonly operatorAlarmAt: Instant | null
  /** The FAIL that proved `warnAfter` or more: operators are warned early. */
  readonly warnedAt: Instant | null
  readonly intermittent: boolean
  /** Ids of the components that failed in it. */
  readonly failed: readonly string[]
  readonly handling: Handling
  readonly bulletins: Bulletins
}
