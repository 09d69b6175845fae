import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { monthKey, periodAt, periodsOf } from '../../../src/core/reports/periods.ts'
import { DAY, HOUR, MINUTE, parseIso, zoneOffsetMs } from '../../../src/core/time.ts'

const at = (text: string, zone = 'UTC'): number => {
  const instant = parseIso(text, zone)
  if (instant === undefined) throw new Error(`not a time: ${text}`)
  return instant
}
const iso = (instant: number): string => new Date(instant).toISOString().replace(':00.000Z', 'Z')
const list = (...args: Parameters<typeof periodsOf>): readonly string[] =>
  periodsOf(...args).map(({ from, to }) => `${iso(from)}/${iso(to)}`)

describe('periods', () => {
  test('are whole ones of the zone, newest first', () => {
    const range = { from: at('2026-01-15T12:00Z'), to: at('2026-03-02T12:00Z') }
    expect(list('month', range, 'Europe/Moscow', 10)).toEqual([
      '2026-02-28T21:00Z/2026-03-31T21:00Z',
      '2026-01-31T21:00Z/2026-02-28T21:00Z',
      '2025-12-31T21:00Z/2026-01-31T21:00Z',
    ])
    expect(list('month', range, 'Europe/Moscow', 1)).toEqual(['2026-02-28T21:00Z/2026-03-31T21:00Z'])
  })

  test('end where the range ends, which does not belong to it', () => {
    const range = { from: at('2026-01-02T00:00Z'), to: at('2026-01-03T00:00Z') }
    expect(list('day', range, 'UTC', 10)).toEqual(['2026-01-02T00:00Z/2026-01-03T00:00Z'])
    expect(list('day', { from: range.to, to: range.to }, 'UTC', 10)).toEqual([])
    expect(list('day', { from: range.to, to: range.from }, 'UTC', 10)).toEqual([])
    const noon = range.from + 12 * HOUR
    expect(list('day', { from: noon, to: noon }, 'UTC', 10)).toEqual([])
  })

  test('of a week begin on Monday', () => {
    // A Wednesday, and the Sunday and Monday about New Year.
    expect(list('week', { from: at('2026-11-25T10:00Z'), to: at('2026-11-25T11:00Z') }, 'UTC', 9)).toEqual([
      '2026-11-23T00:00Z/2026-11-30T00:00Z',
    ])
    expect(list('week', { from: at('2023-01-01T23:00Z'), to: at('2023-01-02T01:00Z') }, 'UTC', 9)).toEqual([
      '2023-01-02T00:00Z/2023-01-09T00:00Z',
      '2022-12-26T00:00Z/2023-01-02T00:00Z',
    ])
  })

  test.each([
    ['Europe/Berlin', '2026-03-29T12:00Z', '2026-03-28T23:00Z/2026-03-29T22:00Z', 23],
    ['Europe/Berlin', '2026-10-25T12:00Z', '2026-10-24T22:00Z/2026-10-25T23:00Z', 25],
    // Midnight is left out, and the day begins at 01:00.
    ['America/Santiago', '2023-09-03T12:00Z', '2023-09-03T04:00Z/2023-09-04T03:00Z', 23],
    // The hour before midnight is repeated.
    ['America/Santiago', '2023-04-01T12:00Z', '2023-04-01T03:00Z/2023-04-02T04:00Z', 25],
    // The hour after midnight is repeated.
    ['America/Havana', '2023-11-05T12:00Z', '2023-11-05T04:00Z/2023-11-06T05:00Z', 25],
    ['Australia/Lord_Howe', '2023-10-01T01:00Z', '2023-09-30T13:30Z/2023-10-01T13:00Z', 23.5],
    ['Asia/Kathmandu', '2026-01-01T12:00Z', '2025-12-31T18:15Z/2026-01-01T18:15Z', 24],
  ])('in %s the day of %s is %s', (zone, instant, expected, hours) => {
    const range = { from: at(instant), to: at(instant) + 1 }
    expect(list('day', range, zone, 9)).toEqual([expected])
    const { from, to } = periodAt('day', at(instant), zone)
    expect((to - from) / HOUR).toBe(hours)
  })

  test('leave out a day that a zone never had', () => {
    const range = { from: at('2011-12-29T12:00Z'), to: at('2011-12-31T12:00Z') }
    expect(list('day', range, 'Pacific/Apia', 9)).toEqual([
      '2011-12-31T10:00Z/2012-01-01T10:00Z',
      '2011-12-30T10:00Z/2011-12-31T10:00Z',
      '2011-12-29T10:00Z/2011-12-30T10:00Z',
    ])
  })

  test('follow one another without a gap and cover the range, in every zone', () => {
    const zones = ['Europe/Moscow', 'Europe/Berlin', 'America/Santiago', 'Asia/Tehran', 'Pacific/Apia', 'UTC']
    fc.assert(
      fc.property(
        fc.constantFrom('day' as const, 'week' as const, 'month' as const),
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 50 * 365 }),
        fc.integer({ min: 1, max: 100 * 24 * 60 }),
        fc.integer({ min: 0, max: 24 * 60 }),
        (kind, zone, days, minutes, offset) => {
          const from = days * DAY + offset * MINUTE
          const range = { from, to: from + minutes * MINUTE }
          const periods = periodsOf(kind, range, zone, 1000)
          expect(periods[0]?.to).toBeGreaterThanOrEqual(range.to)
          expect(periods[0]?.from).toBeLessThan(range.to)
          expect(periods.at(-1)?.from).toBeLessThanOrEqual(range.from)
          expect(periods.at(-1)?.to).toBeGreaterThan(range.from)
          for (const [index, { from: begin }] of periods.slice(0, -1).entries()) {
            expect(periods[index + 1]?.to).toBe(begin)
          }
          for (const { from: begin } of periods) {
            const local = begin + zoneOffsetMs(begin, zone)
            // In the zones above a day begins at 01:00 at the latest.
            expect(((local % DAY) + DAY) % DAY).toBeLessThanOrEqual(HOUR)
            expect(periodAt(kind, begin, zone).from).toBe(begin)
          }
        },
      ),
      { endOnFailure: true },
    )
  })
})

test('a month is named by its year and number in the zone', () => {
  expect(monthKey(at('2026-10-31T21:30Z'), 'Europe/Moscow')).toBe('202611')
  expect(monthKey(at('2026-10-31T21:30Z'), 'UTC')).toBe('202610')
})
