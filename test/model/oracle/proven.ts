import { lineOf } from './outages.ts'
import type { Ms, TraceEvent } from './trace.ts'

export type ExpectedProven =
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'answers-again'; readonly since: Ms }
  /** `since` null: behind a step of the clock there is no time that both sides of it agree on. */
  | { readonly kind: 'not-observable'; readonly since: Ms | null }

/** spec/letters.md, `update`: what may be said at wall time `now` after all of `events`; null before any verdict. */
export function provenAt(events: readonly TraceEvent[], now: Ms): ExpectedProven | null {
  const { points, places, pairs } = lineOf(events, [])
  const last = points.length - 1
  const newest = points[last]
  if (newest === undefined) return null
  const steppedSince = events.slice((places[last] ?? 0) + 1).some(({ kind }) => kind === 'step')
  const setBack =
    now < newest.at ||
    events.slice(places[last]).some((event) => event.kind === 'round' && event.at < newest.at)
  if (steppedSince || setBack) return { kind: 'not-observable', since: null }
  if (now - newest.at > newest.g) return { kind: 'not-observable', since: newest.at }
  if (newest.verdict === 'fail') return { kind: 'unavailable' }
  let run = last
  while (run > 0 && points[run - 1]?.verdict === 'ok' && pairs[run - 1]?.close === true) run--
  return { kind: 'answers-again', since: points[run]?.at ?? newest.at }
}

export function agrees(said: ExpectedProven, expected: ExpectedProven | null): boolean {
  if (said.kind !== expected?.kind) return false
  if (said.kind === 'unavailable' || expected.kind === 'unavailable') return true
  return expected.since === null || said.since === expected.since
}
