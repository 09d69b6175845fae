import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  isWorkingDay,
  nextOpening,
  officialAnswerDue,
  registrationDue,
  type WorkCalendar,
  yearWithoutDecree,
} from '../../../src/core/request/working-days.ts'
import { DAY, HOUR, toIso, zoneOffsetMs } from '../../../src/core/time.ts'
import { MOSCOW } from '../../support/requests.ts'

const inZone = (timezone: string): WorkCalendar => ({ ...MOSCOW, timezone })

/** `2026-01-15 13:00` of Moscow, which has no other time than three hours ahead. */
const moscow = (text: string): number => Date.parse(`${text.replace(' ', 'T')}+03:00`)
const inMoscow = (at: number): string => toIso(at + 3 * HOUR).slice(0, 16)
const dayOf = (text: string): number => Date.parse(`${text}T00:00:00Z`) / DAY

describe('a working day', () => {
  test.each([
    ['2026-01-15', true, 'a Thursday'],
    ['2026-01-17', false, 'a Saturday'],
    ['2026-01-18', false, 'a Sunday'],
    ['2026-01-08', false, 'New Year holidays'],
    ['2026-01-09', false, 'moved by decree from 3 January'],
    ['2026-01-12', true, 'the Monday after them'],
    ['2026-02-23', false, 'Defender of the Fatherland'],
    ['2026-03-09', false, '8 March is a Sunday'],
    ['2026-03-10', true, 'the day after'],
    ['2026-05-01', false, 'Labour Day'],
    ['2026-05-11', false, '9 May is a Saturday'],
    ['2026-06-12', false, 'Russia Day'],
    ['2026-11-04', false, 'Unity Day'],
    ['2026-12-31', false, 'moved by decree from 4 January'],
    ['2027-05-03', false, '1 May is a Saturday'],
    ['2027-05-10', false, '9 May is a Sunday'],
    ['2027-06-14', false, '12 June is a Saturday'],
    ['2027-01-11', true, 'no decree is entered for 2027 yet'],
  ])('%s: %s (%s)', (date, works) => {
    expect(isWorkingDay(dayOf(date), MOSCOW)).toBe(works)
  })
})

describe('an official answer', () => {
  test.each([
    ['2026-01-12 10:00', '2026-01-15T23:59', 'Monday to Thursday'],
    ['2026-01-15 23:30', '2026-01-20T23:59', 'over a weekend, asked for in the evening'],
    ['2026-01-16 10:00', '2026-01-21T23:59', 'Friday to Wednesday'],
    ['2026-01-17 10:00', '2026-01-21T23:59', 'asked for on a Saturday'],
    ['2026-04-30 10:00', '2026-05-06T23:59', 'over 1 May'],
    ['2026-05-08 10:00', '2026-05-14T23:59', 'over 9 May and the day off that moved'],
    ['2026-12-30 10:00', '2027-01-13T23:59', 'over the New Year'],
  ])('asked for %s is due %s (%s)', (asked, due) => {
    expect(inMoscow(officialAnswerDue(moscow(asked), MOSCOW))).toBe(due)
  })

  test('is due by the day of the zone, not that of Greenwich', () => {
    const at = Date.parse('2026-01-14T22:00:00Z')
    expect(toIso(officialAnswerDue(at, inZone('Europe/Moscow')))).toBe('2026-01-20T20:59:59.000Z')
    expect(toIso(officialAnswerDue(at, inZone('UTC')))).toBe('2026-01-19T23:59:59.000Z')
    expect(toIso(officialAnswerDue(at, inZone('Asia/Vladivostok')))).toBe('2026-01-20T13:59:59.000Z')
  })

  test('is due on a working day, exactly three working days after the day on which it was asked for', () => {
    const range = { min: Date.parse('2026-01-01T00:00:00Z'), max: Date.parse('2028-01-01T00:00:00Z') }
    const zones = fc.constantFrom('Europe/Moscow', 'UTC', 'Asia/Kamchatka', 'America/New_York')
    fc.assert(
      fc.property(fc.integer(range), zones, (asked, zone) => {
        const local = (at: number): number => Math.floor((at + zoneOffsetMs(at, zone)) / DAY)
        const [from, to] = [local(asked), local(officialAnswerDue(asked, inZone(zone)))]
        const between = Array.from({ length: to - from }, (_, place) => from + 1 + place)
        expect(isWorkingDay(to, MOSCOW)).toBe(true)
        expect(between.filter((day) => isWorkingDay(day, MOSCOW))).toHaveLength(3)
      }),
    )
  })
})

describe('a ticket number', () => {
  test.each([
    ['2026-01-15 13:00', '2026-01-15T14:00', 'an hour later'],
    ['2026-01-15 16:59', '2026-01-15T17:59', 'the last minute of a day'],
    ['2026-01-15 17:00', '2026-01-16T09:00', 'after hours: the next morning'],
    ['2026-01-15 07:00', '2026-01-15T09:00', 'before hours: the same morning'],
    ['2026-01-15 23:30', '2026-01-16T09:00', 'an hour later it is another day'],
    ['2026-01-16 18:00', '2026-01-19T09:00', 'Friday evening: Monday'],
    ['2026-04-30 20:00', '2026-05-04T09:00', 'before a holiday'],
  ])('of a letter sent %s must come by %s (%s)', (sent, due) => {
    expect(inMoscow(registrationDue(moscow(sent), MOSCOW))).toBe(due)
  })
})

test('the next opening is the morning of the next working day, whatever the hour', () => {
  expect(inMoscow(nextOpening(moscow('2026-01-15 03:00'), MOSCOW))).toBe('2026-01-16T09:00')
  expect(inMoscow(nextOpening(moscow('2026-01-16 22:00'), MOSCOW))).toBe('2026-01-19T09:00')
})

describe('a calendar that people complete', () => {
  const completed = {
    ...MOSCOW,
    daysOff: new Set(['2027-01-11', '2026-01-15']),
    workingDays: new Set(['2027-02-20', '2026-12-31']),
  }

  test.each([
    ['2027-01-11', false, 'a day off that was entered'],
    ['2027-02-20', true, 'a Saturday that was entered'],
    ['2026-01-15', false, 'a Thursday of a known year'],
    ['2026-12-31', true, 'what is entered comes before what the program knows'],
  ])('%s: %s (%s)', (date, works) => {
    expect(isWorkingDay(dayOf(date), completed)).toBe(works)
  })

  test.each([
    ['2026-06-01 12:00', MOSCOW, null],
    ['2026-11-30 23:59', MOSCOW, null],
    ['2026-12-01 00:00', MOSCOW, 2027],
    ['2027-03-01 12:00', MOSCOW, 2027],
    ['2026-12-01 00:00', completed, null],
    ['2027-11-30 12:00', completed, null],
    ['2027-12-01 12:00', completed, 2028],
  ])('at %s says of which year the decree is missing', (at, calendar, year) => {
    expect(yearWithoutDecree(moscow(at), calendar)).toBe(year)
  })
})
