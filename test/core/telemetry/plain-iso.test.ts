import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePlainIso } from '../../../src/core/telemetry/plain-iso.ts'
import { parseIso } from '../../../src/core/time.ts'

test.each([
  ['2026-01-15T10:20:30Z', 1_768_472_430_000],
  ['2026-01-15T10:20:30.123Z', 1_768_472_430_123],
  ['2026-01-15T10:20:30+00:00', 1_768_472_430_000],
  ['2026-01-15T10:20:30.123+00:00', 1_768_472_430_123],
  ['2026-01-15T10:20:30.007+0000', 1_768_472_430_007],
  ['2024-02-29T23:59:59.999Z', 1_709_251_199_999],
])('%s is read', (text, at) => {
  expect(parsePlainIso(text)).toBe(at)
})

test.each([
  '2026-02-29T10:20:30Z',
  '2026-13-01T10:20:30Z',
  '2026-01-15T24:20:30Z',
  '2026-01-15T10:60:30Z',
  '2026-01-15T10:20:30.12Z',
  '2026-01-15T10:20:30.1234Z',
  '2026-01-15T10:20:30+03:00',
  '2026-01-15T10:20:30-00:00',
  '2026-01-15T10:20:30',
  '2026-01-15 10:20:30Z',
  '2026-01-15T10:20:3xZ',
  '2026-01-15T10:20:30ZZ',
  '2026-01-15T10:20:30.123+00:000',
  'x026-01-15T10:20:30Z',
  '',
])('%j is left to the full reader', (text) => {
  expect(parsePlainIso(text)).toBeUndefined()
})

test('what it reads is what the full reader reads', () => {
  const two = (max: number) => fc.integer({ min: 1, max }).map((n) => String(n).padStart(2, '0'))
  const soft = fc.oneof(
    { weight: 20, arbitrary: two(12) },
    { weight: 2, arbitrary: two(99) },
    fc.constantFrom('0', '1x', ' 1', '-1', '001'),
  )
  const text = fc
    .tuple(
      fc.constantFrom('2026', '2024', '0001', '9999', '1970'),
      soft,
      soft,
      fc.constantFrom('T', ' ', 't'),
      soft,
      soft,
      soft,
      fc.constantFrom('', '.1', '.12', '.123', '.000', '.1234', ',123', '.x23'),
      fc.constantFrom('Z', 'z', '+00:00', '+0000', '+00', '-00:00', '+03:00', '', 'ZZ'),
    )
    .map(([y, mo, d, t, h, mi, s, f, z]) => `${y}-${mo}-${d}${t}${h}:${mi}:${s}${f}${z}`)
  let read = 0
  fc.assert(
    fc.property(text, (input) => {
      const at = parsePlainIso(input)
      if (at === undefined) return
      read += 1
      expect(at).toBe(parseIso(input))
    }),
    { numRuns: 20_000 },
  )
  expect(read).toBeGreaterThan(100)
})
