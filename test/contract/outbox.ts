import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY, MINUTE } from '../../src/core/time.ts'
import type { AuditTrail, Outbox } from '../../src/ports.ts'
import { auditEntry, bytes, letter, settlement, T0 } from '../support/store-rows.ts'

/** Every Outbox must pass this; `createStores` gives an empty one and the audit trail that belongs to it. */
export function outboxContract(
  name: string,
  createStores: () => Promise<{ readonly outbox: Outbox; readonly audit: AuditTrail }>,
): void {
  const create = async (): Promise<Outbox> => (await createStores()).outbox
  const claimIds = async (outbox: Outbox, now: number, limit = 10): Promise<string[]> =>
    (await outbox.claim(now, limit)).map(({ letter: { id } }) => id)
  const [anna, boris, clara] = ['a@example.test', 'b@example.test', 'c@example.test']

  describe(`Outbox contract: ${name}`, () => {
    test('an added letter waits with the bytes it was added with', async () => {
      const outbox = await create()
      const added = letter('initial', anna)
      const { envelopeFrom, mime, ...own } = added
      await outbox.add([added])
      const stored = {
        ...own,
        state: 'pending',
        nextAt: T0,
        sentAt: null,
        bodyHandedOver: false,
        attempts: [],
      }
      expect(await outbox.get(added.id)).toEqual({ letter: stored, envelopeFrom, mime })
      expect(await outbox.get('unknown')).toBeUndefined()
    })

    test('a letter with the same subject, kind, sequence and recipient is added once', async () => {
      const outbox = await create()
      const first = letter('initial', anna)
      await outbox.add([first, { ...first, id: 'second', mime: bytes('other') }])
      await outbox.add([{ ...first, id: 'third', mime: bytes('other') }])
      expect(await outbox.list({ limit: 10 })).toMatchObject({ items: [{ id: first.id }], total: 1 })
      expect((await outbox.get(first.id))?.mime).toEqual(first.mime)
    })

    test('an address that is spelled in another case is the same recipient', async () => {
      const outbox = await create()
      const first = letter('initial', 'Анна@Example.test')
      await outbox.add([first])
      // The id is made from the address without its case (letter-id.ts).
      await outbox.add([{ ...first, recipient: 'анна@example.TEST', mime: bytes('other') }])
      await outbox.add([{ ...first, id: 'second', recipient: 'АННА@example.test' }])
      expect(await outbox.list({ limit: 10 })).toMatchObject({ items: [{ id: first.id }], total: 1 })
      await outbox.add([letter('recovery', 'анна@example.test')])
      expect(await claimIds(outbox, T0)).toEqual([first.id])
      expect(await claimIds(outbox, T0)).toEqual([])
    })

    test('two different letters with one id are refused with all that came with them', async () => {
      const outbox = await create()
      await outbox.add([letter('initial', anna, { id: 'same' })])
      const adding = outbox.add([letter('initial', clara), letter('initial', boris, { id: 'same' })])
      await expect(adding).rejects.toMatchObject({ name: 'StoreError', kind: 'other' })
      expect((await outbox.list({ limit: 10 })).total).toBe(1)
    })

    test('a claim takes what is due, marks it as being sent, and nobody gets it twice', async () => {
      const outbox = await create()
      const due = letter('initial', anna)
      await outbox.add([due, letter('initial', boris, { dueAt: T0 + 1 })])
      const [claimed, ...more] = await outbox.claim(T0, 10)
      expect(more).toEqual([])
      expect(claimed).toMatchObject({
        letter: { id: due.id, state: 'sending' },
        envelopeFrom: due.envelopeFrom,
        mime: due.mime,
      })
      expect((await outbox.get(due.id))?.letter.state).toBe('sending')
      expect(await claimIds(outbox, T0)).toEqual([])
      expect(await claimIds(outbox, T0 + 1)).toHaveLength(1)
    })

    test('simultaneous claims share the letters out', async () => {
      const outbox = await create()
      await outbox.add(Array.from({ length: 20 }, (_, n) => letter('initial', `${n}@example.test`)))
      const claims = await Promise.all([1, 2, 3].map(() => claimIds(outbox, T0, 8)))
      expect(claims.map((ids) => ids.length)).toEqual([8, 8, 4])
      expect(new Set(claims.flat()).size).toBe(20)
    })

    test('what has waited longest is claimed first', async () => {
      const outbox = await create()
      await outbox.add([
        letter('initial', anna, { dueAt: T0 + 2 }),
        letter('initial', boris, { dueAt: T0 }),
        letter('initial', clara, { dueAt: T0 + 1 }),
      ])
      const claimed = await outbox.claim(T0 + 5, 2)
      expect(claimed.map(({ letter: { recipient } }) => recipient)).toEqual([boris, clara])
    })

    test.each([
      ['being sent', 'waits', undefined],
      ['retry', 'waits', settlement('retry', { nextAt: T0 + 30 * MINUTE })],
      ['ambiguous', 'waits', settlement('ambiguous', { nextAt: T0 + 15 * MINUTE })],
      ['sent', 'goes', settlement('sent')],
      ['dead', 'goes', settlement('dead')],
      ['superseded', 'goes', settlement('superseded')],
      ['filed', 'goes', settlement('filed')],
    ])('while a letter is %s, the next of its subject and recipient %s', async (_state, next, end) => {
      const outbox = await create()
      const [first, second] = [letter('initial', anna), letter('recovery', anna)]
      const other = letter('recovery', anna, { subject: 'outage-2' })
      await outbox.add([first, second, letter('recovery', boris), other])
      expect(await claimIds(outbox, T0, 1)).toEqual([first.id])
      if (end) await outbox.settle(first.id, end)
      const claimed = await claimIds(outbox, T0 + MINUTE)
      expect(claimed.includes(second.id)).toBe(next === 'goes')
      expect(claimed).toContain(letter('recovery', boris).id)
      expect(claimed).toContain(other.id)
    })

    test('a letter waits for an earlier one that is not due yet', async () => {
      const outbox = await create()
      await outbox.add([letter('initial', anna, { dueAt: T0 + MINUTE }), letter('recovery', anna)])
      expect(await claimIds(outbox, T0)).toEqual([])
      expect(await claimIds(outbox, T0 + MINUTE)).toEqual([letter('initial', anna).id])
    })

    test('attempts are kept in order and the letter can be claimed at its next time', async () => {
      const outbox = await create()
      const { id } = letter('initial', anna)
      await outbox.add([letter('initial', anna)])
      await outbox.claim(T0, 1)
      const refused = { at: T0, result: 'retry', reply: '451 4.7.1 später' }
      await outbox.settle(id, settlement('retry', { nextAt: T0 + MINUTE, attempt: refused }))
      expect(await claimIds(outbox, T0 + MINUTE - 1)).toEqual([])
      expect(await claimIds(outbox, T0 + MINUTE)).toEqual([id])
      const accepted = { at: T0 + MINUTE, result: 'sent', reply: '250 ok' }
      await outbox.settle(id, settlement('sent', { sentAt: T0 + MINUTE, attempt: accepted }))
      const stored = (await outbox.get(id))?.letter
      expect(stored).toMatchObject({ state: 'sent', nextAt: null, sentAt: T0 + MINUTE, bodyHandedOver: true })
      expect(stored?.attempts).toEqual([refused, accepted])
      expect((await outbox.list({ limit: 1 })).items).toEqual([stored])
    })

    test('a body that was handed over once stays handed over', async () => {
      const outbox = await create()
      const { id } = letter('initial', anna)
      await outbox.add([letter('initial', anna)])
      for (const bodyHandedOver of [true, false]) {
        await outbox.claim(T0, 1)
        await outbox.settle(id, settlement('retry', { nextAt: T0, bodyHandedOver }))
      }
      expect((await outbox.get(id))?.letter.bodyHandedOver).toBe(true)
    })

    test.each(['unknown', letter('initial', anna).id])(
      'an attempt cannot end that never began: %s',
      async (id) => {
        const outbox = await create()
        await outbox.add([letter('initial', anna)])
        const settling = outbox.settle(id, settlement('sent'))
        await expect(settling).rejects.toMatchObject({ name: 'StoreError', kind: 'other' })
        expect((await outbox.get(letter('initial', anna).id))?.letter).toMatchObject({
          state: 'pending',
          attempts: [],
        })
      },
    )

    test('a crash while sending leaves an attempt of unknown end, tried again 15 minutes after its claim', async () => {
      const outbox = await create()
      const [cut, pending] = [letter('initial', anna), letter('initial', boris, { dueAt: T0 + MINUTE })]
      await outbox.add([cut, pending])
      await outbox.claim(T0 + 5, 1)
      expect(await outbox.recover(T0 + 10 * MINUTE)).toBe(1)
      const nextAt = T0 + 5 + 15 * MINUTE
      expect((await outbox.get(cut.id))?.letter).toMatchObject({
        state: 'ambiguous',
        nextAt,
        bodyHandedOver: true,
        attempts: [{ at: T0 + 5, result: 'ambiguous' }],
      })
      expect((await outbox.get(pending.id))?.letter.state).toBe('pending')
      expect(await outbox.recover(T0 + 11 * MINUTE)).toBe(0)
      expect(await claimIds(outbox, nextAt - 1)).toEqual([pending.id])
      expect(await claimIds(outbox, nextAt)).toEqual([cut.id])
    })

    test('a claim from a clock that was ahead does not delay the next attempt', async () => {
      const outbox = await create()
      await outbox.add([letter('initial', anna)])
      await outbox.claim(T0 + DAY, 1)
      await outbox.recover(T0)
      expect((await outbox.get(letter('initial', anna).id))?.letter.nextAt).toBe(T0 + 15 * MINUTE)
    })

    test('a letter that waits longer than any pause was planned by a clock that was ahead and is due now', async () => {
      const outbox = await create()
      await outbox.add([
        letter('initial', anna, { dueAt: T0 + DAY }),
        letter('initial', boris, { dueAt: T0 + 31 * MINUTE + 1 }),
        letter('initial', clara, { dueAt: T0 + 31 * MINUTE }),
      ])
      expect(await claimIds(outbox, T0, 1)).toEqual([letter('initial', anna).id])
      expect((await outbox.get(letter('initial', boris).id))?.letter).toMatchObject({
        nextAt: T0,
        dueAt: T0 + 31 * MINUTE + 1,
      })
      expect(await claimIds(outbox, T0)).toEqual([letter('initial', boris).id])
      expect(await claimIds(outbox, T0 + 31 * MINUTE)).toEqual([letter('initial', clara).id])
    })

    test('when the clock was set back, what waits beyond the new time is due as much earlier', async () => {
      const outbox = await create()
      const step = 20 * MINUTE
      await outbox.add([
        letter('initial', anna, { dueAt: T0 + step + 5 }),
        letter('initial', boris, { dueAt: T0 }),
        letter('initial', clara, { dueAt: T0 + step }),
        letter('initial', 'd@example.test', { dueAt: T0 - 1 }),
      ])
      expect(await claimIds(outbox, T0, 1)).toEqual([letter('initial', 'd@example.test').id])
      await outbox.hasten(T0, step)
      const nextAt = async (recipient: string) =>
        (await outbox.get(letter('initial', recipient).id))?.letter.nextAt
      expect(await Promise.all([anna, boris, clara].map(nextAt))).toEqual([T0 + 5, T0, T0])
      expect((await outbox.get(letter('initial', 'd@example.test').id))?.letter.state).toBe('sending')
    })

    test('letters that were never tried can be claimed alone and overtake nothing of their recipient', async () => {
      const outbox = await create()
      const [first, fresh] = [letter('initial', anna), letter('initial', boris, { dueAt: T0 + 1 })]
      await outbox.add([first, letter('recovery', anna), letter('initial', clara)])
      await outbox.claim(T0, 2)
      await outbox.settle(first.id, settlement('retry', { nextAt: T0 }))
      await outbox.settle(letter('initial', clara).id, settlement('ambiguous', { nextAt: T0 }))
      await outbox.add([fresh])
      const claimed = await outbox.claim(T0 + 1, 10, 'pending')
      expect(claimed.map(({ letter: { id } }) => id)).toEqual([fresh.id])
      expect(await claimIds(outbox, T0 + 1)).toEqual([first.id, letter('initial', clara).id])
    })

    test('letters about terminals and all others can be claimed apart', async () => {
      const outbox = await create()
      const about = (subject: string, recipient = anna) => letter('operator', recipient, { subject })
      const patient = ['digest-north-7', 'note-north-7', 'incident-1f'].map((subject) => about(subject))
      const urgent = [letter('initial', anna), about('warning-digest-1'), about('notice-x', boris)]
      const unclear = letter('announcement', anna, { subject: 'digest-1' })
      await outbox.add([...patient, ...urgent, unclear])
      const ids = (letters: readonly { readonly id: string }[]) => letters.map(({ id }) => id)
      const taken = async (which: 'urgent' | 'patient', only?: 'pending') =>
        ids((await outbox.claim(T0, 10, only, which)).map(({ letter: claimed }) => claimed))
      expect(await taken('urgent', 'pending')).toEqual(ids([...urgent, unclear]))
      expect(await taken('urgent')).toEqual([])
      expect(await taken('patient')).toEqual(ids(patient))
    })

    test.each([true, false])(
      'a dead letter is put back with its history, whether its body had left (%s) or not',
      async (bodyHandedOver) => {
        const { outbox, audit } = await createStores()
        const { id } = letter('initial', anna)
        await outbox.add([letter('initial', anna), letter('recovery', anna)])
        await outbox.claim(T0, 1)
        const dead = settlement('dead', { bodyHandedOver })
        await outbox.settle(id, dead)
        const entry = auditEntry(id, {
          action: 'letter.requeue',
          actor: { ...auditEntry('').actor, name: 'Олег' },
        })
        expect(await outbox.requeue(id, T0 + DAY, entry)).toBe('requeued')
        const stored = (await outbox.get(id))?.letter
        expect(stored).toMatchObject({
          state: 'pending',
          nextAt: T0 + DAY,
          dueAt: T0,
          sentAt: null,
          bodyHandedOver,
        })
        expect(stored?.attempts).toEqual([dead.attempt, { at: T0 + DAY, result: 'requeued', reply: 'Олег' }])
        expect(await audit.list({ limit: 10 })).toEqual([{ number: 1, ...entry }])
        expect(await claimIds(outbox, T0 + DAY)).toEqual([id])
      },
    )

    test('only a dead letter can be put back, and what was not done is not in the audit trail', async () => {
      const { outbox, audit } = await createStores()
      const { id } = letter('initial', anna)
      await outbox.add([letter('initial', anna)])
      expect(await outbox.requeue('unknown', T0, auditEntry('unknown'))).toBe('missing')
      for (const state of ['pending', 'sending', 'sent'] as const) {
        expect((await outbox.get(id))?.letter.state).toBe(state)
        expect(await outbox.requeue(id, T0, auditEntry(id))).toBe('not-dead')
        if (state === 'pending') await outbox.claim(T0, 1)
        if (state === 'sending') await outbox.settle(id, settlement('sent'))
      }
      expect((await outbox.get(id))?.letter.attempts).toHaveLength(1)
      expect(await audit.list({ limit: 10 })).toEqual([])
    })

    test('lists are newest first, filtered, counted without the cursor, and paged to the end', async () => {
      const outbox = await create()
      const added = Array.from({ length: 7 }, (_, n) =>
        letter('initial', `${n}@example.test`, { subject: n % 2 ? 'odd' : 'even', dueAt: T0 + 6 - n }),
      )
      await outbox.add(added)
      const ids = added.map(({ id }) => id).reverse()
      const pages: string[] = []
      for (let after: string | undefined; ; after = pages.at(-1)) {
        const page = await outbox.list({ limit: 3, ...(after === undefined ? {} : { after }) })
        expect(page.total).toBe(7)
        if (page.items.length === 0) break
        pages.push(...page.items.map(({ id }) => id))
      }
      expect(pages).toEqual(ids)

      const odd = await outbox.list({ subject: 'odd', limit: 2 })
      expect(odd).toMatchObject({ items: [{ id: added[5]?.id }, { id: added[3]?.id }], total: 3 })
      const update = letter('update', anna, { subject: 'odd', dueAt: T0 + 9 })
      await outbox.add([update])
      expect(await outbox.list({ kind: 'update', limit: 10 })).toMatchObject({
        items: [{ id: update.id }],
        total: 1,
      })
      expect((await outbox.list({ kind: 'initial', subject: 'odd', limit: 10 })).total).toBe(3)
      const annas = await outbox.list({ subject: 'odd', recipient: anna.toUpperCase(), limit: 10 })
      expect(annas).toMatchObject({ items: [{ id: update.id }], total: 1 })
      expect((await outbox.list({ subject: 'even', recipient: anna, limit: 10 })).total).toBe(0)
      await outbox.claim(T0, 1)
      const sending = await outbox.list({ state: 'sending', subject: 'even', limit: 10 })
      expect(sending).toMatchObject({ items: [{ id: added[6]?.id }], total: 1 })
      expect(await outbox.list({ state: 'dead', limit: 10 })).toEqual({ items: [], total: 0 })
      expect(await outbox.list({ limit: 10, after: 'unknown' })).toEqual({ items: [], total: 8 })
    })

    test('a page goes on after a letter that has meanwhile left the filter', async () => {
      const outbox = await create()
      await outbox.add([letter('initial', anna), letter('initial', boris, { dueAt: T0 - 1 })])
      await outbox.claim(T0, 1)
      const page = await outbox.list({ state: 'pending', limit: 10, after: letter('initial', boris).id })
      expect(page.items.map(({ recipient }) => recipient)).toEqual([anna])
    })

    test('the last acceptance is that of anybody else', async () => {
      const outbox = await create()
      expect(await outbox.lastAcceptedAt(anna)).toBeNull()
      await outbox.add([letter('initial', anna), letter('initial', boris), letter('initial', clara)])
      for (const [index, { letter: claimed }] of (await outbox.claim(T0, 10)).entries()) {
        const sent = settlement('sent', { sentAt: T0 + index })
        await outbox.settle(claimed.id, claimed.recipient === clara ? settlement('filed') : sent)
      }
      expect(await outbox.lastAcceptedAt(anna)).toBe(T0 + 1)
      expect(await outbox.lastAcceptedAt(boris)).toBe(T0)
      expect(await outbox.lastAcceptedAt(clara)).toBe(T0 + 1)
      expect(await outbox.lastAcceptedAt(boris.toUpperCase())).toBe(T0)
    })

    test('whatever happens, letters of one subject and recipient leave in the order in which they were added', async () => {
      const step = fc.record({
        ends: fc.array(fc.constantFrom('sent', 'retry', 'ambiguous', 'dead', 'crash'), { maxLength: 4 }),
        limit: fc.integer({ min: 1, max: 4 }),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          const outbox = await create()
          const kinds = ['initial', 'update', 'recovery'] as const
          await outbox.add(kinds.flatMap((kind) => [letter(kind, anna), letter(kind, boris)]))
          const begun = new Map<string, string[]>([
            [anna, []],
            [boris, []],
          ])
          let now = T0
          for (const { ends, limit } of steps) {
            now += DAY
            for (const [index, { letter: claimed }] of (await outbox.claim(now, limit)).entries()) {
              const known = begun.get(claimed.recipient) ?? []
              if (!known.includes(claimed.kind)) known.push(claimed.kind)
              const end = ends[index] ?? 'crash'
              if (end === 'crash') continue
              const nextAt = end === 'retry' || end === 'ambiguous' ? now : null
              await outbox.settle(claimed.id, settlement(end, { nextAt }))
            }
            await outbox.recover(now)
          }
          for (const order of begun.values()) expect(order).toEqual(kinds.slice(0, order.length))
        }),
        { numRuns: 25 },
      )
    })
  })
}
