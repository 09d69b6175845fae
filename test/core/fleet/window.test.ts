import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { joinedRuns, sortedRows } from '../../../src/core/fleet/sorting.ts'
import { windowOf } from '../../../src/core/fleet/window.ts'
import { drained } from '../../support/names-world.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const numeric = (a: number, b: number): number => a - b

/** Orders that a fleet may be in: any, sorted, backwards, few different values, all the same, in waves. */
const shapes = fc.constantFrom<(i: number, random: () => number) => number>(
  (_, random) => random(),
  (i) => i,
  (i) => -i,
  (_, random) => Math.floor(random() * 3),
  () => 0,
  (i) => i % 128,
)

describe('a window of an order', () => {
  test('is what sorting everything finds there', () => {
    fc.assert(
      fc.property(
        shapes,
        fc.integer({ min: 0, max: 20_000 }),
        fc.double({ min: 0, max: 1.1, noNaN: true }),
        fc.integer({ min: 1, max: 1000 }),
        fc.integer(),
        (shape, count, share, limit, seed) => {
          const random = seededRandom(seed)
          const values = Array.from({ length: count }, (_, i) => shape(i, random))
          const compare = (a: number, b: number): number => (values[a] ?? 0) - (values[b] ?? 0) || a - b
          // Of some the key says nothing.
          const keys = Float64Array.from(values, (value) => (random() < 0.1 ? Number.NaN : value))
          const start = Math.floor(share * count)
          const sorted = values.map((_, i) => i).sort(compare)
          const found = drained(windowOf({ keys, compare }, start, start + limit))
          expect([...found]).toEqual(sorted.slice(start, start + limit))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('of a large fleet is found with few comparisons', () => {
    const random = seededRandom(5)
    const values = Float64Array.from({ length: 200_000 }, random)
    const keys = new Float64Array(values.length).fill(Number.NaN)
    for (const start of [0, 100_000, 199_900]) {
      let comparisons = 0
      const compare = (a: number, b: number): number => {
        comparisons++
        return (values[a] ?? 0) - (values[b] ?? 0)
      }
      drained(windowOf({ keys, compare }, start, start + 100))
      expect(comparisons).toBeLessThan(3 * keys.length)
    }
  })
})

describe('sorting in steps', () => {
  test('finds the order, and joins two into one', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(), { maxLength: 2000 }),
        fc.uniqueArray(fc.nat(), { maxLength: 40 }),
        (many, few) => {
          const first = drained(sortedRows(Uint32Array.from(many), numeric))
          expect([...first]).toEqual(many.toSorted(numeric))
          const second = drained(sortedRows(Uint32Array.from(few), numeric))
          const both = drained(joinedRuns(first, second, numeric))
          expect([...both]).toEqual([...many, ...few].sort(numeric))
        },
      ),
      { numRuns: 100 },
    )
  })

  test('never compares much between two pauses', () => {
    const random = seededRandom(6)
    let comparisons = 0
    let most = 0
    const compare = (a: number, b: number): number => {
      comparisons++
      return a - b
    }
    const rows = Uint32Array.from({ length: 50_000 }, () => Math.floor(random() * 2 ** 31))
    for (const _ of sortedRows(rows, compare)) {
      most = Math.max(most, comparisons)
      comparisons = 0
    }
    expect(most).toBeLessThan(4096)
  })
})
