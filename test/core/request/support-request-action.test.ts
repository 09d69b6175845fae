import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MOST_EVENTS, type SupportRequest } from '../../../src/core/request/support-request.ts'
import { actOnRequest, type RequestAction } from '../../../src/core/request/support-request-action.ts'
import { HOUR, MINUTE } from '../../../src/core/time.ts'
import { acted, actionsAt, MADE_AT, supportRequest } from '../../support/requests.ts'

const LATER = MADE_AT + HOUR
const MADE = supportRequest()
const SENT = acted(MADE, [{ kind: 'sent' }])
const ASKED = acted(SENT, [{ kind: 'asked', text: 'Which SIM?' }])
const OFFICIAL = acted(SENT, [{ kind: 'official-asked', text: '' }])
const STEP = acted(SENT, [{ kind: 'step', text: 'Restart it.', result: '' }])
const CLOSED = acted(SENT, [{ kind: 'close', text: 'Solved.' }])

const act = (request: SupportRequest, action: RequestAction) =>
  actOnRequest(request, action, { by: 'boris', at: LATER })

const [
  SEND,
  TICKET,
  ASK,
  ANSWER,
  PROMISE,
  ASK_OFFICIAL,
  ANSWER_OFFICIAL,
  FOLLOW,
  DO,
  DONE,
  NOTE,
  CLOSE,
  REOPEN,
] = actionsAt(LATER) as readonly RequestAction[] & { readonly length: 13 }

describe('what is possible', () => {
  const table: readonly (readonly [string, SupportRequest, readonly string[]])[] = [
    ['made', MADE, ['sent', 'ticket', 'step', 'note', 'close']],
    ['sent', SENT, ['ticket', 'asked', 'promised', 'official-asked', 'follow-up', 'step', 'note', 'close']],
    [
      'sent with a question',
      ASKED,
      ['ticket', 'asked', 'answered', 'promised', 'official-asked', 'follow-up', 'step', 'note', 'close'],
    ],
    [
      'sent, official answer awaited',
      OFFICIAL,
      ['ticket', 'asked', 'promised', 'official-answered', 'follow-up', 'step', 'note', 'close'],
    ],
    [
      'sent with a recommendation',
      STEP,
      ['ticket', 'asked', 'promised', 'official-asked', 'follow-up', 'step', 'step-done', 'note', 'close'],
    ],
    ['closed', CLOSED, ['note', 'reopen']],
  ]
  test.each(table)('of a request that is %s', (_, request, possible) => {
    const done = actionsAt(LATER).filter((action) => act(request, action).kind === 'done')
    expect(done.map(({ kind }) => kind)).toEqual(possible)
  })

  test.each([
    [SENT, SEND, 'already-sent'],
    [MADE, ASK, 'not-sent'],
    [MADE, FOLLOW, 'not-sent'],
    [SENT, ANSWER, 'no-question'],
    [SENT, { kind: 'promised', at: LATER, note: '', approximate: false }, 'past'],
    [OFFICIAL, ASK_OFFICIAL, 'already-asked'],
    [SENT, ANSWER_OFFICIAL, 'not-asked'],
    [SENT, DONE, 'no-step'],
    [CLOSED, CLOSE, 'closed'],
    [CLOSED, TICKET, 'closed'],
    [SENT, REOPEN, 'not-closed'],
  ] as const)('else the reason is told', (request, action, reason) => {
    expect(act(request, action as RequestAction)).toEqual({ kind: 'refused', reason })
  })
})

describe('an action', () => {
  const later = (request: SupportRequest, action: RequestAction | undefined) =>
    acted(request, action ? [action] : [], LATER)

  test('marks the letter as sent, with the Message-ID that the mail program gave it', () => {
    expect(later(MADE, SEND)).toMatchObject({ sentAt: LATER, messageId: MADE.messageId })
    expect(later(MADE, { kind: 'sent', messageId: '<own@mail>' }).messageId).toBe('<own@mail>')
  })

  test('of a number that was given by phone marks the request as sent, too', () => {
    expect(later(MADE, TICKET)).toMatchObject({ ticket: '777', ticketAt: LATER, sentAt: LATER })
    expect(later(SENT, TICKET).sentAt).toBe(MADE_AT)
  })

  test('that changes nothing gives back the same request', () => {
    const numbered = later(SENT, TICKET)
    expect(later(numbered, TICKET)).toBe(numbered)
    const promised = later(SENT, PROMISE)
    expect(later(promised, PROMISE)).toBe(promised)
    expect(later(SENT, { kind: 'promised', at: null, note: '', approximate: false })).toBe(SENT)
    const done = later(STEP, DONE)
    expect(later(done, DONE)).toBe(done)
  })

  test('keeps the time of the first question until it is answered', () => {
    expect(ASKED.questionAt).toBe(MADE_AT)
    expect(later(ASKED, ASK).questionAt).toBe(MADE_AT)
    expect(later(ASKED, ANSWER).questionAt).toBeNull()
  })

  test('keeps what was promised, and takes it back', () => {
    const promised = later(SENT, PROMISE)
    expect(promised.promised).toEqual({ at: LATER + 24 * HOUR, note: 'archive', approximate: true })
    const back = later(promised, { kind: 'promised', at: null, note: 'no', approximate: false })
    expect(back.promised).toBeNull()
    expect(back.events.at(-1)).toMatchObject({ kind: 'promised', promised: null, text: 'no' })
  })

  test('asks for an official answer anew when the first one has come', () => {
    const again = later(later(OFFICIAL, ANSWER_OFFICIAL), ASK_OFFICIAL)
    expect(again).toMatchObject({ officialAskedAt: LATER, officialAnsweredAt: null })
  })

  test('keeps a recommendation with its result and when it was done', () => {
    const done = later(STEP, DONE)
    expect(done.steps).toEqual([{ at: MADE_AT, text: 'Restart it.', result: 'No change.', doneAt: LATER }])
    expect(done.events.at(-1)?.text).toBe('Restart it.\n= No change.')
    expect(later(SENT, DO).steps[0]?.doneAt).toBeNull()
    expect(later(SENT, { kind: 'step', text: 'a', result: 'b' }).steps[0]?.doneAt).toBe(LATER)
  })

  test('reopens a closed request as it was', () => {
    expect(later(CLOSED, REOPEN)).toMatchObject({ closedAt: null, sentAt: MADE_AT })
  })
})

test('each action that is possible adds one entry with who and when, and changes no earlier one', () => {
  const actions = fc.array(fc.constantFrom(...actionsAt(LATER)), { maxLength: 40 })
  fc.assert(
    fc.property(actions, (list) => {
      let request = MADE
      for (const [place, action] of list.entries()) {
        const at = MADE_AT + place * MINUTE
        const result = actOnRequest(request, action, { by: 'boris', at })
        if (result.kind === 'refused' || result.request === request) continue
        expect(result.request.events.slice(0, -1)).toEqual(request.events)
        expect(result.request.events.at(-1)).toMatchObject({ at, by: 'boris' })
        request = result.request
        if (request.questionAt !== null) expect(request.sentAt).not.toBeNull()
        if (request.ticket !== '') expect(request.sentAt).not.toBeNull()
      }
    }),
  )
})

test('a full history takes nothing more but the end', () => {
  const events = Array.from({ length: MOST_EVENTS - 1 }, () => MADE.events[0]).flatMap((event) => event ?? [])
  const full = { ...SENT, events }
  expect(act(full, NOTE as RequestAction)).toEqual({ kind: 'refused', reason: 'full' })
  const closed = acted(full, [{ kind: 'close', text: '' }])
  expect(closed.events).toHaveLength(MOST_EVENTS)
  expect(act(closed, REOPEN as RequestAction)).toEqual({ kind: 'refused', reason: 'full' })
})
