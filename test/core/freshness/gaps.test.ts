import { describe, expect, test } from 'vitest'
import {
  createGaps,
  decodeGaps,
  encodeGaps,
  forgetGaps,
  gapsOf,
  learnGap,
  takeChangedGaps,
  takeForgottenGaps,
} from '../../../src/core/freshness/gaps.ts'
import { learntMs } from '../../../src/core/freshness/learnt.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'

const FREE = { floorMs: 0, capMs: Infinity }

describe('a learnt threshold', () => {
  test.each([
    ['twice the 99th percentile while moving', 50, 10 * MINUTE, 'moving', FREE, 20 * MINUTE],
    ['one and a half of it while parked', 50, 2 * HOUR, 'parked', FREE, 3 * HOUR],
    ['nothing below 50 gaps', 49, 10 * MINUTE, 'moving', FREE, undefined],
    ['at least three intervals of its source', 50, SECOND, 'moving', FREE, 3 * MINUTE],
    ['at least the floor', 50, 10 * MINUTE, 'moving', { ...FREE, floorMs: HOUR }, HOUR],
    ['at most the cap', 50, 10 * MINUTE, 'moving', { ...FREE, capMs: 5 * MINUTE }, 5 * MINUTE],
    ['the cap also before the floor', 50, MINUTE, 'moving', { floorMs: HOUR, capMs: MINUTE }, MINUTE],
  ] as const)('is %s', (_name, gaps, q99Ms, habit, bounds, expected) => {
    expect(learntMs({ gaps, q99Ms }, habit, MINUTE, bounds)).toBe(expected)
  })

  test('is at least two minutes where nothing is declared of the source', () => {
    expect(learntMs({ gaps: 50, q99Ms: SECOND }, 'parked', 0, FREE)).toBe(2 * MINUTE)
  })
})

describe('the gaps of the fleet', () => {
  test('are kept by row and by what the terminal was before', () => {
    const gaps = createGaps()
    for (const row of [0, 5000]) learnGap(gaps, row, 'moving', MINUTE)
    learnGap(gaps, 5000, 'parked', HOUR)
    expect(gapsOf(gaps, 0, 'moving').gaps).toBe(1)
    expect(gapsOf(gaps, 0, 'parked').gaps).toBe(0)
    expect(gapsOf(gaps, 5000, 'parked').q99Ms / HOUR).toBeCloseTo(1, 1)
    expect(gapsOf(gaps, 9_999_999, 'moving').gaps).toBe(0)
  })

  test('are the same after they were stored', () => {
    const gaps = createGaps()
    for (let i = 0; i < 1000; i++) learnGap(gaps, 7, 'moving', SECOND * (1 + (i % 300)))
    for (let i = 0; i < 500; i++) learnGap(gaps, 7, 'parked', HOUR)
    learnGap(gaps, 8, 'parked', HOUR)
    const again = createGaps()
    for (const { row, bytes } of encodeGaps(gaps, takeChangedGaps(gaps))) decodeGaps(again, row, bytes)
    for (const row of [7, 8]) {
      for (const habit of ['moving', 'parked'] as const) {
        expect(gapsOf(again, row, habit)).toEqual(gapsOf(gaps, row, habit))
      }
    }
    expect(takeChangedGaps(again)).toEqual([])
  })

  test.each([
    ['another version', [2, 0, 0]],
    ['bytes that end too early', [1, 2, 9, 1, 0, 5, 1]],
    ['a bucket without a gap', [1, 1, 9, 0, 0, 0]],
    ['buckets out of order', [1, 2, 5, 1, 0, 9, 1, 0, 0]],
    ['nothing', []],
  ])('refuse %s', (_name, bytes) => {
    expect(() => decodeGaps(createGaps(), 0, Uint8Array.from(bytes))).toThrow('damaged')
  })

  test('are to be stored once for all their changes until they are', () => {
    const gaps = createGaps()
    for (const row of [3, 1, 2, 3]) learnGap(gaps, row, 'moving', MINUTE)
    const rows = takeChangedGaps(gaps)
    expect(rows).toEqual([3, 1, 2])
    learnGap(gaps, 3, 'moving', MINUTE)
    expect(takeChangedGaps(gaps)).toEqual([])
    encodeGaps(gaps, rows)
    learnGap(gaps, 3, 'moving', MINUTE)
    expect(takeChangedGaps(gaps)).toEqual([3])
  })

  test('that are forgotten are stored without bytes', () => {
    const gaps = createGaps()
    for (const row of [1, 2]) learnGap(gaps, row, 'moving', MINUTE)
    expect(forgetGaps(gaps, 2)).toBe(true)
    expect(forgetGaps(gaps, 2)).toBe(false)
    expect(encodeGaps(gaps, takeForgottenGaps(gaps))).toEqual([{ row: 2, bytes: new Uint8Array() }])
    expect(takeForgottenGaps(gaps)).toEqual([])
    expect(gapsOf(gaps, 2, 'moving').gaps).toBe(0)
  })
})
