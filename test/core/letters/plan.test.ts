import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hasLeft } from '../../../src/core/letters/left.ts'
import type { Letter, LetterState } from '../../../src/core/letters/letter.ts'
import { planLetters } from '../../../src/core/letters/plan.ts'
import type { Outage } from '../../../src/core/outage/outage.ts'
import { HOUR, MINUTE } from '../../../src/core/time.ts'
import {
  ANNA,
  BOB,
  closedOutage,
  exampleLetter,
  exampleOutage,
  OUTAGE_START,
  owing,
} from '../../support/letters.ts'

const open = exampleOutage()
const closed = closedOutage()
const AT = OUTAGE_START + 3 * HOUR
const initial = (state: LetterState, bodyHandedOver = false): Letter =>
  exampleLetter({ state, bodyHandedOver })

function planned(outage: Outage, letters: readonly Letter[], recipients = [ANNA]) {
  const { add, supersede } = planLetters(owing(outage), letters, recipients, { at: AT })
  return {
    add: add.map(({ kind, sequence, recipient }) => `${kind} ${sequence} ${recipient.email}`),
    supersede,
  }
}

describe('planLetters', () => {
  const nothing = { add: [], supersede: [] }
  const recovery = { add: ['recovery 1 anna@example.org'], supersede: [] }
  const combined = { add: ['combined 1 anna@example.org'], supersede: [] }
  const replaced = { ...combined, supersede: [exampleLetter().id] }

  test.each([
    ['an open outage without a due letter owes nothing', exampleOutage({ letterDueAt: null }), [], nothing],
    ['a closed outage without a due letter owes nothing', closedOutage({ letterDueAt: null }), [], nothing],
    ['a due letter is written', open, [], { add: ['initial 1 anna@example.org'], supersede: [] }],
    ['a waiting initial is not written twice', open, [initial('pending')], nothing],
    ['a dead initial is not written twice', open, [initial('dead')], nothing],
    [
      'a recipient who was removed and came back gets a new initial',
      open,
      [initial('superseded')],
      { add: ['initial 2 anna@example.org'], supersede: [] },
    ],
    [
      'a superseded initial proves nothing even if it may have left',
      open,
      [initial('superseded', true)],
      { add: ['initial 2 anna@example.org'], supersede: [] },
    ],
    ['a sent initial is followed by recovery', closed, [initial('sent', true)], recovery],
    ['a filed initial is followed by recovery', closed, [initial('filed')], recovery],
    ['an initial on its way is followed by recovery', closed, [initial('sending')], recovery],
    ['an ambiguous initial is followed by recovery', closed, [initial('ambiguous', true)], recovery],
    ['a refused body counts as left', closed, [initial('retry', true)], recovery],
    ['a waiting initial is replaced by combined', closed, [initial('pending')], replaced],
    ['an initial that no relay has seen is replaced by combined', closed, [initial('retry')], replaced],
    ['a dead initial did not leave: combined is one more try', closed, [initial('dead')], combined],
    [
      'an initial that died after its body was handed over is followed by recovery',
      closed,
      [initial('dead', true)],
      recovery,
    ],
    ['without an initial the closed outage owes combined', closed, [], combined],
    ['recovery is written once', closed, [initial('sent'), exampleLetter({ kind: 'recovery' })], nothing],
    [
      'a superseded combined letter is no recovery',
      closed,
      [initial('sent'), exampleLetter({ kind: 'combined', state: 'superseded' })],
      recovery,
    ],
    [
      'combined is written once',
      closed,
      [initial('superseded'), exampleLetter({ kind: 'combined', state: 'retry' })],
      nothing,
    ],
  ] as const)('%s', (_name, outage, letters, expected) => {
    expect(planned(outage, letters)).toEqual(expected)
  })

  test('who only has a file when letters are sent has been told nothing: a new initial, or combined', () => {
    const plan = planLetters(owing(closed), [initial('filed')], [ANNA, BOB], { at: AT, filedIsLeft: false })
    expect(plan.add.map(({ kind }) => kind)).toEqual(['combined', 'combined'])
    expect(plan.supersede).toEqual([])
    const again = planLetters(owing(open), [initial('filed')], [ANNA], { at: AT, filedIsLeft: false })
    expect(again.add).toMatchObject([{ kind: 'initial', sequence: 2 }])
    const handedOver = planLetters(owing(closed), [initial('filed', true)], [ANNA], {
      at: AT,
      filedIsLeft: false,
    })
    expect(handedOver.add).toMatchObject([{ kind: 'recovery' }])
  })

  test('a removed recipient gets nothing more, and his waiting initial is withdrawn', () => {
    expect(planned(closed, [initial('pending')], [])).toEqual({ add: [], supersede: [exampleLetter().id] })
    expect(planned(closed, [initial('sent')], [])).toEqual(nothing)
  })

  test('a recipient who is listed twice gets one letter', () => {
    expect(planned(open, [], [ANNA, { ...ANNA, email: 'Anna@Example.org' }]).add).toHaveLength(1)
  })

  test('a follow-up goes to the spelling of the address that the initial had, and answers it', () => {
    const sent = initial('sent')
    const { add } = planLetters(owing(closed), [sent], [{ ...ANNA, email: 'Anna@Example.org' }], { at: AT })
    expect(add).toMatchObject([{ recipient: { email: ANNA.email }, repliesTo: sent.messageId }])
  })

  test('the same letter has the same id whenever it is planned, and each recipient has an own one', () => {
    const ids = () => planLetters(owing(open), [], [ANNA, BOB], { at: AT }).add.map(({ id }) => id)
    expect(ids()).toEqual(ids())
    expect(new Set(ids()).size).toBe(2)
  })
})

describe('letters of an outage under any course of events', () => {
  const states: LetterState[] = ['pending', 'sending', 'sent', 'retry', 'ambiguous', 'dead', 'filed']
  const step = fc.oneof(
    fc.record({ do: fc.constant('plan' as const), recipients: fc.subarray([ANNA, BOB]) }),
    fc.record({
      do: fc.constant('deliver' as const),
      row: fc.nat(5),
      state: fc.constantFrom(...states),
      body: fc.boolean(),
    }),
    fc.record({ do: fc.constant('close' as const) }),
  )

  test('are at most one per recipient and kind, and recovery only follows an initial that left', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let outage = open
        let letters: readonly Letter[] = []
        for (const step of steps) {
          if (step.do === 'close') outage = closed
          else if (step.do === 'deliver')
            letters = letters.map((row, i) => (i === step.row ? moved(row, step) : row))
          else letters = carriedOut(outage, letters, step.recipients)
        }
        const live = letters
          .filter(({ state }) => state !== 'superseded')
          .map((row) => `${row.kind} ${row.recipient}`)
        expect(new Set(live).size).toBe(live.length)
        for (const row of letters.filter(({ kind }) => kind === 'recovery')) {
          expect(letters.some((other) => other.recipient === row.recipient && other.kind === 'initial')).toBe(
            true,
          )
          expect(live).not.toContain(`combined ${row.recipient}`)
        }
      }),
    )
  })

  function carriedOut(
    outage: Outage,
    letters: readonly Letter[],
    recipients: (typeof ANNA)[],
  ): readonly Letter[] {
    const { add, supersede } = planLetters(owing(outage), letters, recipients, { at: AT })
    for (const { kind, recipient } of add) {
      const before = letters.filter((row) => row.recipient === recipient.email && row.kind === 'initial')
      if (kind === 'recovery') expect(before.some(hasLeft)).toBe(true)
      if (kind === 'combined') expect(before.some(hasLeft)).toBe(false)
    }
    const kept = letters.map((row) =>
      supersede.includes(row.id) ? { ...row, state: 'superseded' as const } : row,
    )
    return [...kept, ...add.map((row) => exampleLetter({ ...row, recipient: row.recipient.email }))]
  }

  /** As far as the outbox allows it: what is final stays. */
  function moved(row: Letter, to: { readonly state: LetterState; readonly body: boolean }): Letter {
    if (['sent', 'dead', 'superseded', 'filed'].includes(row.state)) return row
    const gone = row.bodyHandedOver || to.state === 'sent' || to.state === 'ambiguous'
    return { ...row, state: to.state, bodyHandedOver: gone || (to.state === 'retry' && to.body) }
  }
})

describe('updates', () => {
  const T = AT - HOUR
  const sent = (change: Partial<Letter> = {}): Letter => exampleLetter({ state: 'sent', dueAt: T, ...change })
  const update = (sequence: number, state: LetterState, change: Partial<Letter> = {}): Letter =>
    exampleLetter({ kind: 'update', sequence, state, dueAt: T + sequence * MINUTE, ...change })
  const issued = (updates: number, at = AT): Outage =>
    exampleOutage({ bulletins: { updates, at, nextAt: at + HOUR } })
  /** Letters as the outbox lists them, the newest first. */
  const stored = (...letters: readonly Letter[]): readonly Letter[] => letters.toReversed()
  const first = { add: ['update 1 anna@example.org'], supersede: [] }
  const nothing = { add: [], supersede: [] }

  test.each([
    ['no update was issued', issued(0), stored(sent()), nothing],
    ['whoever has an initial gets the update', issued(1), stored(sent()), first],
    ['an initial on its way is one', issued(1), stored(sent({ state: 'retry' })), first],
    ['a dead initial is none', issued(1), stored(sent({ state: 'dead' })), nothing],
    ['an update is written once', issued(1), stored(sent(), update(1, 'pending')), nothing],
    ['a dead one is not repeated', issued(1), stored(sent(), update(1, 'dead')), nothing],
    [
      'a later one takes the place of one that waits',
      issued(2),
      stored(sent(), update(1, 'pending')),
      { add: ['update 2 anna@example.org'], supersede: [update(1, 'pending').id] },
    ],
    [
      'and of one that no relay has seen',
      issued(2),
      stored(sent(), update(1, 'retry')),
      { add: ['update 2 anna@example.org'], supersede: [update(1, 'retry').id] },
    ],
    [
      'but not of one that may have left',
      issued(2),
      stored(sent(), update(1, 'retry', { bodyHandedOver: true })),
      { add: ['update 2 anna@example.org'], supersede: [] },
    ],
    ['an initial of after the update says the same', issued(1, T - MINUTE), stored(sent()), nothing],
    ['also one of right now', issued(1, T - MINUTE), stored(sent({ dueAt: AT })), nothing],
    ['one of the same instant was written with it', issued(1, T), stored(sent()), nothing],
    ['one that is there when it is issued does not', issued(1), stored(sent({ dueAt: AT })), first],
    [
      'an initial from before the clock was set back does not',
      issued(1, T - MINUTE),
      stored(sent({ dueAt: AT + HOUR })),
      first,
    ],
    [
      'a superseded initial of one who came back is none',
      issued(1),
      stored(sent({ state: 'superseded' })),
      {
        add: ['initial 2 anna@example.org'],
        supersede: [],
      },
    ],
  ] as const)('%s', (_name, outage, letters, expected) => {
    expect(planned(outage, letters)).toEqual(expected)
  })

  test('whose initial was stored after an update of others has its news already', () => {
    const bobs = { recipient: BOB.email }
    const late = exampleLetter({ ...bobs, state: 'sent', dueAt: T - HOUR })
    expect(planned(issued(1), stored(sent(), update(1, 'sent'), late), [ANNA, BOB])).toEqual(nothing)
    const early = exampleLetter({ ...bobs, state: 'sent', dueAt: AT })
    expect(planned(issued(1, T), stored(early, sent(), update(1, 'sent')), [ANNA, BOB]).add).toEqual([
      'update 1 bob@example.org',
    ])
  })

  test('whose initial was written with an update has its news, whoever gets that update later', () => {
    const late = update(1, 'pending', { recipient: BOB.email })
    const bobs = sent({ recipient: BOB.email, dueAt: T - HOUR })
    expect(planned(issued(1, T), stored(bobs, sent(), late), [ANNA, BOB])).toEqual(nothing)
  })

  test('updates are stored before the initials that are written with them', () => {
    expect(planned(issued(1), stored(sent({ recipient: BOB.email })), [ANNA, BOB]).add).toEqual([
      'update 1 bob@example.org',
      'initial 1 anna@example.org',
    ])
  })

  test('an update answers the newest initial and says what is new since the letter before it', () => {
    const plan = (letters: readonly Letter[]) =>
      planLetters(owing(issued(3)), letters, [ANNA], { at: AT }).add[0]
    expect(plan(stored(sent()))).toMatchObject({ repliesTo: sent().messageId, newSince: T })
    const read = stored(sent(), update(1, 'sent'), update(2, 'pending'))
    expect(plan(read)?.newSince).toBe(update(1, 'sent').dueAt)
    const again = sent({ sequence: 2, messageId: '<again@example.org>' })
    expect(plan(stored(sent({ state: 'superseded' }), again))?.repliesTo).toBe('<again@example.org>')
  })

  test('without fresh evidence updates are written and initials are not', () => {
    const { add } = planLetters(
      owing(issued(1), { mayStart: false }),
      stored(sent({ recipient: BOB.email })),
      [ANNA, BOB],
      { at: AT },
    )
    expect(add.map(({ kind }) => kind)).toEqual(['update'])
  })

  test('the end of an outage takes the place of updates that wait', () => {
    const waiting = stored(sent(), update(1, 'pending'), update(2, 'retry'))
    expect(planned(closedOutage({ bulletins: issued(2).bulletins }), waiting)).toEqual({
      add: ['recovery 1 anna@example.org'],
      supersede: [update(2, 'retry').id, update(1, 'pending').id],
    })
  })

  test('an order makes the letter due', () => {
    const ordered = exampleOutage({
      letterDueAt: null,
      handling: { ...open.handling, ordered: { by: 'admin', at: AT } },
    })
    expect(planned(ordered, []).add).toEqual(['initial 1 anna@example.org'])
  })
})

describe('corrections', () => {
  const cancelled = exampleOutage({ state: 'cancelled' })
  const correction = { add: ['correction 1 anna@example.org'], supersede: [] }
  const update = (state: LetterState): Letter => exampleLetter({ kind: 'update', state })

  test.each([
    ['whom no letter was written needs none', [], { add: [], supersede: [] }],
    ['a sent initial was an error', [initial('sent')], correction],
    ['so was one that is under way', [initial('sending')], correction],
    ['and one that may have arrived', [initial('retry', true)], correction],
    [
      'an initial that waits is withdrawn in silence',
      [initial('pending')],
      {
        add: [],
        supersede: [exampleLetter().id],
      },
    ],
    ['an address that is dead was told nothing', [initial('dead')], { add: [], supersede: [] }],
    [
      'updates that wait are withdrawn',
      [update('retry'), initial('sent')],
      {
        ...correction,
        supersede: [update('retry').id],
      },
    ],
    ['a sent update counts by itself', [update('sent'), initial('dead')], correction],
    [
      'it is written once',
      [exampleLetter({ kind: 'correction' }), initial('sent')],
      { add: [], supersede: [] },
    ],
  ] as const)('%s', (_name, letters, expected) => {
    expect(planned(cancelled, letters)).toEqual(expected)
  })

  test('go to those who are still there, also when the outage has ended meanwhile', () => {
    expect(planned(cancelled, [initial('sent')], []).add).toEqual([])
    expect(planned({ ...cancelled, end: AT }, [initial('sent')])).toEqual(correction)
  })

  test('answer the initial', () => {
    const { add } = planLetters(owing(cancelled), [update('sent'), initial('sent')], [ANNA], { at: AT })
    expect(add[0]?.repliesTo).toBe(initial('sent').messageId)
  })

  test('whom only a file was written needs none once letters are sent', () => {
    const plan = (filedIsLeft: boolean) =>
      planLetters(owing(cancelled), [initial('filed')], [ANNA], { at: AT, filedIsLeft }).add.length
    expect([plan(true), plan(false)]).toEqual([1, 0])
  })
})
