import type { Instant } from '../time.ts'
import type { ClockState } from './clock-state.ts'
import type { Outage } from './outage.ts'
import { type Span, windowAt } from './planned-work.ts'
import type { ComponentStatus, ServiceStatus } from './status.ts'
import type { ComponentReading, Round } from './verdict.ts'

/** A component as configured. */
export type WatchedComponent = Pick<ComponentReading, 'id' | 'kind'>

/** What there is to tell the state from. */
export type StatusEvidence = {
  readonly clock: ClockState
  /** Through `mergeWindows`; none when planned work does not pause the clock. */
  readonly windows: readonly Span[]
  readonly components: readonly WatchedComponent[]
  /** The newest round, whatever its verdict; null before the first. */
  readonly newest: Round | null
  /** `g` of the present settings, ms: older than this is no news. */
  readonly largestGapMs: number
}

/** The state of the watched service at `now`; planned work hides everything else. */
export function serviceStatus(evidence: StatusEvidence, now: Instant): ServiceStatus {
  const outage = believed(evidence.clock)
  return {
    ...stateOf(evidence, now),
    components: evidence.components.map((component) => componentStatus(component, evidence, now)),
    ...(outage === undefined ? {} : { outage }),
  }
}

/** The open outage; one that was cancelled as false is none. */
function believed({ open }: ClockState): Outage | undefined {
  return open?.outage.state === 'open' ? open.outage : undefined
}

function stateOf(
  { clock, windows, largestGapMs }: StatusEvidence,
  now: Instant,
): Pick<ServiceStatus, 'state' | 'since'> {
  const window = windowAt(windows, now)
  if (window !== undefined) return { state: 'maintenance', since: window.from }
  const known = clock.cursor?.known ?? null
  // The time of the last verdict is one of another clock, perhaps one that is still to come.
  if (clock.cursor?.stepped === true) return { state: 'unknown', since: clock.cursor.at }
  if (known === null) return { state: 'unknown', since: null }
  if (now < known.at || now - known.at > largestGapMs)
    return { state: 'unknown', since: Math.min(known.at, now) }
  const outage = believed(clock)
  if (outage !== undefined) return { state: 'down', since: outage.start }
  const since = clock.condition?.since ?? known.at
  return { state: clock.condition?.impaired === true ? 'degraded' : 'up', since }
}

function componentStatus(
  { id, kind }: WatchedComponent,
  { newest, largestGapMs }: StatusEvidence,
  now: Instant,
): ComponentStatus {
  const reading = newest?.components.find((each) => each.id === id)
  if (newest === null || reading === undefined) {
    return { id, kind, state: 'unknown', latencyMs: null, checkedAt: null, reason: null }
  }
  const { checkedAt, result } = reading
  const base = { id, kind, checkedAt }
  if (now < newest.at || now - newest.at > largestGapMs) {
    return { ...base, state: 'unknown', latencyMs: null, reason: 'no probe lately' }
  }
  switch (result.kind) {
    case 'ok': {
      const reason = result.slow ? 'slower than its limit' : null
      return { ...base, state: result.slow ? 'degraded' : 'up', latencyMs: result.latencyMs, reason }
    }
    case 'failed': {
      // A failure that the control check did not confirm may be our own.
      const state = newest.verdict === 'unknown' ? 'unknown' : 'down'
      return { ...base, state, latencyMs: result.latencyMs, reason: `${result.phase}: ${result.evidence}` }
    }
    case 'own-fault':
      return { ...base, state: 'unknown', latencyMs: null, reason: result.reason }
    case 'unusable': {
      const { kind: _, ...why } = result
      return { ...base, state: 'not-watched', latencyMs: null, checkedAt: null, ...why }
    }
  }
}
