import { MINUTE, SECOND } from '../../core/time.ts'
import type { LinkEnd } from './link-end.ts'
import type { ProtocolVersion } from './options.ts'
import { firstVersion, nextVersion, type VersionState } from './protocol-version.ts'

/** All that is remembered between two connections. */
export type RetryState = {
  /** Failures in a row; the exponent of the back-off. */
  readonly attempt: number
  readonly version: VersionState
  /** When connections ended as by a takeover, at most a minute ago, monotonic. */
  readonly kicks: readonly number[]
  /** A takeover loop was found and no connection has been stable since. */
  readonly contested: boolean
}

export type RetryEvent =
  | { readonly kind: 'version-changed'; readonly to: ProtocolVersion }
  /** Another client with our client id: the two throw each other out for ever. */
  | { readonly kind: 'takeover-loop' }

export type Retry = {
  readonly state: RetryState
  readonly delayMs: number
  readonly events: readonly RetryEvent[]
}

const FIRST_MS = SECOND
const LONGEST_MS = MINUTE
/** A connection that stood this long was a good one: the next failure begins anew. */
export const STABLE_MS = 30 * SECOND
const KICKS_IN_A_MINUTE = 3

/** Before the first connection. */
export function firstTry(preferred: ProtocolVersion): RetryState {
  return { attempt: 0, version: firstVersion(preferred), kicks: [], contested: false }
}

/**
 * When and how to connect again after `end`. `now` is monotonic, `random` is from [0, 1).
 * A short-lived connection counts as a failure, or takeovers and packets that break the link on each replay would
 * make us spin.
 */
export function decide(
  state: RetryState,
  end: LinkEnd,
  preferred: ProtocolVersion,
  now: number,
  random: number,
): Retry {
  const stable = end.kind === 'lost' && end.upMs >= STABLE_MS
  const attempt = stable ? 0 : state.attempt
  const version = nextVersion(state.version, end, preferred)
  const kicks = recentKicks(state.kicks, end, now)
  const looping = kicks.length >= KICKS_IN_A_MINUTE
  const contested = looping || (state.contested && !stable)
  const changed = version.current !== state.version.current
  const events: RetryEvent[] = []
  if (changed) events.push({ kind: 'version-changed', to: version.current })
  if (looping && !state.contested) events.push({ kind: 'takeover-loop' })
  // A plain "I do not speak that" is answered at once, but only on the way down: two refusals must not spin.
  const askAgainNow = changed && end.kind === 'refused' && version.current === 4
  const delayMs = askAgainNow ? 0 : retryDelayMs(end, attempt, random)
  return { state: { attempt: attempt + 1, version, kicks, contested }, delayMs, events }
}

/** Full jitter: anything from nothing to 1 s, 2 s, 4 s ... 60 s, so that a fleet of clients does not come in step. */
export function backoffMs(attempt: number, random: number): number {
  return Math.round(random * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16)))
}

/** Where only a person can help, soon again means a locked account: the upper half of the longest back-off. */
export function patientMs(random: number): number {
  return Math.round(LONGEST_MS * (0.5 + random / 2))
}

function retryDelayMs(end: LinkEnd, attempt: number, random: number): number {
  const hopeless = end.kind === 'refused' && end.cause === 'credentials'
  return hopeless ? patientMs(random) : backoffMs(attempt, random)
}

function recentKicks(kicks: readonly number[], end: LinkEnd, now: number): readonly number[] {
  const recent = kicks.filter((at) => now - at < MINUTE)
  return end.kind === 'lost' && end.kicked ? [...recent, now] : recent
}
