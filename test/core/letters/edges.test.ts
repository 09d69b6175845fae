import { describe, expect, test } from 'vitest'
import { type AuditedRecipient, auditLetters } from '../../../src/core/letters/audit.ts'
import { composeLetter } from '../../../src/core/letters/compose.ts'
import type { Delivery } from '../../../src/core/letters/delivery.ts'
import { expectedFields } from '../../../src/core/letters/field-groups.ts'
import type { Letter } from '../../../src/core/letters/letter.ts'
import { addressKey, domainOf, isAddress, parseMailbox } from '../../../src/core/letters/mailbox.ts'
import { unusableWords } from '../../../src/core/letters/next-step.ts'
import type { Notice } from '../../../src/core/letters/notice.ts'
import { operatorFields, operatorSubject } from '../../../src/core/letters/operator-letter.ts'
import { correctionFields } from '../../../src/core/letters/outage-fields.ts'
import { planLetters } from '../../../src/core/letters/plan.ts'
import { planAnnouncement } from '../../../src/core/letters/plan-announcement.ts'
import { readRecipientCsv } from '../../../src/core/letters/recipient-csv.ts'
import { readDelivery } from '../../../src/core/letters/retry.ts'
import { staleReason } from '../../../src/core/letters/stale.ts'
import { parseTemplate, renderTemplate } from '../../../src/core/letters/template.ts'
import { UNHANDLED } from '../../../src/core/outage/handling.ts'
import type { Outage } from '../../../src/core/outage/outage.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts'
import {
  ANNA,
  BOB,
  closedOutage,
  exampleLetter,
  exampleOutage,
  LETTER_SETTING,
  OUTAGE_START,
  owing,
} from '../../support/letters.ts'

/*
 * Cases that no other test tells apart from a neighbouring one: the mutation check (test/mutation) found that they
 * were missing. Letters are given oldest first.
 */

const letter = exampleLetter
const AT = OUTAGE_START + 3 * HOUR
const bulletins = { updates: 2, at: AT - HOUR, nextAt: AT }

describe('planned letters', () => {
  function plan(outage: Outage, letters: readonly Letter[], filedIsLeft = true, recipients = [ANNA]) {
    const { add, supersede } = planLetters(owing(outage), letters.toReversed(), recipients, {
      at: AT,
      filedIsLeft,
    })
    return { add: add.map(({ kind, sequence }) => `${kind} ${sequence}`), supersede }
  }
  const open = exampleOutage()
  const closed = closedOutage()
  const cancelled = exampleOutage({ state: 'cancelled' })
  const superseded = (change: Partial<Letter>) => letter({ state: 'superseded', ...change })

  test.each([
    [
      'a new initial is counted by the initials alone',
      open,
      [superseded({}), superseded({ kind: 'update' })],
      'initial 2',
    ],
    [
      'a new combined letter follows a superseded one',
      closed,
      [superseded({ kind: 'combined' })],
      'combined 2',
    ],
    [
      'a new correction follows a superseded one',
      cancelled,
      [letter({ state: 'sent' }), superseded({ kind: 'correction' })],
      'correction 2',
    ],
  ] as const)('%s', (_, outage, letters, added) => {
    expect(plan(outage, letters)).toEqual({ add: [added], supersede: [] })
  })

  test('who has only a file of the initial is told of the end by a combined letter, whatever else he has', () => {
    const letters = [
      letter({ state: 'filed' }),
      letter({ kind: 'update', state: 'sent', bodyHandedOver: true }),
    ]
    expect(plan(closed, letters, false).add).toEqual(['combined 1'])
  })

  test.each([
    ['in a file', { state: 'filed' }, true, []],
    ['in a file since letters are sent', { state: 'filed' }, false, ['initial 2']],
    ['in a file after a relay has seen it', { state: 'filed', bodyHandedOver: true }, false, []],
    ['waiting', { state: 'pending' }, false, []],
    ['sent', { state: 'sent', bodyHandedOver: true }, false, []],
  ] as const)(
    'an initial that is %s is written anew only when it reached nobody',
    (_, initial, filedIsLeft, added) => {
      expect(plan(open, [letter(initial)], filedIsLeft).add).toEqual(added)
    },
  )

  test('who only has a file since letters are sent gets the initial and no update', () => {
    const filed = letter({ state: 'filed', dueAt: AT - 2 * HOUR })
    expect(plan(exampleOutage({ bulletins }), [filed], false).add).toEqual(['initial 2'])
    expect(plan(exampleOutage({ bulletins }), [filed]).add).toEqual(['update 2'])
    const { add } = planLetters(owing(exampleOutage({ bulletins })), [filed], [ANNA], { at: AT })
    expect(add.map(({ kind }) => kind)).toEqual(['update'])
  })

  test('an initial that is under way counts as left also where files do not', () => {
    expect(plan(closed, [letter({ state: 'sending' })], false).add).toEqual(['recovery 1'])
  })

  test('an initial that waits is not overtaken by updates', () => {
    expect(plan(exampleOutage({ bulletins }), [letter({ dueAt: AT - 2 * HOUR })]).supersede).toEqual([])
  })

  test('an initial that was stored behind an update of others, and before later letters, has its news', () => {
    const news = { kind: 'update', sequence: 2 } as const
    const letters = [
      letter({ state: 'sent' }),
      letter({ ...news, dueAt: AT - HOUR }),
      letter({ recipient: BOB.email, dueAt: AT - HOUR }),
      letter({ recipient: 'eve@example.org', dueAt: AT - MINUTE }),
    ]
    expect(plan(exampleOutage({ bulletins }), letters, true, [ANNA, BOB]).add).toEqual([])
  })
})

describe('announcements', () => {
  const announced = (change: Partial<Letter>) => letter({ subject: 'm1', kind: 'announcement', ...change })

  test('are taken back at the spelling of the address to which they went', () => {
    const letters = [announced({ recipient: 'Anna@Example.org', state: 'sent' })]
    const { add } = planAnnouncement('m1', true, letters, [ANNA], {})
    expect(add.map(({ recipient }) => recipient.email)).toEqual(['Anna@Example.org'])
  })

  test('leave the withdrawal that waits alone', () => {
    const letters = [announced({ sequence: 2 }), announced({ state: 'sent' })]
    expect(planAnnouncement('m1', true, letters, [ANNA], {})).toEqual({ add: [], supersede: [] })
  })
})

describe('the auditor', () => {
  const now = OUTAGE_START + HOUR + 10 * MINUTE
  const open = exampleOutage({ latestFailAt: now })
  const end = now - 10 * MINUTE
  const closed = closedOutage({ end, latestFailAt: end - MINUTE })
  const anna: AuditedRecipient = { email: ANNA.email, since: OUTAGE_START - DAY }
  const bob: AuditedRecipient = { ...anna, email: BOB.email }
  const audit = (outage: Outage, letters: readonly Letter[], people: readonly AuditedRecipient[] = [anna]) =>
    auditLetters(outage, letters.toReversed(), people, now, {
      graceMs: 2 * MINUTE,
      attemptSince: () => now,
      carriedSince: 0,
    })
  const missing = [`outage ${open.id}: no letter to anna@example.org`]
  const dead = [`outage ${open.id}: the letters to all recipients were given up`]
  const filed = letter({ state: 'filed' })

  test('takes an update that waits for the proof that a file is not', () => {
    expect(audit(open, [filed, letter({ kind: 'update', nextAt: now + MINUTE })])).toEqual([])
  })

  test('counts a recipient as given up whose update is dead, whatever lies in a file', () => {
    expect(audit(open, [filed, letter({ kind: 'update', state: 'dead' })])).toEqual(dead)
  })

  test('does not ask at once for who was removed, lost his letter, and is back', () => {
    const others = letter({ recipient: BOB.email, state: 'sent' })
    expect(audit(open, [letter({ state: 'superseded' }), others], [{ ...anna, since: now }, bob])).toEqual([])
  })

  test.each([
    ['was seen to join before the end', { joined: true, since: end - 1 }, missing],
    ['was seen to join at the very end', { joined: true, since: end }, missing],
    ['was seen to join after the end', { joined: true, since: end + 1 }, []],
    ['was there already when this run began after the end', { since: end + 1 }, missing],
  ])('asks for the end when the recipient %s', (_, change, findings) => {
    expect(audit(closed, [letter({ state: 'sent' })], [{ ...anna, ...change }])).toEqual(findings)
  })

  test('asks for nothing when an outage that nobody heard of ended before the recipient was there', () => {
    expect(audit(closed, [], [{ ...anna, since: closed.latestFailAt }])).toEqual([])
  })

  test('waits while an attempt at another letter is under way that is its first', () => {
    const waiting = letter({ nextAt: now - 2 * MINUTE })
    const underWay = letter({ recipient: BOB.email, state: 'sending' })
    expect(audit(open, [waiting, underWay], [anna, bob])).toEqual([])
  })

  test('finds all letters given up although somebody else is not asked for yet', () => {
    expect(audit(open, [letter({ state: 'dead' })], [anna, { ...bob, since: now }])).toEqual(dead)
  })
})

test('an initial that was tried before goes although its outage is over: its recovery waits behind it', () => {
  const world = {
    recipients: new Set([ANNA.email]),
    operators: new Set<string>(),
    readers: new Set<string>(),
    isCancelled: () => false,
    isOver: () => true,
    isPlanned: () => true,
  }
  const tried = (result: string) => letter({ attempts: [{ at: 1, result, reply: '' }] })
  const facts = { outage: undefined, theirs: [letter({ kind: 'recovery' })] }
  expect(staleReason(tried('retry'), world, facts)).toBeNull()
  expect(staleReason(tried('requeued'), world, facts)).toBe('the outage is over')
})

describe('a reply of exactly 500', () => {
  const context = {
    letter: letter({ state: 'sending' }),
    startedAt: AT,
    now: AT,
    othersAcceptedAt: AT - HOUR,
  }
  const refused = (stage: 'mail' | 'rcpt', enhanced?: string): Delivery => {
    const reply = { kind: 'refused', stage, code: 500, reply: '500 no' } as const
    return enhanced === undefined ? reply : { ...reply, enhanced }
  }

  test('is final for the recipient whom it names', () => {
    expect(readDelivery(refused('rcpt'), context).settlement.state).toBe('dead')
  })

  test.each([
    ['to the sender', refused('mail')],
    ['by policy', refused('rcpt', '5.7.1')],
  ])('is told to operators when it is said %s', (_, delivery) => {
    expect(readDelivery(delivery, context).relay).toMatchObject({ kind: 'failing', refusal: 500 })
  })
})

describe('addresses', () => {
  const longest = `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`

  test('have 254 characters at most', () => {
    expect([longest.length, isAddress(longest), isAddress(`${longest}d`)]).toEqual([254, true, false])
  })

  test('are read without the blanks around them', () => {
    expect(parseMailbox(' watch@example.org ')).toEqual({ name: '', address: 'watch@example.org' })
    expect(parseMailbox('" Watch " <watch@example.org>')).toEqual({
      name: 'Watch',
      address: 'watch@example.org',
    })
    expect(addressKey(' Anna@Example.org ')).toBe('anna@example.org')
  })

  test('have a domain whatever stands before it', () => {
    expect(domainOf('a#@example.org')).toBe('example.org')
  })
})

describe('the expected time of resolution', () => {
  const fieldsAt = (resolution: number | null) => {
    const expected = { by: 'anna', at: AT - HOUR, resolution, note: '' }
    const outage = exampleOutage({ handling: { ...UNHANDLED, expected } })
    const {
      expected: ahead,
      expectedPassed,
      expectedWithdrawn,
      expectedUnknown,
    } = expectedFields(outage, { recipient: BOB, at: AT }, LETTER_SETTING)
    return [ahead, expectedPassed, expectedWithdrawn, expectedUnknown].map((text) => text !== '')
  }

  test.each([
    ['lies ahead', AT + 1, [true, false, false, false]],
    ['has come', AT, [false, true, false, false]],
    ['was withdrawn', null, [false, false, true, false]],
  ] as const)('is said as one that %s', (_, resolution, said) => {
    expect(fieldsAt(resolution)).toEqual(said)
  })

  test('is not known when nobody has said anything', () => {
    const fields = expectedFields(exampleOutage(), { recipient: BOB, at: AT }, LETTER_SETTING)
    expect(fields).toMatchObject({ expected: '', expectedPassed: '', expectedWithdrawn: '' })
    expect(fields.expectedUnknown).not.toBe('')
  })
})

describe('a notice to operators', () => {
  const notice = (
    topic: Exclude<Notice['topic'], 'component-unusable'>,
    key: string,
    reason = 'why',
  ): Notice => ({
    topic,
    key,
    reason,
  })
  const bodyOf = (first: Notice, ...rest: readonly Notice[]) =>
    operatorFields({ kind: 'notice', notices: [first, ...rest] }, { recipient: BOB, at: AT }, LETTER_SETTING)
      .body
  const many = (count: number): readonly Notice[] =>
    Array.from({ length: count }, (_, i) => notice('letter-dead', `letter ${i}`))

  test.each([
    ['account-unusable', 'accountUnusable'],
    ['control-silent', 'controlSilent'],
    ['relay-refuses', 'relayRefuses'],
    ['letter-dead', 'letterDead'],
    ['audit-failed', 'auditFailed'],
    ['request-overdue', 'requestOverdue'],
  ] as const)('about %s says what it is about and nothing else', (topic, field) => {
    const {
      accountUnusable,
      controlSilent,
      relayRefuses,
      letterDead,
      auditFailed,
      componentUnusable,
      requestOverdue,
    } = bodyOf(notice(topic, 'key'))
    const said = {
      accountUnusable,
      controlSilent,
      relayRefuses,
      letterDead,
      auditFailed,
      componentUnusable,
      requestOverdue,
    }
    expect(Object.entries(said).filter(([, text]) => text !== '')).toEqual([[field, 'yes']])
  })

  test('lists fifty reasons, and counts those beyond', () => {
    const fifty = bodyOf(notice('letter-dead', 'first'), ...many(49))['reasons']
    expect([fifty?.length, fifty?.[0], fifty?.at(-1)]).toEqual([50, 'first: why', 'letter 48: why'])
    const more = bodyOf(notice('letter-dead', 'first'), ...many(51))['reasons']
    expect([more?.length, more?.at(-2), more?.at(-1)]).toEqual([51, 'letter 48: why', '(+2)'])
  })

  test('says what to do about a component or an account in words of its own, and of anything else what was found', () => {
    const reason = 'the account is refused'
    const of = (notice: Notice) => bodyOf(notice)['reasons']?.[0]
    for (const topic of ['component-unusable', 'account-unusable'] as const) {
      const words = unusableWords({ reason, cause: 'credentials' }, BOB.language)
      expect(of({ topic, key: 'api', reason, cause: 'credentials' })).toBe(`api: ${words}`)
    }
    expect(of({ topic: 'relay-refuses', key: 'relay', reason: '550 no' })).toBe('relay: 550 no')
  })

  test('has reasons of 500 characters at most', () => {
    const [reason] = bodyOf(notice('letter-dead', 'key', 'x'.repeat(600)))['reasons'] ?? []
    expect(reason).toBe(`key: ${'x'.repeat(495)}`)
  })
})

test('a letter has a subject of 200 characters at most, and only its first line is bold', () => {
  const line = (text: string) => ({ pieces: [{ text }], needs: [] })
  const templates = {
    subject: { paragraphs: [[line('s'.repeat(201))]] },
    body: { paragraphs: [[line('state'), line('more')], [line('details')]] },
  }
  const { subject, html } = composeLetter(templates, { subject: {}, body: {} }, 'en')
  expect(subject).toBe('s'.repeat(200))
  expect(html.match(/<strong>.*?<\/strong>/g)).toEqual(['<strong>state</strong>'])
})

test('notices are one letter in whatever order they came', () => {
  const notice = (key: string): Notice => ({ topic: 'letter-dead', key, reason: 'why' })
  const subjectOf = (a: string, b: string) =>
    operatorSubject({ kind: 'notice', notices: [notice(a), notice(b)] }, AT, 'Europe/Moscow').subject
  expect(subjectOf('one', 'two')).toBe(subjectOf('two', 'one'))
  expect(subjectOf('one', 'two')).not.toBe(subjectOf('one', 'three'))
})

test('a correction says who found the error and when, and nothing of it before', () => {
  const occasion = { recipient: BOB, at: AT }
  const cancelled = { by: 'anna', at: OUTAGE_START + HOUR, reason: 'our own fault' }
  const outage = exampleOutage({ state: 'cancelled', handling: { ...UNHANDLED, cancelled } })
  expect(correctionFields(outage, occasion, LETTER_SETTING)).toMatchObject({
    cancelledBy: 'anna',
    cancelledAt: expect.stringContaining('12:04'),
  })
  expect(correctionFields(exampleOutage(), occasion, LETTER_SETTING)).toMatchObject({
    cancelledBy: '',
    cancelledAt: '',
  })
})

describe('values in a template', () => {
  const render = (text: string, value: string | readonly string[]) => {
    const parsed = parseTemplate(text, ['field'])
    return parsed.ok ? renderTemplate(parsed.template, { field: value }) : parsed.faults
  }

  test('have 1,000 characters at most', () => {
    expect(render('{{field}}', 'x'.repeat(1000))).toEqual([['x'.repeat(1000)]])
    expect(render('{{field}}', 'x'.repeat(1001))).toEqual([[`${'x'.repeat(999)}…`]])
  })

  test('have 200 lines at most', () => {
    const lines = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}`)
    expect(render('{{field}}', lines(200))).toEqual([lines(200)])
    expect(render('{{field}}', lines(201))).toEqual([[...lines(199), '…']])
  })

  test('stand where the line has them, and blanks at its end go', () => {
    expect(render('  - {{field}}  ', 'value')).toEqual([['  - value']])
  })
})

describe('the header of a file of recipients', () => {
  const read = (text: string) => readRecipientCsv(new TextEncoder().encode(text))

  test('may have blanks around its names and in its empty columns', () => {
    expect(read(' email , name , ,\nanna@example.org,Anna, ,')).toMatchObject({
      rows: [{ email: 'anna@example.org', name: 'Anna' }],
      rejected: [],
    })
  })

  test('is quoted in short when it is wrong', () => {
    const [first] = read(`email, ${'x'.repeat(100)} `).rejected
    expect(first?.reason).toBe(`"${'x'.repeat(64)}" is no column; the first line must be email,name,language`)
  })

  test('is told to be broken when a quote in it has no end', () => {
    const { rows, rejected } = read('"email,name\nanna@example.org,Anna')
    expect({ rows, rejected }).toEqual({
      rows: [],
      rejected: [{ line: 1, reason: 'a quoted cell begins here and is never closed' }],
    })
  })

  test('decides on the delimiter by its names', () => {
    expect(read('email;name\nanna@example.org;"Anna, Bob, Eve, Dan"').rows).toMatchObject([
      { name: 'Anna, Bob, Eve, Dan' },
    ])
  })
})

test('a wrong address is quoted in short', () => {
  const { rejected } = readRecipientCsv(new TextEncoder().encode(`email\n${'x'.repeat(100)}`))
  expect(rejected.map(({ reason }) => reason)).toEqual([`email: "${'x'.repeat(80)}" is no e-mail address`])
})
