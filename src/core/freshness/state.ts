import type { Instant } from '../time.ts'

/** States of spec/freshness.md 5, in the order of its table. */
export const STATES = [
  'decommissioned',
  'suspended',
  'maintenance',
  'never',
  'lost',
  'stale',
  'unknown',
  'backlog',
  'sleeping',
  'no-fix',
  'fresh',
] as const

export type State = (typeof STATES)[number]

/** A change of state, dated when it was due. */
export type Transition = {
  readonly terminalId: string
  readonly at: Instant
  /** Null for the first state of a terminal. */
  readonly from: State | null
  readonly to: State
  /** Onset of the silence: `contactAt` at that time; null when there was no contact. */
  readonly contactAt: Instant | null
  readonly source: string
  /** Id of the alert that this raises; absent when it raises none. */
  readonly alertId?: string
  /** The link is unstable: no further alerts that day. */
  readonly note?: 'unstable-link'
}
