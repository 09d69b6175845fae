import type { Instant } from '../time.ts'
import type { Outage } from './outage.ts'
import type { ComponentKind, UnusableCause } from './verdict.ts'

/** The watched service as the API and the pages show it. */
export type ServiceStatus = {
  readonly state: 'up' | 'degraded' | 'down' | 'unknown' | 'maintenance'
  /** Null before the first round. */
  readonly since: Instant | null
  readonly components: readonly ComponentStatus[]
  /** The open outage. */
  readonly outage?: Outage
}

export type ComponentStatus = {
  readonly id: string
  readonly kind: ComponentKind
  readonly state: 'up' | 'degraded' | 'down' | 'unknown' | 'not-watched'
  readonly latencyMs: number | null
  readonly checkedAt: Instant | null
  /** What failed or why it is not watched, with the next step. */
  readonly reason: string | null
  /** Why it is not watched. */
  readonly cause?: UnusableCause
}

export type SegmentClass = 'up' | 'down' | 'edge' | 'unknown' | 'maintenance'

/** A stretch of the time line, half open, in wall time; `ms` is its elapsed time (less clock steps). */
export type Segment = {
  readonly from: Instant
  readonly to: Instant
  readonly class: SegmentClass
  readonly ms: number
}

/** Per cent of uptime with what is known about it (spec/outage-clock.md 7). */
export type Uptime = {
  /** Null when less than 90 % of the time was observed. */
  readonly ratio: number | null
  readonly coverage: number
  readonly lower: number
  readonly upper: number
}

export type UptimeReport = Uptime & {
  readonly from: Instant
  readonly to: Instant
  readonly components: readonly (Uptime & { readonly id: string })[]
}
