import { describe, expect, test } from 'vitest'
import { officialDueOf, standingOf } from '../../../src/core/request/overdue.ts'
import type { SupportRequest } from '../../../src/core/request/support-request.ts'
import { DAY, HOUR, MINUTE, toIso } from '../../../src/core/time.ts'
import { MADE_AT, MOSCOW, supportRequest } from '../../support/requests.ts'

const SENT: Partial<SupportRequest> = { sentAt: MADE_AT }
const NUMBERED: Partial<SupportRequest> = { ...SENT, ticket: '777', ticketAt: MADE_AT }

/** What it waits for after so long, `!` before what is overdue. */
function waits(change: Partial<SupportRequest>, afterMs: number): readonly string[] {
  const { steps } = standingOf(supportRequest(change), MADE_AT + afterMs, MOSCOW)
  return steps.map(({ kind, overdue }) => `${overdue ? '!' : ''}${kind}`)
}

describe('a request waits', () => {
  test.each([
    ['to be sent', {}, 30 * DAY, ['send']],
    ['for a number', SENT, HOUR, ['register']],
    ['for a number that should have come', SENT, HOUR + MINUTE, ['!register']],
    ['for an answer', NUMBERED, 30 * DAY, ['wait']],
    ['for our answer', { ...NUMBERED, questionAt: MADE_AT }, 30 * DAY, ['answer']],
    ['for the official answer', { ...NUMBERED, officialAskedAt: MADE_AT }, 5 * DAY, ['official']],
    [
      'for the official answer, three working days on',
      { ...NUMBERED, officialAskedAt: MADE_AT },
      6 * DAY,
      ['!official'],
    ],
    [
      'no more for an official answer that came',
      { ...NUMBERED, officialAskedAt: MADE_AT, officialAnsweredAt: MADE_AT },
      6 * DAY,
      ['wait'],
    ],
    ['for nothing when it is closed', { ...SENT, closedAt: MADE_AT }, 30 * DAY, []],
  ])('%s', (_, change, after, steps) => {
    expect(waits(change, after)).toEqual(steps)
  })

  test('for a promised time until it has passed, and for an approximate one until the morning after', () => {
    const promised = { at: MADE_AT + 2 * HOUR, note: '', approximate: false }
    expect(waits({ ...NUMBERED, promised }, 2 * HOUR)).toEqual(['promise'])
    expect(waits({ ...NUMBERED, promised }, 2 * HOUR + 1)).toEqual(['!promise'])
    const approximate = { ...promised, approximate: true }
    // 15:00 in Moscow; nine o'clock of the next day is 18 hours later.
    expect(waits({ ...NUMBERED, promised: approximate }, 20 * HOUR)).toEqual(['promise'])
    expect(waits({ ...NUMBERED, promised: approximate }, 20 * HOUR + 1)).toEqual(['!promise'])
  })
})

test('what is overdue comes first, then what is for us to do, then what is due next', () => {
  const busy = {
    ...SENT,
    questionAt: MADE_AT,
    officialAskedAt: MADE_AT,
    promised: { at: MADE_AT + 2 * DAY, note: '', approximate: false },
  }
  expect(waits(busy, 0)).toEqual(['answer', 'register', 'promise', 'official'])
  expect(waits(busy, 2 * HOUR)).toEqual(['!register', 'answer', 'promise', 'official'])
  expect(waits(busy, 30 * DAY)).toEqual(['!register', '!promise', '!official', 'answer'])
})

test('a request that was sent is unregistered until its number is there or it is closed', () => {
  const unregistered = (change: Partial<SupportRequest>): boolean =>
    standingOf(supportRequest(change), MADE_AT, MOSCOW).unregistered
  expect([{}, SENT, NUMBERED, { ...SENT, closedAt: MADE_AT }].map(unregistered)).toEqual([
    false,
    true,
    false,
    false,
  ])
})

test('the due time of the next step is told', () => {
  const { next } = standingOf(supportRequest({ ...NUMBERED, officialAskedAt: MADE_AT }), MADE_AT, MOSCOW)
  expect(next?.at === null || next === null ? null : toIso(next.at)).toBe('2026-01-20T20:59:59.000Z')
})

describe('a question to a department', () => {
  const department: Partial<SupportRequest> = { ...SENT, addressee: 'department' }

  test('waits for an answer and not for a number of support', () => {
    expect(waits(department, 30 * DAY)).toEqual(['wait'])
    expect(standingOf(supportRequest(department), MADE_AT, MOSCOW)).toMatchObject({
      overdue: false,
      unregistered: false,
    })
  })

  test('has no official answer that could be overdue after three working days', () => {
    const asked = { ...department, officialAskedAt: MADE_AT }
    expect(waits(asked, 30 * DAY)).toEqual(['wait'])
    expect(officialDueOf(supportRequest(asked), MOSCOW)).toBe(null)
  })

  test('is overdue when the department itself named a time', () => {
    const promised = { at: MADE_AT + DAY, note: '', approximate: false }
    expect(waits({ ...department, promised }, 2 * DAY)).toEqual(['!promise'])
  })
})
