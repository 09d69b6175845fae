import { type Instant, SECOND } from '../time.ts'
import {
  addBlind,
  type Blindness,
  blindUntil,
  clipBlindness,
  endBlind,
  firstHeardAt,
  instantAfter,
  lastLongBlindEnd,
  neverBlind,
} from './blindness.ts'
import { createPolls, type Polling, type Polls, setMissingBack } from './polls.ts'

/**
 * Why a source does not hear its terminals: its link, our own lag, its broker that drops messages, or, for one that
 * depends on the watched service, an outage of that or no data coming through it. `rate`: its link works, and far
 * less comes than usual, from terminals that have nothing else in common (spec/freshness.md 7).
 */
export type BlindCause = 'link' | 'lag' | 'dropped' | 'outage' | 'data-plane' | 'rate'

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
  /** Its account at the watched service, when it hears its terminals through that alone. */
  account?: string | null
  /** It is no longer configured: nothing more will be heard of it. */
  retired: boolean
  /** Start of this process: there is a grace after it. */
  startedAt: Instant
  /** While a stored MQTT session is drained, messages without a server time are snapshots; 0: not now. */
  drainingUntil: Instant
  /** Null for a pushed source. */
  polls: Polls | null
}

/** How long a drained session may take before its messages count as live again (spec/freshness.md 1). */
const DRAIN_LIMIT = 60 * SECOND

export type WatchSettings = {
  readonly id: string
  readonly intervalMs: number
  readonly liveLagMs: number
  /** At the watched service, when it hears its terminals through that alone; null: it does not. */
  readonly account?: string | null
  /** Of a polled source. */
  readonly polling?: Polling
}

/** Blind stretches of earlier runs. */
type Stretches = readonly { readonly from: Instant; readonly to: Instant }[]

/**
 * A source of this run. `observedFrom`: when it was first configured; `earlier`: stretches of earlier runs, `service`:
 * those of them in which the polled service itself was blind. A polled source is blind until its first good poll.
 */
export function createSourceWatch(
  settings: WatchSettings,
  startedAt: Instant,
  observedFrom: Instant,
  earlier: Stretches,
  service: Stretches = [],
): SourceWatch {
  const { polling, ...rest } = settings
  const blindness = blindUntil(observedFrom)
  for (const { from, to } of [...earlier, ...service]) addBlind(blindness, from, to)
  const watch: SourceWatch = {
    ...rest,
    blindness,
    causes: new Map(),
    hearsFrom: -Infinity,
    retired: false,
    startedAt,
    drainingUntil: 0,
    polls: null,
  }
  if (polling === undefined) return watch
  const serviceBlindness = neverBlind()
  for (const { from, to } of service) addBlind(serviceBlindness, from, to)
  watch.polls = createPolls(polling, serviceBlindness)
  beginBlind(watch, 'link', startedAt)
  return watch
}

/** Takes settings that were changed at `now`; a source may also become a polled one, or one no longer. */
export function useWatchSettings(watch: SourceWatch, settings: WatchSettings, now: Instant): void {
  const { polling, ...rest } = settings
  // What is known of one account says nothing of another.
  if (watch.account !== settings.account) endCause(watch, 'data-plane', now)
  Object.assign(watch, rest, { retired: false })
  if (polling === undefined) watch.polls = null
  else if (watch.polls !== null) Object.assign(watch.polls, polling)
  else {
    watch.polls = createPolls(polling, neverBlind())
    beginBlind(watch, 'link', now)
  }
}

/** The source does not hear since `at`. */
export function beginBlind(watch: SourceWatch, cause: BlindCause, at: Instant): void {
  if (watch.causes.has(cause)) return
  watch.causes.set(cause, at)
  addBlind(watch.blindness, at, Infinity)
  if (watch.polls && isOfService(cause)) addBlind(watch.polls.serviceBlindness, at, Infinity)
}

/**
 * That cause is over; the source hears again when no other holds. An end may be found out later than that of another
 * cause, and the source was blind until the later of both.
 */
export function endCause(watch: SourceWatch, cause: BlindCause, at: Instant): void {
  if (!watch.causes.delete(cause)) return
  if (watch.polls && isOfService(cause)) endServiceCause(watch, watch.polls, at)
  watch.hearsFrom = Math.max(watch.hearsFrom, at)
  if (watch.causes.size > 0) return
  endBlind(watch.blindness, watch.hearsFrom)
  watch.hearsFrom = -Infinity
}

/** Of a polled source good polls go on meanwhile, and what they tell is not to be taken for silence. */
const OF_SERVICE: readonly BlindCause[] = ['outage', 'data-plane', 'rate']

function isOfService(cause: BlindCause): boolean {
  return OF_SERVICE.includes(cause)
}

function endServiceCause({ causes }: SourceWatch, polls: Polls, at: Instant): void {
  polls.serviceHearsFrom = Math.max(polls.serviceHearsFrom, at)
  if (OF_SERVICE.some((cause) => causes.has(cause))) return
  endBlind(polls.serviceBlindness, polls.serviceHearsFrom)
  polls.serviceHearsFrom = -Infinity
}

/** A stored session is being drained from now on. */
export function beginDraining(watch: SourceWatch, at: Instant): void {
  watch.drainingUntil = at + DRAIN_LIMIT
}

/**
 * The wall clock was set back to `now`: neither blindness, for whatever cause, nor grace nor draining may reach into the
 * new future.
 */
export function setBack(watch: SourceWatch, now: Instant): void {
  clipBlindness(watch.blindness, now)
  for (const [cause, since] of watch.causes) watch.causes.set(cause, Math.min(since, now))
  watch.startedAt = Math.min(watch.startedAt, now)
  watch.hearsFrom = Math.min(watch.hearsFrom, now)
  watch.drainingUntil = Math.min(watch.drainingUntil, now + DRAIN_LIMIT)
  const { polls } = watch
  if (!polls) return
  clipBlindness(polls.serviceBlindness, now)
  polls.serviceHearsFrom = Math.min(polls.serviceHearsFrom, now)
  polls.sentAt = Math.min(polls.sentAt, now)
  polls.answeredAt = Math.min(polls.answeredAt, now)
  setMissingBack(polls, now)
}

/** End of the grace that runs or ran last: after start and after long blindness. */
export function graceEnd(watch: SourceWatch, resumeGraceMs: number): Instant {
  const resumed = Math.max(watch.startedAt, lastLongBlindEnd(watch.blindness, resumeGraceMs))
  return resumed + graceMs(watch, resumeGraceMs)
}

export function graceMs(watch: SourceWatch, resumeGraceMs: number): number {
  return Math.max(2 * watch.intervalMs, resumeGraceMs)
}

/** When it was observed for long enough to say "never": for a minute, or in one good poll; Infinity: not yet. */
export function observedAt({ polls, blindness }: SourceWatch): Instant {
  if (!polls) return instantAfter(blindness, 0, 60 * SECOND)
  const polledAt = polls.answeredAt === -Infinity ? Infinity : polls.answeredAt
  return Math.min(firstHeardAt(blindness), polledAt)
}
