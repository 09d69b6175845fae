import { expect, test } from 'vitest'
import type { MaintenanceWindow } from '../../../src/core/outage/outage.ts'
import { firstOverlap, planRule, windowsAhead } from '../../../src/core/outage/recurrence.ts'
import { MINUTE } from '../../../src/core/time.ts'
import { minute } from './trace.ts'

const NOW = minute(0)
const window = (from: number, to = from + 10, rule = 'r1'): MaintenanceWindow => ({
  id: `m${from}`,
  from: minute(from),
  to: minute(to),
  reason: 'work',
  rule,
})

test('windows that have begun, and those of other rules, are not ahead', () => {
  const all = [window(-5), window(0), window(1), window(2, 2), window(3, 9, 'r2')]
  expect(windowsAhead(all, 'r1', NOW).map(({ id }) => id)).toEqual(['m1', 'm2'])
})

test.each<[string, readonly number[], readonly MaintenanceWindow[], readonly number[], readonly string[]]>([
  ['the next two are planned', [10, 20, 30], [], [10, 20], []],
  ['what is planned stays', [10, 20, 30, 40], [window(10), window(20)], [], []],
  ['one that has begun is followed by one more', [20, 30, 40], [window(20)], [30], []],
  [
    'one that was taken back is not planned again, and the next two are',
    [10, 20, 30, 40],
    [window(10, 10), window(20)],
    [30],
    [],
  ],
  ['one of another time zone goes', [11, 21, 31, 41], [window(10), window(20)], [11, 21], ['m10', 'm20']],
  ['also one that was taken back', [11, 21, 31], [window(10, 10)], [11, 21], ['m10']],
  [
    'those far ahead stay after the clock was set back',
    [10, 20, 30, 40],
    [window(510), window(520)],
    [10, 20],
    [],
  ],
  ['no window begins in the past', [-5, 0, 10, 20], [], [10, 20], []],
  ['a rule with one time left has one', [10], [], [10], []],
])('%s', (_name, times, ahead, add, remove) => {
  const plan = planRule(times.map(minute), ahead, NOW)
  expect(plan.add).toEqual(add.map(minute))
  expect(plan.remove.map(({ id }) => id)).toEqual(remove)
})

test.each([
  [[0, 10, 20], 10, undefined],
  [[0, 10, 19], 10, 19],
  [[0, 30, 35], 6, 35],
  [[], 6, undefined],
])('of %j with %i min each the first to overlap is %s', (times, duration, expected) => {
  expect(firstOverlap(times.map(minute), duration * MINUTE)).toBe(
    expected === undefined ? undefined : minute(expected),
  )
})
