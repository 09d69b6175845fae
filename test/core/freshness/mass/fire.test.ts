import { describe, expect, test } from 'vitest'
import {
  type Counts,
  chance,
  fires,
  isUnlikely,
  logLikelihoodRatio,
} from '../../../../src/core/freshness/mass/fire.ts'

const QUIET: Counts = { n: 100, x: 50, restN: 10_000, restX: 0, usual: 0 }

function counts(change: Partial<Counts>): Counts {
  return { ...QUIET, ...change }
}

describe('the chance that a member falls silent for a reason of its own', () => {
  test.each([
    ['never less than 0.4 %', {}, 0.004],
    ['1.5 times what is usual', { usual: 0.2 }, 0.3],
    ['what the rest of the fleet shows, one added to it', { restX: 99, restN: 998 }, 0.1],
    ['a half where there is no rest', { restX: 0, restN: 0 }, 0.5],
    ['never more than 1', { usual: 0.9 }, 1],
  ])('is %s', (_, change, p0) => {
    expect(chance(counts(change))).toBeCloseTo(p0, 12)
  })
})

describe('a group fires', () => {
  test.each([
    ['ten members, five silent', { n: 10, x: 5 }, true],
    ['ten members, four silent', { n: 10, x: 4 }, false],
    ['a fifth of 25', { n: 25, x: 5 }, false],
    ['a fifth of 60', { n: 60, x: 12 }, true],
    ['less than a fifth of 1000', { n: 1000, x: 199 }, false],
    ['a fifth of 1000', { n: 1000, x: 200 }, true],
    ['twelve of 60 where a twentieth of the rest is silent too', { n: 60, x: 12, restX: 500 }, false],
    ['60 of 100 where a third is usual', { n: 100, x: 60, usual: 1 / 3 }, false],
    ['90 of 100 where a third is usual', { n: 100, x: 90, usual: 1 / 3 }, true],
    ['five members, four silent', { n: 5, x: 4 }, true],
    ['five members, three silent', { n: 5, x: 3 }, false],
    ['six members, four silent', { n: 6, x: 4 }, false],
    ['six members, five silent', { n: 6, x: 5 }, true],
    ['nine members, seven silent', { n: 9, x: 7 }, false],
    ['nine members, eight silent', { n: 9, x: 8 }, true],
    ['four of five in a fleet of ten', { n: 5, x: 4, restN: 5 }, true],
    [
      'four of five where a fifteenth of a few others are silent too',
      { n: 5, x: 4, restN: 29, restX: 1 },
      true,
    ],
    ['four of five where a tenth of many others are silent too', { n: 5, x: 4, restX: 1000 }, false],
    ['eight of nine where the few others are silent too', { n: 9, x: 8, restN: 3, restX: 3 }, false],
    ['all five, as most evenings', { n: 5, x: 5, usual: 0.5 }, false],
    ['all four members of a group', { n: 4, x: 4 }, false],
  ])('%s', (_, change, expected) => {
    expect(fires(counts(change))).toBe(expected)
  })

  test('at a chance of 1e-9 and not above', () => {
    // P[Bin(10, p) >= 5] is 1e-9 at p = 0.005287.
    expect(fires(counts({ n: 10, x: 5, restN: 0, restX: 0 }))).toBe(false)
    expect(fires(counts({ n: 10, x: 5, usual: 0.00526 / 1.5 }))).toBe(true)
    expect(fires(counts({ n: 10, x: 5, usual: 0.00531 / 1.5 }))).toBe(false)
  })
})

test('the likelihood ratio is larger for the group that holds more of the silence', () => {
  const operator = counts({ n: 200, x: 200 })
  const client = counts({ n: 50, x: 45, restX: 155 })
  expect(logLikelihoodRatio(operator)).toBeGreaterThan(logLikelihoodRatio(client))
  expect(logLikelihoodRatio(counts({ n: 10, x: 10 }))).toBeCloseTo(10 * Math.log(250), 9)
})

test.each([
  ['one of 40', { n: 40, x: 1 }, false],
  ['three of 40', { n: 40, x: 3 }, true],
  ['three of 40 of a client, as usual', { n: 40, x: 3, usual: 0.05 }, false],
  ['25 of 5000', { n: 5000, x: 25 }, false],
  ['50 of 5000', { n: 5000, x: 50 }, true],
])('chance does not explain every number of silent members: %s', (_, change, expected) => {
  expect(isUnlikely(counts(change))).toBe(expected)
})
