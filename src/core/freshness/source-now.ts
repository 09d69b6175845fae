import type { Instant } from '../time.ts'
import { type Blindness, isBlind } from './blindness.ts'
import { deafness, heardUntil } from './polled-watch.ts'
import type { Polls } from './polls.ts'
import { graceEnd, graceMs, observedAt, type SourceWatch } from './source-watch.ts'

/** What the sweep needs of a source, worked out once per sweep. */
export type SourceNow = {
  readonly blind: boolean
  /** Null for a pushed source. */
  readonly polls: Polls | null
  /** How far live data may lag behind its contact. */
  readonly lagMs: number
  /** What is no silence. */
  readonly deafness: Blindness
  /** Up to when silence is observed. */
  readonly heardUntil: Instant
  readonly ageAt: Instant
  readonly graceEnd: Instant
  readonly graceMs: number
  readonly observedAt: Instant
  /** Since when it has heard without a break; Infinity: it does not, or is a polled one. */
  readonly hearsSince: Instant
}

/** What is known of the source as of `now`. */
export function sourceNow(watch: SourceWatch, resumeGraceMs: number, now: Instant): SourceNow {
  const blind = isBlind(watch.blindness)
  const until = heardUntil(watch, now)
  return {
    blind,
    polls: watch.polls,
    lagMs: watch.liveLagMs + (watch.polls?.everyMs ?? 0),
    deafness: deafness(watch),
    heardUntil: until,
    // Between two good polls nobody is blind, so that nobody gets older without having been asked.
    ageAt: blind ? now : until,
    graceEnd: graceEnd(watch, resumeGraceMs),
    graceMs: graceMs(watch, resumeGraceMs),
    observedAt: observedAt(watch),
    hearsSince: watch.polls ? Infinity : (watch.blindness.to.at(-1) ?? -Infinity),
  }
}
