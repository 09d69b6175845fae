import type { Instant } from '../time.ts'
import type { Outage } from './outage.ts'
import type { Cursor, KnownVerdict } from './timeline.ts'
import { NO_TIME, type Totals } from './uptime.ts'

export type OutagePolicy = {
  /** `W`: how long a run of OKs must last to close an outage; 0: the first OK closes it. */
  readonly recoveryPeriodMs: number
  /** A letter is due when certain downtime is more than this. */
  readonly noticeAfterMs: number
  /** Operators are warned when certain downtime is so much or more; without it they are not warned early. */
  readonly warnAfterMs?: number
  /** False: planned work counts like any other time. */
  readonly maintenancePauses: boolean
}

/**
 * What the rows so far amount to (spec/outage-clock.md 2 to 4). Plain data of a bounded size: replay, the rebuild
 * after a restart and the running service fold the same rows into the same state.
 */
export type ClockState = {
  readonly cursor: Cursor | null
  /** The time line up to the cursor. All measures are differences of two of these. */
  readonly totals: Totals
  readonly steps: number
  /** By the wall clock of now: a step moves it. */
  readonly lastOk: Mark | null
  /** The same per component. */
  readonly lastOkOf: ReadonlyMap<string, Instant>
  /** The first of the two FAILs that may open an outage. */
  readonly firstFail: FirstFail | null
  /** The OKs since the last FAIL, step or gap over g. */
  readonly run: OkRun | null
  readonly open: OpenOutage | null
  /** Whether the newest known verdict left anything to complain about, and since when this is so. */
  readonly condition: { readonly impaired: boolean; readonly since: Instant } | null
}

/** An outage that has not ended, open or cancelled, with where its measures begin. */
export type OpenOutage = {
  readonly outage: Outage
  /** Time line at its first FAIL. */
  readonly start: Totals
  /** Time line at the last OK before it. */
  readonly base: Totals
  /** Elapsed time, ms, of its newest changes between OK and FAIL, oldest first. */
  readonly turns: readonly number[]
}

export type Mark = { readonly at: Instant; readonly totals: Totals }

export type FirstFail = Mark & {
  readonly known: KnownVerdict
  readonly steps: number
  /** Time line at the last OK before it, else at itself: where `possibleMs` begins. */
  readonly base: Totals
  readonly notBefore: Instant | null
  readonly failed: readonly string[]
}

export type OkRun = { readonly from: Instant; readonly fromElapsedMs: number; readonly count: number }

/** The clock before the first row. */
export const NEW_CLOCK: ClockState = {
  cursor: null,
  totals: NO_TIME,
  steps: 0,
  lastOk: null,
  lastOkOf: new Map(),
  firstFail: null,
  run: null,
  open: null,
  condition: null,
}
