import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addGap,
  createGapPool,
  freePlace,
  type GapPool,
  readHistogram,
  storedBytes,
  summaryOf,
  writeHistogram,
} from '../../../src/core/freshness/gap-histogram.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'

const MANY = 60_000

/** By the nearest-rank rule over the gaps themselves. */
function exactQ99(gaps: readonly number[]): number {
  const sorted = gaps.toSorted((a, b) => a - b)
  return sorted[Math.ceil((sorted.length * 99) / 100) - 1] ?? 0
}

function learn(gaps: Iterable<number>, most = MANY, pool: GapPool = createGapPool(), start = 0): number {
  let place = start
  for (const ms of gaps) place = addGap(pool, place, ms, most)
  return place
}

function bytesOf(pool: GapPool, place: number): Uint8Array {
  const bytes = new Uint8Array(storedBytes(pool, place))
  writeHistogram(pool, place, bytes, 0)
  return bytes
}

/** Buckets with their counts, the longest gaps first. */
function bucketsOf(pool: GapPool, place: number): [bucket: number, count: number][] {
  const [used = 0, ...bytes] = bytesOf(pool, place)
  return Array.from({ length: used }, (_, i) => {
    const [bucket = 0, low = 0, high = 0] = bytes.slice(3 * i, 3 * i + 3)
    return [bucket, low + 256 * high]
  })
}

function summary(gaps: Iterable<number>, most = MANY) {
  const pool = createGapPool()
  return summaryOf(pool, learn(gaps, most, pool))
}

function times(count: number, ms: number): number[] {
  return new Array<number>(count).fill(ms)
}

const anyGap = fc.integer({ min: 1200, max: 29 * DAY })
/** As they are: a usual interval, and now and then something else. */
const habit = fc.array(fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 28_000, max: 32_000 }) }, anyGap), {
  minLength: 1,
  maxLength: 700,
})

describe('a histogram of gaps', () => {
  test('reads the 99th percentile back with an error of at most 3 %', () => {
    fc.assert(
      fc.property(habit, (gaps) => {
        const { gaps: count, q99Ms } = summary(gaps)
        expect(count).toBe(gaps.length)
        expect(Math.abs(q99Ms / exactQ99(gaps) - 1)).toBeLessThanOrEqual(0.03)
      }),
    )
  })

  test.each([30, 60, 90, 120, 180, 240, 300, 600, 900, 1200, 1800, 2700, 3600, 7200, 10_800, 14_400, 21_600])(
    'reads %i s, to which terminals are set, back as what they are, also if they come a moment early or late',
    (seconds) => {
      for (const ms of [0, -400, 400].map((more) => seconds * SECOND + more)) {
        expect(summary(times(51, ms)).q99Ms).toBe(seconds * SECOND)
      }
    },
  )

  test('does not depend on the order of the gaps', () => {
    fc.assert(
      fc.property(habit, (gaps) => {
        const pool = createGapPool()
        const [there, back] = [learn(gaps, MANY, pool), learn(gaps.toReversed(), MANY, pool)]
        expect(bucketsOf(pool, back)).toEqual(bucketsOf(pool, there))
      }),
    )
  })

  test.each([
    [99, 1, 30 * SECOND],
    [98, 1, HOUR],
    [198, 2, 30 * SECOND],
    [197, 2, HOUR],
  ])(
    'of %i usual gaps and %i of an hour the nearest rank is the 99th percentile',
    (usual, rare, expected) => {
      const { q99Ms } = summary([...times(rare, HOUR), ...times(usual, 30 * SECOND)])
      expect(Math.abs(q99Ms / expected - 1)).toBeLessThanOrEqual(0.03)
    },
  )

  test('takes gaps longer than 29 days as 29 days, and those of a second as 1.1 s', () => {
    expect(Math.abs(summary([400 * DAY]).q99Ms / (29 * DAY) - 1)).toBeLessThanOrEqual(0.04)
    expect(Math.abs(summary([SECOND]).q99Ms / 1127 - 1)).toBeLessThanOrEqual(0.01)
  })

  test('never holds more than so many, however long it goes on, and its percentile does not drift', () => {
    const pool = createGapPool()
    let place = 0
    // One in 80 gaps is a long one, each of another length.
    for (let i = 0; i < 1_200_000; i++) {
      const ms = i % 80 === 7 ? 10 * MINUTE + (i % 977) * SECOND : 30 * SECOND + (i % 5) * 100
      place = addGap(pool, place, ms, 2048)
      if (i > 10_000 && i % 10_000 === 0) {
        const { gaps, q99Ms } = summaryOf(pool, place)
        expect(gaps).toBeLessThanOrEqual(2048)
        expect(q99Ms).toBeGreaterThan(8 * MINUTE)
        expect(q99Ms).toBeLessThan(20 * MINUTE)
      }
    }
  })

  test('halves all counts when it is full, and many rare long gaps stay what they were together', () => {
    const long = Array.from({ length: 64 }, (_, i) => HOUR * 1.07 ** i).filter((ms) => ms < 29 * DAY)
    const pool = createGapPool()
    const full = learn([...long, ...times(1000 - long.length, 30 * SECOND)], 1000, pool)
    const before = bucketsOf(pool, full)
    const place = addGap(pool, full, 30 * SECOND, 1000)
    const share = (buckets: typeof before) =>
      buckets.slice(0, -1).reduce((sum, [, count]) => sum + count, 0) / summaryOf(pool, place).gaps
    expect(summaryOf(pool, place).gaps).toBe(500)
    expect(share(bucketsOf(pool, place))).toBeCloseTo(long.length / 1000, 2)
  })

  test('forgets an old habit for a new one', () => {
    const pool = createGapPool()
    let place = learn(times(3000, 5 * MINUTE), 2048, pool)
    expect(summaryOf(pool, place).q99Ms / MINUTE).toBeCloseTo(5, 0)
    place = learn(times(9000, 30 * SECOND), 2048, pool, place)
    expect(summaryOf(pool, place).q99Ms / SECOND).toBeCloseTo(30, -1)
  })

  test('of a regular terminal takes no more than some tens of bytes', () => {
    const pool = createGapPool()
    const count = 1000
    for (let i = 0; i < count; i++) {
      learn(
        Array.from({ length: 200 }, (_, n) => 29_000 + ((n * 7919 + i) % 2000)),
        2048,
        pool,
      )
    }
    const bytes = pool.reduce((sum, shelf) => sum + shelf.buckets.byteLength + shelf.counts.byteLength, 0)
    expect(bytes / count).toBeLessThan(40)
  })
})

describe('the pool', () => {
  test('gives the place of a forgotten histogram, empty, to another one', () => {
    const pool = createGapPool()
    const first = learn(times(3, MINUTE), MANY, pool)
    freePlace(pool, first)
    expect(bucketsOf(pool, learn([HOUR], MANY, pool))).toHaveLength(1)
    expect(pool[0]?.used).toBe(1)
  })

  test('keeps histograms apart, whichever of them grow and move', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 5 }), anyGap), { maxLength: 600 }), (told) => {
        const pool = createGapPool()
        const places = new Map<number, number>()
        for (const [who, ms] of told) places.set(who, addGap(pool, places.get(who) ?? 0, ms, MANY))
        for (const [who, place] of places) {
          const own = told.filter(([teller]) => teller === who).map(([, ms]) => ms)
          const alone = createGapPool()
          expect(bucketsOf(pool, place)).toEqual(bucketsOf(alone, learn(own, MANY, alone)))
        }
      }),
    )
  })

  test('reads what it has written, and nothing that is cut off', () => {
    fc.assert(
      fc.property(habit, fc.nat({ max: 3 }), (gaps, at) => {
        const [pool, other] = [createGapPool(), createGapPool()]
        const place = learn(gaps, MANY, pool)
        const bytes = new Uint8Array(at + storedBytes(pool, place))
        writeHistogram(pool, place, bytes, at)
        const again = readHistogram(other, bytes, at) ?? 0
        expect(bucketsOf(other, again)).toEqual(bucketsOf(pool, place))
        expect(summaryOf(other, addGap(other, again, HOUR, MANY)).gaps).toBe(gaps.length + 1)
        expect(readHistogram(other, bytes.subarray(0, -1), at)).toBeNull()
      }),
    )
  })
})
