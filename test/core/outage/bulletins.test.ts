import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  hastenBulletin,
  nextBulletin,
  promisedBy,
  startBulletins,
} from '../../../src/core/outage/bulletins.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'
import { minute } from './trace.ts'

test('the series begins with the first letters and counts its updates', () => {
  const first = startBulletins(minute(61), HOUR)
  expect(first).toEqual({ updates: 0, at: minute(61), nextAt: minute(121) })
  const second = nextBulletin(first, minute(80), HOUR)
  expect(second).toEqual({ updates: 1, at: minute(80), nextAt: minute(140) })
})

test('its times grow although the wall clock was set back, and the next update is counted from the new time', () => {
  const first = startBulletins(minute(61), HOUR)
  expect(nextBulletin(first, minute(20), HOUR)).toEqual({
    updates: 1,
    at: minute(61) + 1,
    nextAt: minute(80),
  })
})

test.each([
  ['is left alone when it is near enough', 121, 61, 121],
  ['is left alone when its time has come', 121, 130, 121],
  ['comes as early as it can be promised after a step back', 121, 1, 61],
])('the next update %s', (_name, nextAt, now, expected) => {
  const series = { updates: 3, at: minute(61), nextAt: minute(nextAt) }
  expect(hastenBulletin(series, minute(now), HOUR)).toEqual({ ...series, nextAt: minute(expected) })
})

test('nothing is hastened before the first letter', () => {
  const none = { updates: 0, at: null, nextAt: null }
  expect(hastenBulletin(none, minute(0), HOUR)).toBe(none)
})

test('the promised time is a full minute, half a minute after the update is written at least, and soon', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: HOUR }), (ms) => {
      const promised = promisedBy(minute(60) + ms)
      expect(promised % MINUTE).toBe(0)
      const slack = promised - minute(60) - ms
      expect(slack).toBeGreaterThanOrEqual(30 * SECOND)
      expect(slack).toBeLessThan(90 * SECOND)
    }),
  )
})
