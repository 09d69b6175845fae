import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY, MINUTE } from '../../src/core/time.ts'
import type { Outbox } from '../../src/ports.ts'
import { bytes, letter, settlement, T0 } from '../support/store-rows.ts'

/** Every Outbox must pass this; `create` gives an empty one. */
export function outboxContract(name: string, create: () => Promise<Outbox>): void {
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
      ['retry', 'waits', settlement('retry', { nextAt: T0 + DAY })],
      ['ambiguous', 'waits', settlement('ambiguous', { nextAt: T0 + DAY })],
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
      await outbox.claim(T0, 1)
      const sending = await outbox.list({ state: 'sending', subject: 'even', limit: 10 })
      expect(sending).toMatchObject({ items: [{ id: added[6]?.id }], total: 1 })
      expect(await outbox.list({ state: 'dead', limit: 10 })).toEqual({ items: [], total: 0 })
      expect(await outbox.list({ limit: 10, after: 'unknown' })).toEqual({ items: [], total: 7 })
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
