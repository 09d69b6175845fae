import { describe, expect, test } from 'vitest'
import type { Letter } from '../../../src/core/letters/letter.ts'
import { asksFor, staleReason } from '../../../src/core/letters/stale.ts'
import { NO_BULLETINS, UNHANDLED } from '../../../src/core/outage/handling.ts'
import { exampleLetter, exampleOutage } from '../../support/letters.ts'

const OPEN = exampleLetter().subject
const world = {
  recipients: new Set(['anna@example.org']),
  operators: new Set(['ops@example.org']),
  readers: new Set(['reader@example.org']),
  isCancelled: (id: string) => id === 'cancelled',
  isOver: (id: string) => id === 'over',
  isPlanned: (id: string) => id === 'm1',
}
const requeued = [{ at: 1, result: 'requeued', reply: 'admin' }]
const operator = (subject: string): Partial<Letter> => ({
  kind: 'operator',
  recipient: 'ops@example.org',
  subject,
})

describe('a letter that waits', () => {
  test.each([
    ['goes while all is as it was', {}, null],
    ['goes to another spelling of the address', { recipient: 'Anna@Example.org' }, null],
    ['does not go to one who was removed', { recipient: 'bob@example.org' }, 'the recipient was removed'],
    [
      'does not go to one who was removed, whatever its kind',
      { recipient: 'bob@example.org', kind: 'announcement', subject: 'm1' },
      'the recipient was removed',
    ],
    ['goes as an announcement of what is planned', { kind: 'announcement', subject: 'm1' }, null],
    [
      'does not go as an announcement of what is planned no more, were it put back',
      { kind: 'announcement', subject: 'm2', bodyHandedOver: true, attempts: requeued },
      'the planned work was withdrawn or is over',
    ],
    [
      'goes again when its withdrawal waits behind it',
      { kind: 'announcement', subject: 'm2', bodyHandedOver: true },
      null,
    ],
    ['does not go when the outage was cancelled', { subject: 'cancelled' }, 'the outage was cancelled'],
    [
      'may have gone already, and does not go again, when the outage was cancelled',
      { subject: 'cancelled', bodyHandedOver: true },
      'the outage was cancelled',
    ],
    [
      'does not go as an update when the outage is over',
      { subject: 'over', kind: 'update', sequence: 3 },
      'the outage is over',
    ],
    [
      'does not go as an update that a later one has overtaken',
      { kind: 'update', sequence: 2 },
      'a later update takes its place',
    ],
    ['goes as the newest update', { kind: 'update', sequence: 3 }, null],
    [
      'goes again as an older update that may have gone',
      { kind: 'update', sequence: 2, bodyHandedOver: true },
      null,
    ],
    [
      'goes again as an update that may have gone',
      { subject: 'over', kind: 'update', bodyHandedOver: true },
      null,
    ],
    [
      'does not go as an initial that was dead when the outage ended',
      { subject: 'over', attempts: requeued },
      'the outage is over',
    ],
    [
      'does not go as one that may have gone, was refused for good, and was put back when the outage was over',
      { subject: 'over', bodyHandedOver: true, attempts: requeued },
      'the outage is over',
    ],
    [
      'does not go as an update that was put back when the outage was over',
      { subject: 'over', kind: 'update', sequence: 3, bodyHandedOver: true, attempts: requeued },
      'the outage is over',
    ],
    [
      'does not go as an update that was put back when a later one had overtaken it',
      { kind: 'update', sequence: 2, bodyHandedOver: true, attempts: requeued },
      'a later update takes its place',
    ],
    [
      'goes again as an initial that was put back, and of which nobody knows whether it went since',
      {
        subject: 'over',
        bodyHandedOver: true,
        attempts: [...requeued, { at: 2, result: 'ambiguous', reply: '' }],
      },
      null,
    ],
    [
      'goes as a combined letter that was put back',
      { subject: 'over', kind: 'combined', attempts: requeued },
      null,
    ],
    ['goes as a test to anybody', { kind: 'test', recipient: 'x@example.org', subject: 'test-1' }, null],
    ['goes to an operator who is no recipient', operator(`warning-${OPEN}`), null],
    [
      'does not go to a former operator',
      { ...operator('notice-x'), recipient: 'anna@example.org' },
      'the address is no longer one of an operator',
    ],
    [
      'goes to a reader of digests who is no operator',
      { ...operator('digest-north-7'), recipient: 'Reader@example.org' },
      null,
    ],
    ['does not go to a former reader of digests', operator('incident-1f'), 'the recipient was removed'],
    ['does not warn early of what is over', operator('warning-over'), 'the outage is over'],
    ['does not warn early of what was cancelled', operator('warning-cancelled'), 'the outage was cancelled'],
    ['reminds of what was cancelled', operator('reminder-cancelled'), null],
    ['does not alarm of what was cancelled', operator('alarm-cancelled'), 'the outage was cancelled'],
    [
      'does not tell that it was intermittent what was cancelled',
      operator('intermittent-cancelled'),
      'the outage was cancelled',
    ],
    ['does not remind of what is over', operator('reminder-over'), 'the outage is over'],
    ['alarms also of what is over', operator('alarm-over'), null],
  ] as const)('%s', (_name, change, expected) => {
    const outage = exampleOutage({ letterDueAt: null, bulletins: { ...NO_BULLETINS, updates: 3 } })
    expect(staleReason(exampleLetter(change), world, { outage, theirs: [] })).toBe(expected)
  })
})

describe('an initial whose outage is over', () => {
  const initial = exampleLetter({ subject: 'over' })
  const recovery = (state: Letter['state']): Letter =>
    exampleLetter({ subject: 'over', kind: 'recovery', state })
  const reason = (change: Partial<Letter>, theirs: readonly Letter[]): string | null =>
    staleReason({ ...initial, ...change }, world, { outage: undefined, theirs: [initial, ...theirs] })

  test.each([
    ['goes when its recovery waits behind it', [recovery('pending')], null],
    ['does not go while the end is not stored: a combined letter will tell it', [], 'the outage is over'],
    ['does not go behind its recovery', [recovery('sent')], 'the outage is over'],
  ] as const)('%s', (_, theirs, expected) => {
    expect(reason({}, theirs)).toBe(expected)
  })

  test('goes once more when it may have arrived', () => {
    expect(reason({ bodyHandedOver: true }, [])).toBeNull()
  })

  test('does not go when it was dead and somebody has put it back', () => {
    expect(reason({ attempts: requeued }, [recovery('pending')])).toBe('the outage is over')
    expect(
      reason({ attempts: [...requeued, { at: 2, result: 'retry', reply: '' }] }, [recovery('pending')]),
    ).toBe(null)
  })
})

describe('what takes back another letter', () => {
  const correction = exampleLetter({ subject: 'cancelled', kind: 'correction' })
  const withdrawal = exampleLetter({ subject: 'm2', kind: 'announcement', sequence: 2 })
  const before = (letter: Letter, change: Partial<Letter>): readonly Letter[] => [
    letter,
    {
      ...letter,
      id: 'before',
      kind: letter === correction ? 'initial' : 'announcement',
      sequence: 1,
      ...change,
    },
  ]

  test.each([
    ['goes to whom it was sent', { state: 'sent' }, null],
    ['goes to whom it was filed', { state: 'filed' }, null],
    ['goes to whom it may have arrived', { state: 'superseded', bodyHandedOver: true }, null],
    ['goes not to whom it never left', { state: 'superseded' }, 'the recipient was told nothing'],
    ['goes not to whom it was refused', { state: 'dead' }, 'the recipient was told nothing'],
  ] as const)('%s', (_, change, expected) => {
    for (const letter of [correction, withdrawal]) {
      const facts = { outage: undefined, theirs: before(letter, change) }
      expect(staleReason(letter, world, facts)).toBe(expected)
    }
  })

  test('takes back no other that takes back', () => {
    const theirs = [correction, { ...correction, id: 'before', sequence: 1, state: 'sent' as const }]
    expect(staleReason(correction, world, { outage: undefined, theirs })).toBe(
      'the recipient was told nothing',
    )
  })
})

describe('the alarm that asks for the order to send the letter', () => {
  const alarm = exampleLetter({ ...operator(`alarm-${OPEN}`) })
  const undue = exampleOutage({ letterDueAt: null })
  const ordered = { ...undue, handling: { ...UNHANDLED, ordered: { by: 'clara', at: 1 } } }

  test.each([
    ['goes while it is not due', undue, null],
    ['goes when the outage is none of the newest', undefined, null],
    ['does not go when the letter is due by now', exampleOutage(), 'the letter is due by now'],
    ['does not go when somebody has ordered it', ordered, 'the letter is due by now'],
  ] as const)('%s', (_, outage, expected) => {
    expect(staleReason(alarm, world, { outage, theirs: [] })).toBe(expected)
  })

  test('is the only letter to operators of which that matters', () => {
    for (const topic of ['warning', 'intermittent', 'reminder']) {
      const letter = exampleLetter(operator(`${topic}-${OPEN}`))
      expect(staleReason(letter, world, { outage: exampleOutage(), theirs: [] })).toBeNull()
    }
  })
})

test.each([
  ['an initial', {}, null, false],
  ['an initial of an outage that is over', { subject: 'over' }, null, true],
  ['an update', { kind: 'update' }, OPEN, false],
  ['a correction', { kind: 'correction' }, null, true],
  ['an announcement', { kind: 'announcement' }, null, false],
  ['a withdrawal', { kind: 'announcement', sequence: 2 }, null, true],
  ['an alarm', operator('alarm-o1'), 'o1', false],
  ['a warning', operator('warning-o1'), null, false],
] as const)('of %s only what it rests on is asked', (_, change, outage, theirs) => {
  expect(asksFor(exampleLetter(change), world)).toEqual({ outage, theirs })
})
