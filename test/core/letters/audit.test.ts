import { describe, expect, test } from 'vitest'
import { auditLetters, isAudited } from '../../../src/core/letters/audit.ts'
import type { Letter } from '../../../src/core/letters/letter.ts'
import { UNHANDLED } from '../../../src/core/outage/handling.ts'
import type { Outage } from '../../../src/core/outage/outage.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'
import { ANNA, BOB, closedOutage, exampleLetter, exampleOutage, OUTAGE_START } from '../../support/letters.ts'

const NOW = OUTAGE_START + HOUR + 10 * MINUTE
const LONG_AGO = OUTAGE_START - DAY
const GRACE = 2 * MINUTE
const open = exampleOutage({ latestFailAt: NOW })
const NAME = `outage ${open.id}`
const letter = exampleLetter

function audit(outage: Outage, letters: readonly Letter[], people = [ANNA], attemptMs = 0, since = LONG_AGO) {
  return auditLetters(
    outage,
    letters.toReversed(),
    people.map(({ email }) => ({ email, since })),
    NOW,
    { graceMs: GRACE, attemptSince: () => NOW - attemptMs, carriedSince: 0 },
  )
}

describe('an outage with a due letter', () => {
  const stuck = [`${NAME}: no next attempt for the letter to anna@example.org`]
  const filed = [`${NAME}: only a file, as no SMTP is configured, for anna@example.org`]
  const dead = [`${NAME}: the letters to all recipients were given up`]
  const missing = [`${NAME}: no letter to anna@example.org`]
  const old = [{ at: NOW - 20 * MINUTE, result: 'retry', reply: '' }]

  test.each([
    ['a sent letter proves it', letter({ state: 'sent' }), []],
    ['a next attempt proves it', letter({ state: 'retry', nextAt: NOW + 1, attempts: old }), []],
    [
      'so does one after an uncertain end',
      letter({ state: 'ambiguous', nextAt: NOW + 15 * MINUTE, attempts: old }),
      [],
    ],
    ['a letter that was just written has its turn within a minute', letter({ nextAt: NOW - MINUTE }), []],
    ['and is stuck after that', letter({ nextAt: NOW - MINUTE - 1 }), stuck],
    [
      'so is a retry that does not come',
      letter({ state: 'retry', nextAt: NOW - 2 * MINUTE, attempts: old }),
      stuck,
    ],
    ['the longest wait is a next attempt', letter({ state: 'retry', nextAt: NOW + 31 * MINUTE }), []],
    ['what a clock that was ahead planned has its turn now', letter({ nextAt: NOW + HOUR }), stuck],
    ['a superseded letter proves nothing', letter({ state: 'superseded' }), missing],
    ['a file reaches nobody', letter({ state: 'filed' }), filed],
    ['a letter to the only recipient that is dead reaches nobody', letter({ state: 'dead' }), dead],
  ] as const)('%s', (_name, row, expected) => {
    expect(audit(open, [row])).toEqual(expected)
  })

  test.each([
    ['waited', NOW - HOUR],
    ['was planned by a clock that was ahead', NOW + 2 * HOUR],
  ])('a letter that %s while nobody carried letters has its turn within a minute', (_name, nextAt) => {
    const late = (carriedMs: number) =>
      auditLetters(open, [letter({ nextAt })], [{ email: ANNA.email, since: LONG_AGO }], NOW, {
        graceMs: GRACE,
        attemptSince: () => NOW,
        carriedSince: NOW - carriedMs,
      })
    expect(late(MINUTE - 1)).toEqual([])
    expect(late(MINUTE)).toEqual(stuck)
    // The clock was set back since.
    expect(late(-HOUR)).toEqual(stuck)
  })

  test('an update that was sent tells who only has a file of the initial', () => {
    const initial = letter({ state: 'filed' })
    const update = (state: Letter['state']) => letter({ kind: 'update', state })
    expect(audit(open, [initial, update('filed')])).toEqual(filed)
    expect(audit(open, [initial, update('sent')])).toEqual([])
  })

  test('an attempt may take 31 minutes', () => {
    const sending = letter({ state: 'sending' })
    expect(audit(open, [sending], [ANNA], 31 * MINUTE)).toEqual([])
    expect(audit(open, [sending], [ANNA], 31 * MINUTE + 1)).toEqual(stuck)
  })

  test('no recipients at all is a finding', () => {
    expect(audit(open, [], [])).toEqual([`${NAME}: there are no recipients`])
  })

  test('one recipient who is alive is enough when the others are dead', () => {
    const rows = [letter({ state: 'dead' }), letter({ recipient: BOB.email, state: 'sent' })]
    expect(audit(open, rows, [ANNA, BOB])).toEqual([])
    expect(audit(open, rows.slice(0, 1), [ANNA, BOB])).toEqual([`${NAME}: no letter to bob@example.org`])
  })

  test('many recipients are counted and not all named', () => {
    const people = Array.from({ length: 5 }, (_, i) => ({ ...ANNA, email: `a${i}@example.org` }))
    expect(audit(open, [], people)).toEqual([
      `${NAME}: no letter to a0@example.org, a1@example.org, a2@example.org and 2 more`,
    ])
    expect(audit(open, [], people.slice(0, 3))).toEqual([
      `${NAME}: no letter to a0@example.org, a1@example.org, a2@example.org`,
    ])
  })

  test('who joined is missed from the second round after it on', () => {
    expect(audit(open, [], [ANNA], 0, NOW - GRACE)).toEqual([])
    expect(audit(open, [], [ANNA], 0, NOW - GRACE - 1)).toEqual(missing)
    const silent = { ...open, latestFailAt: NOW - HOUR }
    const bobs = letter({ recipient: BOB.email, state: 'sent' })
    expect(audit(silent, [bobs], [ANNA], 0, NOW - HOUR)).toEqual([])
  })

  test('a due letter that nobody has is missed also while it waits for a fresh FAIL', () => {
    const silent = { ...open, latestFailAt: NOW - HOUR }
    expect(audit(silent, [], [ANNA], 0, NOW - GRACE)).toEqual([])
    expect(audit(silent, [], [ANNA], 0, NOW - GRACE - 1)).toEqual(missing)
    const bobs = letter({ recipient: BOB.email, state: 'superseded' })
    expect(audit(silent, [bobs], [ANNA], 0, NOW - GRACE - 1)).toEqual(missing)
  })

  test('letters wait longer while the outbox works on others', () => {
    const waiting = letter({ nextAt: NOW - 30 * MINUTE })
    const attempt = (ago: number) => [{ at: NOW - ago, result: 'sent', reply: '' }]
    const bobs = (ago: number) => letter({ recipient: BOB.email, state: 'sent', attempts: attempt(ago) })
    expect(audit(open, [waiting, bobs(MINUTE)], [ANNA, BOB])).toEqual([])
    expect(audit(open, [waiting, bobs(MINUTE + 1)], [ANNA, BOB])).toEqual(stuck)
    const longer = letter({ nextAt: NOW - 32 * MINUTE })
    expect(audit(open, [longer, bobs(SECOND)], [ANNA, BOB])).toEqual(stuck)
  })
})

describe('after the end of an outage', () => {
  const closed = closedOutage({ end: NOW - MINUTE, latestFailAt: NOW - 2 * MINUTE })
  const sent = letter({ state: 'sent' })

  test.each([['recovery'], ['combined']] as const)('%s proves it', (kind) => {
    expect(audit(closed, [sent, letter({ kind, state: 'sent' })])).toEqual([])
  })

  test('who was removed before it and came back after it is not asked about the end', () => {
    const back = { email: ANNA.email, since: NOW - SECOND, joined: true }
    const options = { graceMs: GRACE, attemptSince: () => NOW, carriedSince: 0 }
    expect(auditLetters(closed, [sent], [back], NOW, options)).toEqual([])
    const present = { ...back, joined: false }
    expect(auditLetters(closed, [sent], [present], NOW, options)).toEqual([
      `${NAME}: no letter to anna@example.org`,
    ])
  })

  test('the initial alone does not', () => {
    expect(audit(closed, [sent])).toEqual([`${NAME}: no letter to anna@example.org`])
  })

  test('a recovery waits as long as the letter before it has a next attempt', () => {
    const earlier = (nextAt: number) => letter({ state: 'ambiguous', nextAt })
    const recovery = letter({ kind: 'recovery', nextAt: NOW - 10 * MINUTE })
    expect(audit(closed, [earlier(NOW + 5 * MINUTE), recovery])).toEqual([])
    expect(audit(closed, [earlier(NOW - 5 * MINUTE), recovery])).toHaveLength(1)
    expect(audit(closed, [sent, recovery])).toHaveLength(1)
  })

  test('nothing is asked for who joined later', () => {
    expect(audit(closed, [], [BOB], 0, NOW)).toEqual([])
  })
})

describe('a cancelled outage', () => {
  const cancelled = exampleOutage({ state: 'cancelled', latestFailAt: NOW })

  test('asks for a correction to whom a letter left', () => {
    const sent = letter({ state: 'sent' })
    expect(audit(cancelled, [sent])).toEqual([`${NAME}: no letter to anna@example.org`])
    expect(audit(cancelled, [sent, letter({ kind: 'correction', state: 'sent' })])).toEqual([])
  })

  test.each([['superseded'], ['dead'], ['filed']] as const)(
    'asks for nothing after a letter that is %s',
    (state) => {
      expect(audit(cancelled, [letter({ state })])).toEqual([])
    },
  )

  test('asks for nobody when there are no recipients', () => {
    expect(audit(cancelled, [letter({ state: 'sent' })], [])).toEqual([])
  })
})

test('an outage is audited from when its letter is due until six days after its end', () => {
  const ended = (ago: number) => closedOutage({ end: NOW - ago })
  expect(isAudited(open, NOW)).toBe(true)
  expect(isAudited(exampleOutage({ letterDueAt: null }), NOW)).toBe(false)
  const ordered = { ...UNHANDLED, ordered: { by: 'admin', at: NOW } }
  expect(isAudited(exampleOutage({ letterDueAt: null, handling: ordered }), NOW)).toBe(true)
  expect(isAudited(ended(6 * DAY - 1), NOW)).toBe(true)
  expect(isAudited(ended(6 * DAY), NOW)).toBe(false)
})
