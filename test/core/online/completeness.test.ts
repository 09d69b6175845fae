import { describe, expect, test } from 'vitest'
import { type Completeness, judgeSize, UNSIZED } from '../../../src/core/online/completeness.ts'
import { MINUTE } from '../../../src/core/time.ts'

/** Judgements of answers with so many rows, a number of minutes apart. */
function judgements(everyMinutes: number, ...sizes: readonly number[]): string[] {
  let known: Completeness = UNSIZED
  return sizes.map((rows, i) => {
    const { judgement, after } = judgeSize(known, rows, i * everyMinutes * MINUTE)
    known = after
    return judgement
  })
}

describe('the size of an answer', () => {
  test.each<[string, readonly number[], string]>([
    ['the first one is good whatever its size', [3], 'good'],
    ['none is good while it is empty', [0], 'empty'],
    ['an empty one is none of a fleet that was there', [100, 0], 'empty'],
    ['half of the last good one is enough', [100, 50], 'good'],
    ['less than half is not', [100, 49], 'shrunken'],
    ['it is held against the last good one, not the largest', [100, 60, 31], 'good'],
    ['growing is always good', [1, 5000], 'good'],
    ['a small fleet may shrink to one vehicle', [9, 1], 'good'],
    ['but not to none', [9, 0], 'empty'],
    ['ten is no small fleet', [10, 4], 'shrunken'],
  ])('%s', (_name, sizes, last) => {
    expect(judgements(1, ...sizes).at(-1)).toBe(last)
  })

  test('that stays small three times in a row over an hour is that of the fleet, and the next is held against it', () => {
    expect(judgements(30, 100, 10, 10, 10, 9)).toEqual(['good', 'shrunken', 'shrunken', 'good', 'good'])
    expect(judgements(29, 100, 10, 10, 10, 10).indexOf('good', 1)).toBe(4)
    expect(judgements(120, 100, 10, 10, 10).slice(1)).toEqual(['shrunken', 'shrunken', 'good'])
  })

  test.each([
    ['full', 90],
    ['empty', 0],
  ])('begins to be counted anew after a %s one', (_name, between) => {
    const sizes = [100, 10, 10, between, 10, 10]
    expect(judgements(30, ...sizes).slice(4)).toEqual(['shrunken', 'shrunken'])
  })
})
