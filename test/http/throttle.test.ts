import { expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import { createThrottle } from '../../src/http/throttle.ts'
import { createFakeClock } from '../support/fake-clock.ts'

test('the limit holds within any minute and says how long to wait', async () => {
  const clock = createFakeClock()
  const throttle = createThrottle(clock, 2)
  expect(throttle.take('a')).toBe(0)
  await clock.advance(20 * SECOND)
  expect(throttle.take('a')).toBe(0)
  expect(throttle.take('a')).toBe(40)
  expect(throttle.take('b')).toBe(0)
  await clock.advance(40 * SECOND)
  expect(throttle.take('a')).toBe(0)
  expect(throttle.take('a')).toBe(20)
})

test('attempts that were refused do not count', async () => {
  const clock = createFakeClock()
  const throttle = createThrottle(clock, 1)
  throttle.take('a')
  await clock.advance(MINUTE - SECOND)
  expect(throttle.take('a')).toBe(1)
  await clock.advance(SECOND)
  expect(throttle.take('a')).toBe(0)
})

test('a good attempt does not count, and bad ones before it do', () => {
  const throttle = createThrottle(createFakeClock(), 2)
  throttle.take('a')
  throttle.take('a')
  throttle.giveBack('a')
  expect(throttle.take('a')).toBe(0)
  expect(throttle.take('a')).toBeGreaterThan(0)
})

test('a clock that is set back locks nobody out', () => {
  const clock = createFakeClock()
  const throttle = createThrottle(clock, 1)
  throttle.take('a')
  clock.step(-HOUR)
  expect(throttle.take('a')).toBe(0)
})

test('many addresses push the oldest out of memory', () => {
  const throttle = createThrottle(createFakeClock(), 1)
  throttle.take('first')
  for (let i = 0; i < 10_000; i++) throttle.take(`address ${i}`)
  expect(throttle.take('first')).toBe(0)
  expect(throttle.take('address 9999')).toBeGreaterThan(0)
})
