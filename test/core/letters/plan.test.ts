import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Letter, LetterState } from '../../../src/core/letters/letter.ts'
import { hasLeft, planLetters } from '../../../src/core/letters/plan.ts'
import type { Outage } from '../../../src/core/outage/outage.ts'
import { ANNA, BOB, closedOutage, exampleLetter, exampleOutage } from '../../support/letters.ts'

const open = exampleOutage()
const closed = closedOutage()
const initial = (state: LetterState, bodyHandedOver = false): Letter =>
  exampleLetter({ state, bodyHandedOver })

function planned(outage: Outage, letters: readonly Letter[], recipients = [ANNA]) {
  const { add, supersede } = planLetters(outage, letters, recipients)
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
    ['a cancelled outage owes nothing', exampleOutage({ state: 'cancelled' }), [], nothing],
    ['a due letter is written', open, [], { add: ['initial 1 anna@example.org'], supersede: [] }],
    ['a waiting initial is not written twice', open, [initial('pending')], nothing],
    ['a dead initial is not written twice', open, [initial('dead')], nothing],
    [
      'a recipient who was removed and came back gets a new initial',
      open,
      [initial('superseded')],
      { add: ['initial 2 anna@example.org'], supersede: [] },
    ],
    ['a superseded initial that may have left is not repeated', open, [initial('superseded', true)], nothing],
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
      'combined is written once',
      closed,
      [initial('superseded'), exampleLetter({ kind: 'combined', state: 'retry' })],
      nothing,
    ],
  ] as const)('%s', (_name, outage, letters, expected) => {
    expect(planned(outage, letters)).toEqual(expected)
  })

  test('who only has a file when letters are sent has been told nothing: combined', () => {
    const plan = planLetters(closed, [initial('filed')], [ANNA, BOB], { filedIsLeft: false })
    expect(plan.add.map(({ kind }) => kind)).toEqual(['combined', 'combined'])
    expect(plan.supersede).toEqual([])
    expect(planLetters(open, [initial('filed')], [ANNA], { filedIsLeft: false })).toEqual(nothing)
    const handedOver = planLetters(closed, [initial('filed', true)], [ANNA], { filedIsLeft: false })
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
    const { add } = planLetters(closed, [sent], [{ ...ANNA, email: 'Anna@Example.org' }])
    expect(add).toMatchObject([{ recipient: { email: ANNA.email }, repliesTo: sent.messageId }])
  })

  test('the same letter has the same id whenever it is planned, and each recipient has an own one', () => {
    const ids = () => planLetters(open, [], [ANNA, BOB]).add.map(({ id }) => id)
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
    const { add, supersede } = planLetters(outage, letters, recipients)
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
