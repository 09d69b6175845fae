import type { Instant } from '../time.ts'
import { addBlind, type Blindness, blindSince } from './blindness.ts'
import { type Poll, pollsHoldMs } from './polls.ts'
import { beginBlind, endCause, type SourceWatch } from './source-watch.ts'

/** A poll of a polled source was good. */
export function notePoll(watch: SourceWatch, { sentAt, answeredAt }: Poll): void {
  const { polls } = watch
  if (!polls) return
  polls.sentAt = Math.max(polls.sentAt, sentAt)
  polls.answeredAt = Math.max(polls.answeredAt, answeredAt)
  endCause(watch, 'link', answeredAt)
}

/**
 * A polled source is blind when its last good poll is too old, and was so from that poll on. To be called before each
 * judgement. True: this was found out just now.
 */
export function lookAtPolls(watch: SourceWatch, now: Instant): boolean {
  const { polls } = watch
  if (!polls || watch.causes.has('link') || now - polls.answeredAt <= pollsHoldMs(polls)) return false
  loseLink(watch, now)
  return true
}

/** Nothing is heard over the source's own road from `now` on; of a polled one nothing is known since its last good poll. */
export function loseLink(watch: SourceWatch, now: Instant): void {
  const polledAt = watch.polls?.answeredAt ?? -Infinity
  beginBlind(watch, 'link', polledAt === -Infinity ? now : Math.min(polledAt, now))
}

/**
 * The wall clock jumped over [from, to). For a polled source this is no silence either: what it heard before is dated
 * by the clock that was wrong. A machine that slept looks the same, and then its dead are found that much later.
 */
export function noteJump(watch: SourceWatch, from: Instant, to: Instant): void {
  addBlind(watch.blindness, from, to)
  if (watch.polls) addBlind(watch.polls.serviceBlindness, from, to)
}

/**
 * Since when the source is blind, for people; null: it is not. A good poll between two blind stretches leaves no time
 * between them, and a source that was never heard has none before: both are blind since the first of the causes that
 * hold now began.
 */
export function sourceBlindSince({ blindness, causes, polls }: SourceWatch): Instant | null {
  const since = blindSince(blindness)
  if (since === null || causes.size === 0) return since
  const isPolled = polls !== null && polls.answeredAt !== -Infinity
  return isPolled || since === -Infinity ? Math.max(since, Math.min(...causes.values())) : since
}

/** The time that is no silence of its terminals. */
export function deafness(watch: SourceWatch): Blindness {
  return watch.polls?.serviceBlindness ?? watch.blindness
}

/** Up to when silence is observed at `now`: of a polled source only its last good poll tells. */
export function heardUntil({ polls }: SourceWatch, now: Instant): Instant {
  return polls ? Math.min(polls.sentAt, now) : now
}
