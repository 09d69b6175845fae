import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blockMs } from '../../../src/core/online/back-off.ts'
import {
  type Bucket,
  DOCUMENTED_PER_MINUTE,
  type Rate,
  REFUSED_PER_MINUTE,
  takeToken,
  UNAUTHORISED_RATE,
  USER_RATE,
} from '../../../src/core/online/rate.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** When calls go that are wanted `gaps` ms after each other. */
function departures(rate: Rate, gaps: readonly number[]): number[] {
  let bucket: Bucket = 0
  let now = 0
  return gaps.map((gap) => {
    now += gap
    const taken = takeToken(bucket, rate, now)
    bucket = taken.bucket
    return now + taken.waitMs
  })
}

function mostInAMinute(times: readonly number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at <= from + MINUTE).length))
}

const gaps = fc.array(fc.oneof(fc.constant(0), fc.nat(50), fc.double({ min: 0, max: 3_000, noNaN: true })), {
  minLength: 100,
  maxLength: 400,
})

test.each([
  ['authorised', USER_RATE, DOCUMENTED_PER_MINUTE.authorised],
  ['unauthorised', UNAUTHORISED_RATE, DOCUMENTED_PER_MINUTE.unauthorised],
] as const)('in no 60 seconds go more %s calls than burst and rate add up to', (_, rate, documented) => {
  fc.assert(
    fc.property(gaps, (wanted) => {
      expect(mostInAMinute(departures(rate, wanted))).toBeLessThanOrEqual(rate.burst + rate.perMinute)
    }),
    { numRuns: 200, endOnFailure: true },
  )
  expect(rate.burst + rate.perMinute).toBeLessThanOrEqual(documented)
})

test('a user is asked no more in a minute than was seen to be safe', () => {
  expect(USER_RATE.burst + USER_RATE.perMinute).toBeLessThanOrEqual(60)
})

test('half of the documented refusals are risked', () => {
  expect(REFUSED_PER_MINUTE * 2).toBeLessThanOrEqual(DOCUMENTED_PER_MINUTE.refused)
})

test('calls go in the order in which they were wanted', () => {
  fc.assert(
    fc.property(gaps, (wanted) => {
      const times = departures(USER_RATE, wanted)
      // Waits are whole milliseconds, rounded up, where a clock gives fractions of them.
      for (const [index, at] of times.entries()) expect(at).toBeGreaterThan((times[index - 1] ?? 0) - 1)
    }),
    { numRuns: 100, endOnFailure: true },
  )
})

test('a burst goes at once, then one call after the other; a rest gives the burst back', () => {
  const rate = { burst: 3, perMinute: 60 }
  expect(departures(rate, [0, 0, 0, 0, 0, 10_000, 0, 0, 0])).toEqual([
    0, 0, 0, 1_000, 2_000, 10_000, 10_000, 10_000, 11_000,
  ])
})

test('a slow rate never waits', () => {
  const gapMs = MINUTE / USER_RATE.perMinute
  expect(departures(USER_RATE, Array(200).fill(gapMs))).toEqual(
    Array.from({ length: 200 }, (_, i) => (i + 1) * gapMs),
  )
})

test.each([
  [0, null, 10 * MINUTE],
  [1, null, 20 * MINUTE],
  [2, null, 40 * MINUTE],
  [3, null, HOUR],
  [1000, null, HOUR],
  [0, 5_000, 10 * MINUTE],
  [0, 2 * HOUR, 2 * HOUR],
  [0, 1000 * HOUR, 24 * HOUR],
])('block after %i earlier ones, Retry-After %s: %i ms', (earlier, retryAfterMs, ms) => {
  expect(blockMs(earlier, retryAfterMs)).toBe(ms)
})
