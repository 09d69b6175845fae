import type { ClockStep, Round, Verdict } from '../../../src/core/outage/verdict.ts'
import { HOUR, type Instant, MINUTE } from '../../../src/core/time.ts'

/** Minute 0 of the traces. */
export const T0: Instant = 1_767_225_600_000

/** The settings of the worked cases in spec/outage-clock.md 8. */
export const SETTINGS = { intervalMs: MINUTE, timeoutMs: MINUTE / 2 }
export const POLICY = { recoveryPeriodMs: 5 * MINUTE, noticeAfterMs: HOUR, maintenancePauses: true }

export function minute(minutes: number): Instant {
  return T0 + minutes * MINUTE
}

export function round(at: Instant, verdict: Verdict, more: Partial<Round> = {}): Round {
  return { kind: 'round', at, completedAt: at, ...SETTINGS, verdict, components: [], ...more }
}

export function step(at: Instant, deltaMs: number): ClockStep {
  return { kind: 'step', at, deltaMs }
}

/** One round a minute, first and last included. */
export function rounds(verdict: Verdict, first: number, last: number): readonly Round[] {
  return Array.from({ length: last - first + 1 }, (_, index) => round(minute(first + index), verdict))
}
