import { describe, expect, test } from 'vitest'
import { act, letterDueAt } from '../../../src/core/outage/action.ts'
import { auditAction } from '../../../src/core/outage/action-audit.ts'
import {
  type ActionRefusal,
  type Handling,
  NO_BULLETINS,
  type OutageAction,
  UNHANDLED,
} from '../../../src/core/outage/handling.ts'
import type { Outage } from '../../../src/core/outage/outage.ts'
import { HOUR, MINUTE } from '../../../src/core/time.ts'
import { minute } from './trace.ts'

const NOW = minute(70)
const SIGNED = { by: 'clara', at: NOW }
const EARLIER = { by: 'dora', at: minute(20) }
const OPEN: Outage = {
  id: '20260101T000000Z',
  state: 'open',
  start: minute(0),
  notBefore: null,
  end: null,
  downMs: HOUR,
  possibleMs: HOUR,
  latestFailAt: minute(69),
  letterDueAt: null,
  operatorAlarmAt: null,
  warnedAt: null,
  intermittent: false,
  failed: ['web'],
  handling: UNHANDLED,
  bulletins: NO_BULLETINS,
}
const WRITTEN = { updates: 0, at: minute(61), nextAt: minute(121) }
const handled = (change: Partial<Handling>): Outage => ({ ...OPEN, handling: { ...UNHANDLED, ...change } })

const ACTIONS: readonly OutageAction[] = [
  { kind: 'expected-resolution', resolution: minute(90), note: '' },
  { kind: 'message', text: 'x' },
  { kind: 'confirm' },
  { kind: 'cancel', reason: 'x' },
  { kind: 'send-letter' },
]

describe('an action', () => {
  test.each(ACTIONS.map((action) => [action.kind, action] as const))(
    '%s is refused once the outage is over or cancelled',
    (_kind, action) => {
      const reason = (outage: Outage): unknown => act(outage, action, SIGNED)
      const over = { ...OPEN, end: minute(65) }
      expect(reason({ ...over, state: 'closed' })).toEqual({ kind: 'refused', reason: 'closed' })
      expect(reason({ ...over, state: 'cancelled' })).toEqual({ kind: 'refused', reason: 'closed' })
      expect(reason({ ...OPEN, state: 'cancelled' })).toEqual({ kind: 'refused', reason: 'cancelled' })
    },
  )

  test.each<[string, Outage, OutageAction, ActionRefusal]>([
    ['an expected time of now', OPEN, { kind: 'expected-resolution', resolution: NOW, note: '' }, 'past'],
    [
      'the same expected time when it has passed',
      handled({ expected: { ...EARLIER, resolution: minute(60), note: '' } }),
      { kind: 'expected-resolution', resolution: minute(60), note: '' },
      'past',
    ],
    ['a second confirmation', handled({ confirmed: EARLIER }), { kind: 'confirm' }, 'already-confirmed'],
    [
      'an order of letters that the clock had written',
      { ...OPEN, letterDueAt: minute(61), bulletins: WRITTEN },
      { kind: 'send-letter' },
      'already-written',
    ],
    [
      'an order of letters that an order had written',
      { ...handled({ ordered: EARLIER }), bulletins: WRITTEN },
      { kind: 'send-letter' },
      'already-written',
    ],
  ])('is refused: %s', (_name, outage, action, reason) => {
    expect(act(outage, action, SIGNED)).toEqual({ kind: 'refused', reason })
  })

  test.each<[string, Outage, OutageAction, Partial<Handling>, boolean]>([
    [
      'an expected time is news',
      OPEN,
      { kind: 'expected-resolution', resolution: NOW + 1, note: 'n' },
      { expected: { ...SIGNED, resolution: NOW + 1, note: 'n' } },
      true,
    ],
    [
      'another note is news',
      handled({ expected: { ...EARLIER, resolution: minute(90), note: 'a' } }),
      { kind: 'expected-resolution', resolution: minute(90), note: 'b' },
      { expected: { ...SIGNED, resolution: minute(90), note: 'b' } },
      true,
    ],
    [
      'the same time and note change nothing',
      handled({ expected: { ...EARLIER, resolution: minute(90), note: 'a' } }),
      { kind: 'expected-resolution', resolution: minute(90), note: 'a' },
      { expected: { ...EARLIER, resolution: minute(90), note: 'a' } },
      false,
    ],
    [
      'that nothing is expected yet is none when nothing was',
      OPEN,
      { kind: 'expected-resolution', resolution: null, note: '' },
      {},
      false,
    ],
    [
      'that nothing is expected any more is news',
      handled({ expected: { ...EARLIER, resolution: minute(60), note: '' } }),
      { kind: 'expected-resolution', resolution: null, note: '' },
      { expected: { ...SIGNED, resolution: null, note: '' } },
      true,
    ],
    [
      'a message is news',
      handled({ message: { ...EARLIER, text: 'x' } }),
      { kind: 'message', text: 'x' },
      { message: { ...SIGNED, text: 'x' } },
      true,
    ],
    [
      'the same message again is news a minute later',
      handled({ message: { by: 'dora', at: NOW - MINUTE, text: 'x' } }),
      { kind: 'message', text: 'x' },
      { message: { ...SIGNED, text: 'x' } },
      true,
    ],
    [
      'another message at once is news',
      handled({ message: { by: 'dora', at: NOW - 1, text: 'y' } }),
      { kind: 'message', text: 'x' },
      { message: { ...SIGNED, text: 'x' } },
      true,
    ],
    [
      'a form that is sent twice is one message',
      handled({ message: { by: 'dora', at: NOW - MINUTE + 1, text: 'x' } }),
      { kind: 'message', text: 'x' },
      { message: { by: 'dora', at: NOW - MINUTE + 1, text: 'x' } },
      false,
    ],
    ['a confirmation is a label', OPEN, { kind: 'confirm' }, { confirmed: SIGNED }, false],
    [
      'a letter that is due and not written is ordered',
      { ...OPEN, letterDueAt: minute(61) },
      { kind: 'send-letter' },
      { ordered: SIGNED },
      false,
    ],
  ])('%s', (_name, outage, action, change, news) => {
    const expected = { ...outage, handling: { ...UNHANDLED, ...change } }
    expect(act(outage, action, SIGNED)).toEqual({ kind: 'done', outage: expected, news })
  })

  test('cancelling keeps all figures', () => {
    expect(act(OPEN, { kind: 'cancel', reason: 'our firewall' }, SIGNED)).toEqual({
      kind: 'done',
      outage: {
        ...OPEN,
        state: 'cancelled',
        handling: { ...UNHANDLED, cancelled: { ...SIGNED, reason: 'our firewall' } },
      },
      news: false,
    })
  })
})

test('a letter is due by the clock, else by the order', () => {
  expect(letterDueAt(OPEN)).toBeNull()
  expect(letterDueAt(handled({ ordered: EARLIER }))).toBe(EARLIER.at)
  expect(letterDueAt({ ...handled({ ordered: EARLIER }), letterDueAt: minute(61) })).toBe(minute(61))
})

test.each(ACTIONS.map((action) => [action.kind, action] as const))(
  'the audit entry of %s names what it changed and nothing else',
  (kind, action) => {
    const acted = act(OPEN, action, SIGNED)
    if (acted.kind !== 'done') throw new Error('possible')
    const actor = { name: 'clara', via: 'token', address: '::1' } as const
    const entry = auditAction(action, OPEN, acted.outage, actor, NOW)
    expect(entry).toMatchObject({ at: NOW, actor, action: `outage.${kind}`, subject: OPEN.id })
    expect(entry.before).toEqual(kind === 'cancel' ? { state: 'open' } : null)
    expect(entry.after).toMatchObject({ by: 'clara', at: '2026-01-01T01:10:00.000Z' })
    expect(auditAction(action, acted.outage, acted.outage, actor, NOW).before).toEqual(entry.after)
  },
)
