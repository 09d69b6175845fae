import { type Instant, SECOND } from '../time.ts'
import {
  addBlind,
  type Blindness,
  blindUntil,
  clipBlindness,
  endBlind,
  instantAfter,
  lastLongBlindEnd,
} from './blindness.ts'

/**
 * Why a source does not hear its terminals: its link, our own lag, or, for one that depends on the watched service,
 * an outage of that or no data coming through it.
 */
export type BlindCause = 'link' | 'lag' | 'outage' | 'data-plane'

/** What is watched of one source (spec/freshness.md 3). */
export type SourceWatch = {
  readonly id: string
  /** Declared reporting interval of its terminals, ms. */
  intervalMs: number
  liveLagMs: number
  readonly blindness: Blindness
  /** Causes that hold now, with their beginning. */
  readonly causes: Map<BlindCause, Instant>
  /** The latest end of a cause while another still holds; -Infinity without one. */
  hearsFrom: Instant
  /** It hears its terminals through the watched service alone. */
  dependsOnService?: boolean
  /** Start of this process: there is a grace after it. */
  startedAt: Instant
  /** While a stored MQTT session is drained, messages without a server time are snapshots; 0: not now. */
  drainingUntil: Instant
}

/** How long a drained session may take before its messages count as live again (spec/freshness.md 1). */
const DRAIN_LIMIT = 60 * SECOND

export type WatchSettings = {
  readonly id: string
  readonly intervalMs: number
  readonly liveLagMs: number
  readonly dependsOnService?: boolean
}

/** A source of this run. `observedFrom`: when it was first configured; `earlier`: stretches of earlier runs. */
export function createSourceWatch(
  settings: WatchSettings,
  startedAt: Instant,
  observedFrom: Instant,
  earlier: readonly { readonly from: Instant; readonly to: Instant }[],
): SourceWatch {
  const blindness = blindUntil(observedFrom)
  for (const { from, to } of earlier) addBlind(blindness, from, to)
  return {
    ...settings,
    blindness,
    causes: new Map(),
    hearsFrom: -Infinity,
    startedAt,
    drainingUntil: 0,
  }
}

/** The source does not hear since `at`. */
export function beginBlind(watch: SourceWatch, cause: BlindCause, at: Instant): void {
  if (watch.causes.has(cause)) return
  watch.causes.set(cause, at)
  addBlind(watch.blindness, at, Infinity)
}

/**
 * That cause is over; the source hears again when no other holds. An end may be found out later than that of another
 * cause, and the source was blind until the later of both.
 */
export function endCause(watch: SourceWatch, cause: BlindCause, at: Instant): void {
  if (!watch.causes.delete(cause)) return
  watch.hearsFrom = Math.max(watch.hearsFrom, at)
  if (watch.causes.size > 0) return
  endBlind(watch.blindness, watch.hearsFrom)
  watch.hearsFrom = -Infinity
}

/** A stored session is being drained from now on. */
export function beginDraining(watch: SourceWatch, at: Instant): void {
  watch.drainingUntil = at + DRAIN_LIMIT
}

/** The wall clock was set back to `now`: neither blindness nor grace nor draining may reach into the new future. */
export function setBack(watch: SourceWatch, now: Instant): void {
  clipBlindness(watch.blindness, now)
  watch.startedAt = Math.min(watch.startedAt, now)
  watch.hearsFrom = Math.min(watch.hearsFrom, now)
  watch.drainingUntil = Math.min(watch.drainingUntil, now + DRAIN_LIMIT)
}

/** End of the grace that runs or ran last: after start and after long blindness. */
export function graceEnd(watch: SourceWatch, resumeGraceMs: number): Instant {
  const resumed = Math.max(watch.startedAt, lastLongBlindEnd(watch.blindness, resumeGraceMs))
  return resumed + graceMs(watch, resumeGraceMs)
}

export function graceMs(watch: SourceWatch, resumeGraceMs: number): number {
  return Math.max(2 * watch.intervalMs, resumeGraceMs)
}

/** When a minute of observation was complete, so that "never" may be said; Infinity: not yet. */
export function observedMinuteAt(watch: SourceWatch): Instant {
  return instantAfter(watch.blindness, 0, 60 * SECOND)
}
