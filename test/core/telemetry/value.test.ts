import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  excerpt,
  isPrintable,
  readBoolean,
  readId,
  readName,
  readNumber,
  readText,
  readTime,
} from '../../../src/core/telemetry/value.ts'
import { parseIso } from '../../../src/core/time.ts'
import { SAMPLE_AT } from '../../support/payloads.ts'

const MOSCOW = 'Europe/Moscow'

describe('a time', () => {
  test.each([
    ['seconds', 1_768_472_430, SAMPLE_AT],
    ['fractions of a second', 1_768_472_430.25, SAMPLE_AT + 250],
    ['a fraction that binary numbers cannot hold', 1_768_472_431.9, SAMPLE_AT + 1900],
    ['the largest number that is seconds', 1e11 - 1, 99_999_999_999_000],
    ['the smallest number that is milliseconds', 1e11, 1e11],
    ['milliseconds', SAMPLE_AT, SAMPLE_AT],
    ['the largest number that is milliseconds', 1e14 - 1, 1e14 - 1],
    ['the smallest number that is microseconds', 1e14, 1e11],
    ['microseconds', 1_768_472_430_000_999, SAMPLE_AT],
    ['the smallest number that is nanoseconds', 1e17, 1e11],
    ['nanoseconds', 1_768_472_430_000_000_000, SAMPLE_AT],
    ['a terminal without a clock', 0, 0],
    ['the end of 32 bits, which only a judge can doubt', 0xffffffff, 0xffffffff * 1000],
    ['a numeric text', '1768472430', SAMPLE_AT],
    ['a numeric text with blanks and a fraction', ' 1768472430.5 ', SAMPLE_AT + 500],
    ['nanoseconds as text', '1768472430000000000', SAMPLE_AT],
    ['ISO 8601 in UTC', '2026-01-15T10:20:30Z', SAMPLE_AT],
    ['ISO 8601 with an offset', '2026-01-15T13:20:30+03:00', SAMPLE_AT],
    ['ISO 8601 with an offset as older servers write it', '2026-01-15T10:20:30.000+0000', SAMPLE_AT],
    ['ISO 8601 without an offset, in the zone of the source', '2026-01-15T13:20:30', SAMPLE_AT],
    ['the same a second time', '2026-01-15T13:20:30', SAMPLE_AT],
    ['the same with a blank', '2026-01-15 13:20:31', SAMPLE_AT + 1000],
  ])('is read from %s', (_name, value, at) => {
    expect(readTime(value, MOSCOW)).toBe(at)
  })

  test.each([
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a number beyond year 9999', 1e30],
    ['an exponent', '1.7e9'],
    ['a word', 'yesterday'],
    ['an impossible date', '2026-02-30T00:00:00Z'],
    ['an offset that is none', '2026-01-15T13:20:30+99:99'],
    ['an offset of 60 minutes', '2026-01-15T13:20:30+03:60'],
    ['the empty text', ''],
    ['a long text', `${'1'.repeat(65)}`],
    ['a boolean', true],
    ['null', null],
    ['a structure', { at: 1 }],
  ])('is not read from %s', (_name, value) => {
    expect(readTime(value, MOSCOW)).toBeUndefined()
  })

  test('without an offset is not read where there is no zone', () => {
    expect(readTime('2026-01-15T13:20:30', undefined)).toBeUndefined()
  })

  test('in a zone is what parseIso says, whatever was read before', () => {
    const local = fc
      .tuple(
        fc.integer({ min: 0, max: 20_000 }),
        fc.integer({ min: 0, max: 86_399 }),
        fc.constantFrom('Europe/Moscow', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
      )
      .map(([day, second, zone]) => {
        const text = new Date(day * 86_400_000 + second * 1000).toISOString().slice(0, 19)
        return [text, zone] as const
      })
    fc.assert(
      fc.property(local, ([text, zone]) => {
        const expected = parseIso(text, zone)
        expect(readTime(text, zone)).toBe(expected)
        expect(readTime(text, zone)).toBe(expected)
      }),
      { numRuns: 2000 },
    )
  })

  test('in the hours around a change to summer time is what parseIso says', () => {
    for (let minute = 0; minute < 4 * 60; minute += 1) {
      const text = new Date(Date.UTC(2026, 9, 25, 0, minute)).toISOString().slice(0, 19)
      expect(readTime(text, 'Europe/Berlin')).toBe(parseIso(text, 'Europe/Berlin'))
    }
  })
})

test.each([
  [1.5, 1.5],
  ['1.5', 1.5],
  [' -7 ', -7],
  ['+7', 7],
  ['1,5', undefined],
  ['.5', undefined],
  ['5.', undefined],
  ['-', undefined],
  ['0x10', undefined],
  ['1e3', undefined],
  ['', undefined],
  ['9'.repeat(33), undefined],
  [Number.NaN, undefined],
  [Number.POSITIVE_INFINITY, undefined],
  [true, undefined],
  [[1], undefined],
])('the number in %j is %j', (value, number) => {
  expect(readNumber(value)).toBe(number)
})

test.each([
  [true, true],
  [1, true],
  ['ON', true],
  ['yes', true],
  ['1', true],
  [false, false],
  [0, false],
  ['off', false],
  ['False', false],
  [2, undefined],
  ['maybe', undefined],
  ['', undefined],
  [null, undefined],
])('the boolean in %j is %j', (value, expected) => {
  expect(readBoolean(value)).toBe(expected)
})

test.each([
  ['200000123', '200000123'],
  [' 200000123 ', '200000123'],
  [200_000_123, '200000123'],
  ['грузовик 12', 'грузовик 12'],
  ['🚚', '🚚'],
  ['x'.repeat(64), 'x'.repeat(64)],
  ['x'.repeat(65), undefined],
  ['', undefined],
  ['  ', undefined],
  ['a\nb', undefined],
  ['a\u0000', undefined],
  ['\u0085x', undefined],
  ['a\u2028b', undefined],
  ['half \ud83d', undefined],
  ['\u200b', undefined],
  ['200000123\u200d', undefined],
  ['20\u202e0321', undefined],
  ['🚚\u0007', undefined],
  [1.5, undefined],
  [2 ** 53, undefined],
  [true, undefined],
  [{}, undefined],
  ['0', undefined],
  [' 000000000000000 ', undefined],
  [0, undefined],
  ['.', undefined],
  [' .. ', undefined],
  ['...', '...'],
  ['10', '10'],
  ['00-1', '00-1'],
])('the terminal id in %j is %j', (value, id) => {
  expect(readId(value)).toBe(id)
})

test.each([
  ['0', '0'],
  [0, '0'],
  ['..', '..'],
  [' 7 ', '7'],
  ['', undefined],
])('the name in %j is %j, whether it is one that a terminal may have or not', (value, name) => {
  expect(readName(value)).toBe(name)
})

test('a text is bounded by its trimmed length', () => {
  expect(readText(`${' '.repeat(20)}${'x'.repeat(10)}`, 10)).toBe('x'.repeat(10))
  expect(readText(`${' '.repeat(31)}${'x'.repeat(10)}`, 10)).toBeUndefined()
})

test('an excerpt is short, on one line and printable', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const text = excerpt(value)
      expect(text.length).toBeLessThanOrEqual(42 * 6)
      expect(/[\n\r]/.test(text)).toBe(false)
    }),
  )
  expect(excerpt('a\nb')).toBe('"a\\nb"')
  expect(excerpt([1])).toBe('a list')
  expect(isPrintable('plain')).toBe(true)
})
