import { expect, test } from 'vitest'
import { parseIso } from '../../../src/core/time.ts'
import { localInput, nextMinute } from '../../../src/http/pages/local-time.ts'
import { NOW } from '../../support/app-deps.ts'

test.each([
  [NOW, 'Europe/Moscow', '2026-01-15T13:00'],
  [NOW + 14 * 3_600_000, 'Asia/Vladivostok', '2026-01-16T10:00'],
  // The night in which Berlin went over to summer time: 02:30 did not exist.
  [Date.UTC(2026, 2, 29, 0, 30), 'Europe/Berlin', '2026-03-29T01:30'],
  [Date.UTC(2026, 2, 29, 1, 30), 'Europe/Berlin', '2026-03-29T03:30'],
])('%i in %s is %s and is read back as the same', (at, zone, text) => {
  expect(localInput(at, zone)).toBe(text)
  expect(parseIso(text, zone)).toBe(at)
})

test('the next full minute is never the present one', () => {
  expect(nextMinute(NOW)).toBe(NOW + 60_000)
  expect(nextMinute(NOW + 59_999)).toBe(NOW + 60_000)
})
