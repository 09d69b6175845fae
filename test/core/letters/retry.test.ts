import { describe, expect, test } from 'vitest'
import type { Delivery } from '../../../src/core/letters/delivery.ts'
import type { Letter } from '../../../src/core/letters/letter.ts'
import { readDelivery } from '../../../src/core/letters/retry.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'
import { exampleLetter } from '../../support/letters.ts'

const due = 1_000 * DAY
const now = due + 10 * SECOND
const letter = exampleLetter({ dueAt: due, state: 'sending' })

function read(delivery: Delivery, of: Letter = letter, at = now, othersAcceptedAt: number | null = null) {
  const { settlement, relay } = readDelivery(delivery, {
    letter: of,
    startedAt: at - SECOND,
    now: at,
    othersAcceptedAt,
  })
  return { ...settlement, relay }
}

const refused = (
  stage: Extract<Delivery, { kind: 'refused' }>['stage'],
  code: number,
  enhanced?: string,
): Delivery => ({
  kind: 'refused',
  stage,
  code,
  reply: `${code} ${enhanced ?? ''} no`,
  ...(enhanced !== undefined && { enhanced }),
})

const attempts = (count: number) =>
  Array.from({ length: count }, () => ({ at: due, result: 'retry', reply: '' }))

describe('reading the end of an attempt', () => {
  test('an accepted letter is sent', () => {
    expect(read({ kind: 'accepted', reply: '250 ok' })).toEqual({
      state: 'sent',
      nextAt: null,
      sentAt: now,
      bodyHandedOver: true,
      attempt: { at: now - SECOND, result: 'sent', reply: '250 ok' },
      relay: { kind: 'working' },
    })
  })

  test('a letter in a file is filed, never sent', () => {
    expect(read({ kind: 'filed', path: 'a.eml' })).toMatchObject({
      state: 'filed',
      sentAt: null,
      nextAt: null,
    })
  })

  test.each([
    // delivery, accepted by others before (ms ago), state, relay, alarm
    ['5.1.1 at RCPT is a dead address', refused('rcpt', 550, '5.1.1'), null, 'dead', 'unjudged'],
    ['5.1.10 at RCPT is a dead address', refused('rcpt', 556, '5.1.10'), null, 'dead', 'unjudged'],
    ['5.2.1 at RCPT is a dead mailbox', refused('rcpt', 550, '5.2.1'), null, 'dead', 'unjudged'],
    ['554 with 5.1.1 at RCPT is a dead address', refused('rcpt', 554, '5.1.1'), null, 'dead', 'unjudged'],
    ['5.7.1 at RCPT is policy', refused('rcpt', 550, '5.7.1'), HOUR, 'retry', 'alarm'],
    ['5.4.4 at RCPT is routing', refused('rcpt', 550, '5.4.4'), HOUR, 'retry', 'alarm'],
    ['5.1.7 at RCPT is our own address', refused('rcpt', 550, '5.1.7'), HOUR, 'retry', 'alarm'],
    ['5.1.8 at RCPT is our own domain', refused('rcpt', 553, '5.1.8'), HOUR, 'retry', 'alarm'],
    ['5.10.1 is not 5.1', refused('rcpt', 550, '5.10.1'), HOUR, 'retry', 'alarm'],
    [
      'bare 550 from a relay that works is a dead address',
      refused('rcpt', 550),
      23 * HOUR,
      'dead',
      'unjudged',
    ],
    ['bare 550 counts for 24 hours to the millisecond', refused('rcpt', 550), DAY, 'dead', 'unjudged'],
    ['bare 550 after more than 24 hours is not believed', refused('rcpt', 550), DAY + 1, 'retry', 'alarm'],
    ['bare 550 from a relay that never worked is not believed', refused('rcpt', 550), null, 'retry', 'alarm'],
    ['bare 554 at RCPT is the relay', refused('rcpt', 554), HOUR, 'retry', 'alarm'],
    ['450 at RCPT is greylisting', refused('rcpt', 450), HOUR, 'retry', 'unjudged'],
    ['5.1.1 at MAIL is not the recipient', refused('mail', 550, '5.1.1'), HOUR, 'retry', 'alarm'],
    ['5.1.1 at DATA is not the recipient', refused('data', 550, '5.1.1'), HOUR, 'retry', 'alarm'],
    ['5.1.1 after the dot is not the recipient', refused('body', 550, '5.1.1'), HOUR, 'retry', 'alarm'],
    ['535 at login is our configuration', refused('auth', 535, '5.7.8'), HOUR, 'retry', 'alarm'],
    ['454 at STARTTLS', refused('tls', 454), HOUR, 'retry', 'failing'],
    ['421 as greeting', refused('greeting', 421), HOUR, 'retry', 'failing'],
    ['554 as greeting', refused('greeting', 554), HOUR, 'retry', 'alarm'],
    ['451 after the dot', refused('body', 451), HOUR, 'retry', 'failing'],
  ] as const)('%s', (_name, delivery, ago, state, relay) => {
    const result = read(delivery, letter, now, ago === null ? null : now - ago)
    expect(result.state).toBe(state)
    expect(result.nextAt).toBe(state === 'dead' ? null : now + MINUTE)
    const kind =
      result.relay.kind === 'failing' && result.relay.refusal !== null ? 'alarm' : result.relay.kind
    expect(kind).toBe(relay)
  })

  test('only a refusal after the dot shows that a relay has seen the body', () => {
    expect(read(refused('body', 451)).bodyHandedOver).toBe(true)
    expect(read(refused('data', 451)).bodyHandedOver).toBe(false)
  })

  test('what a relay has seen once stays seen', () => {
    expect(read(refused('mail', 451), { ...letter, bodyHandedOver: true }).bodyHandedOver).toBe(true)
  })

  test('a connection that broke before the body was handed over is safe to repeat', () => {
    const result = read({ kind: 'broken', bodyHandedOver: false, reason: 'refused' })
    expect(result).toMatchObject({ state: 'retry', nextAt: now + MINUTE, bodyHandedOver: false })
  })

  test('a connection that broke after it leaves the letter ambiguous for 15 minutes', () => {
    const result = read({ kind: 'broken', bodyHandedOver: true, reason: 'dropped' })
    expect(result).toMatchObject({ state: 'ambiguous', nextAt: now + 15 * MINUTE, bodyHandedOver: true })
  })

  test.each([
    [0, 1],
    [1, 2],
    [2, 5],
    [3, 10],
    [4, 15],
    [5, 30],
    [6, 30],
    [50, 30],
  ])('after %d earlier attempts the next one follows in %d minutes', (before, minutes) => {
    const result = read(refused('mail', 451), { ...letter, attempts: attempts(before) })
    expect(result.nextAt).toBe(now + minutes * MINUTE)
  })

  test('the last attempt is made 5 days after the letter was due, and then it is dead', () => {
    const old = { ...letter, attempts: attempts(200) }
    expect(read(refused('mail', 451), old, due + 5 * DAY - MINUTE)).toMatchObject({
      state: 'retry',
      nextAt: due + 5 * DAY,
    })
    expect(read(refused('mail', 451), old, due + 5 * DAY)).toMatchObject({ state: 'dead', nextAt: null })
    expect(read({ kind: 'broken', bodyHandedOver: true, reason: '' }, old, due + 5 * DAY)).toMatchObject({
      state: 'dead',
      bodyHandedOver: true,
    })
  })
  test('a letter that was put back into the queue starts over: waiting times and 5 days', () => {
    const requeuedAt = due + 9 * DAY
    const requeued = {
      ...letter,
      attempts: [...attempts(200), { at: requeuedAt, result: 'requeued', reply: 'anna' }],
    }
    expect(read(refused('mail', 451), requeued, requeuedAt)).toMatchObject({
      state: 'retry',
      nextAt: requeuedAt + MINUTE,
    })
    const tried = { ...requeued, attempts: [...requeued.attempts, ...attempts(2)] }
    expect(read(refused('mail', 451), tried, requeuedAt + HOUR).nextAt).toBe(requeuedAt + HOUR + 5 * MINUTE)
    const last = requeuedAt + 5 * DAY
    expect(read(refused('mail', 451), tried, last - 1)).toMatchObject({ state: 'retry', nextAt: last })
    expect(read(refused('mail', 451), tried, last)).toMatchObject({ state: 'dead' })
  })
})
