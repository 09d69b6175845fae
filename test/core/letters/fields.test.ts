import { describe, expect, test } from 'vitest'
import { openFields, outageFields, updateFields } from '../../../src/core/letters/outage-fields.ts'
import { linkTo } from '../../../src/core/letters/setting.ts'
import { UNHANDLED } from '../../../src/core/outage/handling.ts'
import type { Outage } from '../../../src/core/outage/outage.ts'
import type { Proven } from '../../../src/core/outage/proven.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'
import {
  ANNA,
  BOB,
  closedOutage,
  exampleOutage,
  LETTER_SETTING,
  OUTAGE_START,
} from '../../support/letters.ts'

const AT = OUTAGE_START + HOUR
const ZONE = '(Europe/Moscow, UTC+03:00)'
const english = { recipient: BOB, at: AT }
const about = (outage: Outage, setting = LETTER_SETTING) => outageFields(outage, english, setting)
const now = (outage: Outage, proven: Proven = { kind: 'unavailable' }, at = AT) =>
  openFields(outage, proven, { recipient: BOB, at }, LETTER_SETTING)

describe('what letters say of an outage', () => {
  test('the host is named without credentials', () => {
    const setting = { ...LETTER_SETTING, baseUrl: 'https://user:secret@online.omnicomm.ru:8443/path' }
    expect(about(exampleOutage(), setting).host).toBe('online.omnicomm.ru:8443')
  })

  test('possible downtime is an upper bound, is said only where it differs, and its parts add up', () => {
    const differs = exampleOutage({ downMs: HOUR + 999, possibleMs: HOUR + 1500 + 999 })
    expect(about(differs)).toMatchObject({ certain: '1 h', possible: '1 h 3 s', unproven: '3 s' })
    expect(about(exampleOutage({ downMs: HOUR, possibleMs: HOUR + SECOND })).unproven).toBe('1 s')
    const same = exampleOutage({ downMs: HOUR, possibleMs: HOUR + 999 })
    expect(about(same)).toMatchObject({ possible: '', unproven: '' })
  })

  test('intermittent and end are empty until they are true', () => {
    expect(about(exampleOutage())).toMatchObject({ intermittent: '', end: '' })
    expect(about(closedOutage({ intermittent: true }))).toMatchObject({
      intermittent: 'yes',
      end: `23 November 2026, 13:04:10 ${ZONE}`,
    })
  })

  test('planned work is named as far as it lies inside the outage', () => {
    const work = (from: number, to: number) => ({ from: OUTAGE_START + from, to: OUTAGE_START + to })
    const spans = [work(-HOUR, 56 * MINUTE - 10 * SECOND), work(-2 * HOUR, -HOUR), work(HOUR, 2 * HOUR)]
    const setting = { ...LETTER_SETTING, plannedWork: () => spans }
    expect(about(exampleOutage(), setting).plannedWork).toEqual([
      `23 November 2026, 11:04:10 – 12:00 ${ZONE}`,
    ])
    expect(about(closedOutage({ end: OUTAGE_START + 90 * MINUTE }), setting).plannedWork).toHaveLength(2)
    expect(about(exampleOutage()).plannedWork).toEqual([])
  })
})

describe('what letters say of an outage that goes on', () => {
  test.each([
    [
      { kind: 'unavailable' },
      { unavailable: 'yes', answersSince: '', confirmedAt: '', unobservableSince: '' },
    ],
    [
      { kind: 'answers-again', since: AT - 2 * MINUTE },
      { unavailable: '', answersSince: '12:02', confirmedAt: '', unobservableSince: '' },
    ],
    [
      { kind: 'not-observable', since: AT - 4 * MINUTE },
      { unavailable: '', answersSince: '', confirmedAt: '12:04', unobservableSince: '12:00' },
    ],
  ] as const)('what is proven now: %j', (proven, expected) => {
    expect(now(exampleOutage(), proven)).toMatchObject(expected)
  })

  const expecting = (resolution: number | null, note = ''): Outage =>
    exampleOutage({
      handling: { ...UNHANDLED, expected: { by: 'Anna Petrova', at: AT - 24 * MINUTE, resolution, note } },
    })
  const none = { expected: '', expectedPassed: '', expectedWithdrawn: '', expectedUnknown: '' }

  test('no expected time is being determined', () => {
    expect(now(exampleOutage())).toMatchObject({
      ...none,
      expectedUnknown: 'yes',
      expectedBy: '',
      expectedAt: '',
    })
  })

  test('an expected time has author, time and note', () => {
    expect(now(expecting(AT + 25 * MINUTE + 50 * SECOND, 'disk\nreplaced'))).toMatchObject({
      ...none,
      expected: `23 November 2026, 12:30 ${ZONE}`,
      expectedBy: 'Anna Petrova',
      expectedAt: '11:40',
      expectedNote: ['disk', 'replaced'],
    })
  })

  test('an expected time that has passed is no promise any more', () => {
    const outage = expecting(AT)
    expect(now(outage, undefined, AT - 1).expected).not.toBe('')
    expect(now(outage)).toMatchObject({ ...none, expectedPassed: `23 November 2026, 12:04:10 ${ZONE}` })
  })

  test('a withdrawn one is named as such', () => {
    expect(now(expecting(null))).toMatchObject({
      ...none,
      expectedWithdrawn: '11:40',
      expectedBy: 'Anna Petrova',
    })
  })

  test('the next letter is promised for a full minute that leaves time for sending', () => {
    const bulletins = { updates: 0, at: AT, nextAt: AT + 30 * MINUTE }
    expect(now(exampleOutage({ bulletins })).nextLetterBy).toBe(`23 November 2026, 12:35 ${ZONE}`)
  })

  test('the first letter promises one updateEvery, and no promise lies in the past', () => {
    expect(now(exampleOutage()).nextLetterBy).toBe(`23 November 2026, 13:05 ${ZONE}`)
    const late = exampleOutage({ bulletins: { updates: 3, at: AT - HOUR, nextAt: AT - 10 * MINUTE } })
    expect(now(late).nextLetterBy).toBe(`23 November 2026, 12:05 ${ZONE}`)
  })
})

describe('what an update says is new', () => {
  const handled = (expectedAt: number, messageAt: number): Outage =>
    exampleOutage({
      handling: {
        ...UNHANDLED,
        expected: { by: 'a', at: expectedAt, resolution: AT + DAY, note: '' },
        message: { by: 'b', at: messageAt, text: 'x' },
      },
      bulletins: { updates: 2, at: AT, nextAt: AT + HOUR },
    })
  const news = (outage: Outage, newSince: number) => {
    const fields = updateFields(
      outage,
      { kind: 'unavailable' },
      newSince,
      { recipient: ANNA, at: AT },
      LETTER_SETTING,
    )
    const { expectedIsNew, messageIsNew, nothingNew } = fields
    return { expectedIsNew, messageIsNew, nothingNew }
  }

  test('is what is younger than the letter before it', () => {
    expect(news(handled(AT - HOUR, AT - MINUTE), AT - 30 * MINUTE)).toEqual({
      expectedIsNew: '',
      messageIsNew: 'yes',
      nothingNew: '',
    })
    expect(news(handled(AT - 2 * HOUR, AT - HOUR), AT - HOUR)).toEqual({
      expectedIsNew: '',
      messageIsNew: '',
      nothingNew: 'yes',
    })
  })

  test('is also what it was issued for when the clock was set back since the letter before', () => {
    expect(news(handled(AT, AT - 3 * HOUR), AT + 2 * HOUR)).toMatchObject({
      expectedIsNew: 'yes',
      messageIsNew: '',
    })
  })
})

test('a link needs the address of the pages', () => {
  expect(linkTo('/outages/1', { publicUrl: 'https://watch.example.org/' })).toBe(
    'https://watch.example.org/outages/1',
  )
  expect(linkTo('/outages/1', { publicUrl: '' })).toBe('')
})
