import type { Instant } from '../time.ts'
import type { CauseCode } from './diagnosis/codes.ts'

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
  /** Why it is probably silent, of a change into silence. */
  readonly cause?: CauseCode
  /** Id of the incident that explains the silence, of a change into or out of silence too. */
  readonly incident?: string
}

/** Place of a state in STATES plus 1: the code in the register table. */
export type StateCode = number

export const CODE = Object.fromEntries(STATES.map((state, index) => [state, index + 1])) as Readonly<
  Record<State, StateCode>
>

export function stateOf(code: StateCode): State | null {
  return STATES[code - 1] ?? null
}

/** States in which a terminal is silent although it should not be. */
export function isSilent(code: StateCode): boolean {
  return code === CODE.stale || code === CODE.lost
}

/** States that people said: the terminal is not judged in them. */
export function isSaid(code: StateCode): boolean {
  return code === CODE.maintenance || code === CODE.suspended || code === CODE.decommissioned
}

/** What a terminal's state is derived from. Instants 0: never. Times in ms. */
export type Evidence = {
  now: Instant
  /** When ages are taken: now, or of a polled source that is not blind at its last good poll. */
  ageAt: Instant
  contactAt: Instant
  dataAt: Instant
  fixAt: Instant
  parked: boolean
  /** Observed time of its source since `contactAt`. */
  silenceMs: number
  /** Observed time of its source since `fixAt`. */
  fixSilenceMs: number
  movingMs: number
  /** Infinity: not judged while parked. */
  parkedMs: number
  lostMs: number
  /** A grace runs; it may hold back for `graceMs` of further silence at most. */
  inGrace: boolean
  graceMs: number
  /** The source has been observed for long enough to say "never". */
  observed: boolean
}

/** The first row of the table of spec/freshness.md 5 that matches, without what people said of the terminal. */
export function derive(evidence: Evidence): StateCode {
  const { ageAt, contactAt, silenceMs, movingMs, parked } = evidence
  if (contactAt === 0 && evidence.dataAt === 0) return evidence.observed ? CODE.never : CODE.unknown
  const threshold = parked ? evidence.parkedMs : movingMs
  if (silenceMs > threshold) {
    if (evidence.inGrace && silenceMs <= threshold + evidence.graceMs) return CODE.unknown
    return silenceMs > Math.max(evidence.lostMs, threshold) ? CODE.lost : CODE.stale
  }
  if (ageAt - contactAt > threshold) return CODE.unknown
  if (ageAt - evidence.dataAt > threshold) return CODE.backlog
  if (parked) return silenceMs > movingMs ? CODE.sleeping : CODE.fresh
  return evidence.fixAt > 0 && evidence.fixSilenceMs > movingMs ? CODE['no-fix'] : CODE.fresh
}
