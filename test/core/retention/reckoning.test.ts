import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LastRun, readLastRun, reckon } from '../../../src/core/retention/reckoning.ts'
import { DAY, HOUR } from '../../../src/core/time.ts'
import { T0 } from '../../support/store-rows.ts'

const YEAR = 365 * DAY

function nights(clock: readonly number[], lived: readonly number[] = []): readonly (number | null)[] {
  let last: LastRun | null = null
  return clock.map((now) => {
    const { instant, next } = reckon(now, last, lived)
    last = next
    return instant === null ? null : (instant - T0) / DAY
  })
}

describe('the time from which ages are counted', () => {
  test('is that of the clock, night after night, also over a change to summer time', () => {
    expect(nights([T0, T0 + DAY, T0 + 2 * DAY - HOUR])).toEqual([0, 1, 2 - 1 / 24])
  })

  test('moves on by a week at most when the clock is years ahead, and is right again with the clock', () => {
    expect(nights([T0, T0 + 10 * YEAR, T0 + 2 * DAY, T0 + 7 * DAY])).toEqual([0, 7, null, 7])
  })

  test('catches up a week a night after the service stood still for a month', () => {
    expect(nights([T0, T0 + 30 * DAY, T0 + 31 * DAY, T0 + 32 * DAY, T0 + 33 * DAY, T0 + 34 * DAY])).toEqual([
      0, 7, 14, 21, 28, 34,
    ])
  })

  test('is none while the clock is behind', () => {
    expect(nights([T0, T0 - 50 * YEAR, T0 + DAY])).toEqual([0, null, 1])
  })

  test('is that of the clock after a week of nights that say that it was ahead before', () => {
    const wrong = T0 + 50 * YEAR
    const clock = [wrong, ...Array.from({ length: 8 }, (_, night) => T0 + night * DAY)]
    expect(nights(clock)).toEqual([50 * 365, null, null, null, null, null, null, 6, 7])
  })

  test('at the first run of all is no more than a week ahead of what was stored before, and none when that is newer', () => {
    expect(nights([T0], [T0 - DAY])).toEqual([0])
    expect(nights([T0 + 10 * YEAR, T0 + DAY], [T0])).toEqual([7, null])
    expect(nights([T0 - 3 * DAY, T0], [T0])).toEqual([null, 0])
    // A machine that stood still for a month is right, and catches up.
    expect(nights([T0, T0 + DAY], [T0 - 30 * DAY])).toEqual([-23, -16])
  })

  test('at the first run of all believes no wrong clock of a program that ran shortly before', () => {
    const hours = (from: number, count: number) =>
      Array.from({ length: count }, (_, hour) => from + hour * HOUR)
    const good = hours(T0 - 99 * HOUR, 100)
    const [ahead, unset] = [T0 + 6 * YEAR, T0 - 56 * YEAR]
    expect(nights([ahead + 9 * HOUR], [...good, ...hours(ahead, 9)])).toEqual([7])
    expect(nights([T0 + HOUR], [...hours(unset, 9), ...good])).toEqual([1 / 24])
    // Where all of it is as little, what is older is believed.
    expect(nights([ahead + HOUR], [T0, ahead])).toEqual([7])
    // A week without anything is no reason to doubt.
    expect(nights([T0 + 8 * DAY], [...good, T0 + 7 * DAY])).toEqual([8])
  })

  test('is never ahead of the clock, and never more than a week ahead of the run before', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2000, max: 2000 }), { minLength: 2 }), (days) => {
        let last: LastRun | null = null
        for (const day of days) {
          const now = T0 + day * DAY
          const before: LastRun | null = last
          const { instant, next } = reckon(now, before, [])
          last = next
          if (instant === null) continue
          expect(instant).toBeLessThanOrEqual(now)
          if (before !== null) expect(instant).toBeLessThanOrEqual(before.reckoned + 7 * DAY)
        }
      }),
    )
  })
})

test.each([[null], ['{'], ['null'], ['{"at":1}'], ['{"at":1,"reckoned":"x","behind":0}']])(
  'what is stored of the last run as %j is no last run',
  (text) => expect(readLastRun(text)).toBeNull(),
)

test('what was stored of the last run is read back', () => {
  const last = { at: T0, reckoned: T0 - DAY, behind: 2 }
  expect(readLastRun(JSON.stringify(last))).toEqual(last)
})
