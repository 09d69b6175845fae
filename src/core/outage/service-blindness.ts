import { DAY, type Instant } from '../time.ts'
import type { Outage } from './outage.ts'
import type { ComponentReading, Round } from './verdict.ts'

/**
 * A stretch in which the watched service itself heard no terminal, so that what depends on it was blind
 * (spec/freshness.md 3). `to` null: it lasts.
 */
export type ServiceBlindness = { readonly from: Instant; readonly to: Instant | null }

/** The newest stretch of each kind. */
export type ServiceBlindnesses = {
  /** The outage as the clock tells it; one that was cancelled as false is none. */
  readonly outage: ServiceBlindness | null
  /** No new data came through it, whatever else answered. */
  readonly dataPlane: ServiceBlindness | null
}

export const SEEING: ServiceBlindnesses = { outage: null, dataPlane: null }

/** An outage is known from its second FAIL on, and its beginning and end are dated back. */
export function blindnessOf({ state, start, end }: Outage): ServiceBlindness | null {
  return state === 'cancelled' ? null : { from: start, to: end }
}

/**
 * The data plane after one more round. `stalledAfterMs`: so long nothing had come when its probe says that nothing
 * comes, so that the stretch began that much earlier.
 */
export function noteDataPlane(
  before: ServiceBlindness | null,
  { verdict, components }: Round,
  stalledAfterMs: number,
): ServiceBlindness | null {
  const reading = components.find(({ kind }) => kind === 'omnicomm-dataplane')
  const lasts = before !== null && before.to === null
  if (reading === undefined) return lasts ? null : before
  switch (reading.result.kind) {
    case 'failed':
      // A failure that the control check did not confirm may be our own.
      if (lasts || verdict === 'unknown') return before
      return { from: beginning(reading, stalledAfterMs), to: null }
    case 'ok':
      return lasts ? { from: before.from, to: reading.checkedAt } : before
    case 'unusable':
      return lasts ? null : before
    case 'own-fault':
      return before
  }
}

function beginning({ checkedAt, result }: ComponentReading, stalledAfterMs: number): Instant {
  const stalled = result.kind === 'failed' && result.stalled === true
  return stalled ? checkedAt - Math.min(stalledAfterMs, DAY) : checkedAt
}
