import type { Instant } from '../time.ts'

/**
 * When a source could not have heard its terminals: stretches that neither overlap nor touch, oldest first. The last
 * one ends at Infinity while the source is blind. `before[i]` is the blind time in the stretches before `i`.
 */
export type Blindness = { from: Instant[]; to: Instant[]; before: number[] }

/** More stretches than this are never kept: the two oldest are joined, so that silence is rather told too short. */
const MOST_STRETCHES = 4096

/** A source that has been watched since `at`, and never before. */
export function blindUntil(at: Instant): Blindness {
  return { from: [-Infinity], to: [at], before: [0] }
}

/** Nothing was ever blind. */
export function neverBlind(): Blindness {
  return { from: [], to: [], before: [] }
}

export function isBlind(blindness: Blindness): boolean {
  return blindness.to.at(-1) === Infinity
}

/** Start of the stretch that lasts, or null. */
export function blindSince(blindness: Blindness): Instant | null {
  return isBlind(blindness) ? (blindness.from.at(-1) ?? null) : null
}

/** Since when it was ever not blind; 0: always, Infinity: never yet. */
export function firstHeardAt({ from, to }: Blindness): Instant {
  return (from[0] ?? Infinity) <= EARLIEST ? (to[0] ?? 0) : 0
}

/** End of the newest stretch that is over and was longer than `ms`; -Infinity when there was none. */
export function lastLongBlindEnd(blindness: Blindness, ms: number): Instant {
  for (let i = blindness.to.length - 1; i >= 0; i--) {
    const to = blindness.to[i] ?? 0
    if (to !== Infinity && to - (blindness.from[i] ?? 0) > ms) return to
  }
  return -Infinity
}

/** Adds a stretch, also one that is only found out later. It is joined with those that it meets. */
export function addBlind(blindness: Blindness, from: Instant, to: Instant): void {
  if (!(to > from)) return
  let first = blindness.from.length
  while (first > 0 && (blindness.to[first - 1] ?? 0) >= from) first--
  let last = first
  let start = from
  let end = to
  while (last < blindness.from.length && (blindness.from[last] ?? 0) <= to) {
    start = Math.min(start, blindness.from[last] ?? start)
    end = Math.max(end, blindness.to[last] ?? end)
    last++
  }
  blindness.from.splice(first, last - first, start)
  blindness.to.splice(first, last - first, end)
  if (blindness.from.length > MOST_STRETCHES) joinOldest(blindness)
  recount(blindness, first)
}

/** Ends the stretch that lasts. */
export function endBlind(blindness: Blindness, at: Instant): void {
  const last = blindness.to.length - 1
  if (last < 0 || blindness.to[last] !== Infinity) return
  if (at > (blindness.from[last] ?? 0)) blindness.to[last] = at
  else {
    blindness.from.pop()
    blindness.to.pop()
    blindness.before.pop()
  }
}

/** After the wall clock was set back to `now`: nothing may have ended later. */
export function clipBlindness(blindness: Blindness, now: Instant): void {
  const open = isBlind(blindness)
  while (blindness.from.length > 0 && (blindness.from.at(-1) ?? 0) >= now) {
    blindness.from.pop()
    blindness.to.pop()
    blindness.before.pop()
  }
  const last = blindness.to.length - 1
  if (last >= 0 && (blindness.to[last] ?? 0) > now) blindness.to[last] = now
  if (open) addBlind(blindness, now, Infinity)
}

/** Blind time in [a, b], ms. */
export function blindBetween(blindness: Blindness, a: Instant, b: Instant): number {
  return b > a ? blindBefore(blindness, b) - blindBefore(blindness, a) : 0
}

/** Observed time in [since, now]: how long the source could have heard something and did not (spec/freshness.md 3). */
export function observedSince(blindness: Blindness, since: Instant, now: Instant): number {
  const last = blindness.to.length - 1
  if (last < 0 || since >= (blindness.to[last] ?? 0)) return Math.max(0, now - since)
  return Math.max(0, now - since - blindBetween(blindness, since, now))
}

/** The instant at which `ms` of observed time had passed since `since`; Infinity while blindness lasts before that. */
export function instantAfter(blindness: Blindness, since: Instant, ms: number): Instant {
  let at = since
  let left = ms
  for (let i = firstEndingAfter(blindness, since); i < blindness.from.length; i++) {
    const from = Math.max(at, blindness.from[i] ?? 0)
    if (from - at >= left) break
    left -= from - at
    at = blindness.to[i] ?? Infinity
  }
  return at + left
}

/** Blind time before `at`, counted from the end of the first stretch when that has no beginning. */
function blindBefore(blindness: Blindness, at: Instant): number {
  const i = firstEndingAfter(blindness, at)
  if (i === blindness.from.length) {
    const last = i - 1
    return last < 0 ? 0 : (blindness.before[last] ?? 0) + lengthOf(blindness, last)
  }
  const from = Math.max(blindness.from[i] ?? 0, EARLIEST)
  return (blindness.before[i] ?? 0) + Math.max(0, at - from)
}

/** Before this no terminal was heard; it keeps sums finite where a stretch has no beginning. */
const EARLIEST: Instant = 0

function lengthOf(blindness: Blindness, i: number): number {
  return (blindness.to[i] ?? 0) - Math.max(blindness.from[i] ?? 0, EARLIEST)
}

function firstEndingAfter(blindness: Blindness, at: Instant): number {
  let low = 0
  let high = blindness.to.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((blindness.to[middle] ?? 0) > at) high = middle
    else low = middle + 1
  }
  return low
}

function joinOldest(blindness: Blindness): void {
  blindness.from.splice(1, 1)
  blindness.to.splice(0, 1)
  recount(blindness, 0)
}

function recount(blindness: Blindness, from: number): void {
  blindness.before.length = blindness.from.length
  for (let i = Math.max(0, Math.min(from, blindness.from.length) - 1); i < blindness.from.length; i++) {
    blindness.before[i] = i === 0 ? 0 : (blindness.before[i - 1] ?? 0) + lengthOf(blindness, i - 1)
  }
}
