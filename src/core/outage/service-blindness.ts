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
  /** By account, for accounts live on different servers: no new data came through, whatever else answered. */
  readonly dataPlanes: ReadonlyMap<string, ServiceBlindness | null>
}

export const SEEING: ServiceBlindnesses = { outage: null, dataPlanes: new Map() }

/** A component that watches whether new data keeps coming to an account. */
export type DataPlane = {
  /** Id of the component. */
  readonly id: string
  readonly account: string
  /** So long nothing had come when its probe says that nothing comes: the stretch began that much earlier, ms. */
  readonly stalledAfterMs: number
}

type PlaneReading = Pick<ComponentReading, 'checkedAt' | 'result'> & Pick<DataPlane, 'stalledAfterMs'>

/**
 * The stretch that counts for an account. Of one that nothing watches it is unknown on which server it lives, so that of any
 * other counts: what lasts, else what ended last.
 */
export function dataPlaneOf(
  dataPlanes: ServiceBlindnesses['dataPlanes'],
  account: string,
): ServiceBlindness | null {
  const own = dataPlanes.get(account)
  if (own !== undefined) return own
  const stretches = [...dataPlanes.values()].filter((one) => one !== null)
  return stretches.toSorted((a, b) => endOf(b) - endOf(a) || a.from - b.from)[0] ?? null
}

function endOf({ to }: ServiceBlindness): Instant {
  return to ?? Number.MAX_SAFE_INTEGER
}

/** An outage is known from its second FAIL on, and its beginning and end are dated back. */
export function blindnessOf({ state, start, end }: Outage): ServiceBlindness | null {
  return state === 'cancelled' ? null : { from: start, to: end }
}

/** What is known of an account after one more round; `planes`: all that watch it. */
export function noteDataPlane(
  before: ServiceBlindness | null,
  { verdict, components }: Round,
  planes: readonly DataPlane[],
): ServiceBlindness | null {
  const reading = decisive(readingsOf(components, planes))
  const lasts = before !== null && before.to === null
  if (reading === undefined) return lasts ? null : before
  switch (reading.result.kind) {
    case 'failed':
      // A failure that the control check did not confirm may be our own.
      if (lasts || verdict === 'unknown') return before
      return { from: beginning(reading), to: null }
    case 'ok':
      return lasts ? { from: before.from, to: reading.checkedAt } : before
    case 'unusable':
      return lasts ? null : before
    case 'own-fault':
      return before
  }
}

function readingsOf(components: readonly ComponentReading[], planes: readonly DataPlane[]): PlaneReading[] {
  return planes.flatMap(({ id, stalledAfterMs }) => {
    const reading = components.find((one) => one.id === id)
    return reading === undefined ? [] : [{ ...reading, stalledAfterMs }]
  })
}

/** One that still waits for its turn, or for a longer silence, does not speak against one that failed. */
function decisive(readings: readonly PlaneReading[]): PlaneReading | undefined {
  const newestFirst = readings.toSorted((a, b) => b.checkedAt - a.checkedAt)
  return newestFirst.find(({ result }) => result.kind === 'failed') ?? newestFirst[0]
}

function beginning({ checkedAt, result, stalledAfterMs }: PlaneReading): Instant {
  const stalled = result.kind === 'failed' && result.stalled === true
  return stalled ? checkedAt - Math.min(stalledAfterMs, DAY) : checkedAt
}
