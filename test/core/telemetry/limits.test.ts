import { expect, test } from 'vitest'
import { limitsFault, numberWithin } from '../../../src/core/telemetry/limits.ts'

const PERCENT = { min: 0, max: 100 }
const COUNT = { min: 0, max: 255, whole: true } as const

test.each([
  [0, PERCENT],
  [100, PERCENT],
  ['55.5', PERCENT],
  [255, COUNT],
] as const)('%j is taken within %j', (value, limits) => {
  expect(numberWithin(value, limits)).toBe(Number(value))
})

test.each([
  [-0.1, PERCENT, '-0.1 is outside 0..100'],
  [100.1, PERCENT, '100.1 is outside 0..100'],
  [4.5, COUNT, '4.5 is not a whole number'],
  ['4,5', PERCENT, '"4,5" is not a plain number'],
  [Number.NaN, PERCENT, 'NaN is not a plain number'],
  [true, PERCENT, 'true is not a plain number'],
  [{}, PERCENT, 'an object is not a plain number'],
] as const)('%j is not taken within %j, and why is said', (value, limits, fault) => {
  expect(numberWithin(value, limits)).toBeUndefined()
  expect(limitsFault(value, limits)).toBe(fault)
})
