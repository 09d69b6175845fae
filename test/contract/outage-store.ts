import { describe, expect, test } from 'vitest'
import { DAY, MINUTE } from '../../src/core/time.ts'
import type { AuditTrail, OutageStore, Outbox } from '../../src/ports.ts'
import { auditEntry, letter, outage, round, settlement, T0 } from '../support/store-rows.ts'

const NO_MORE = { letters: { add: [], supersede: [] }, audit: [] }

/** Every OutageStore must pass this; `create` gives an empty one and the stores that share its tables. */
export function outageStoreContract(
  name: string,
  create: () => Promise<{
    readonly outages: OutageStore
    readonly outbox: Outbox
    readonly audit: AuditTrail
  }>,
): void {
  describe(`OutageStore contract: ${name}`, () => {
    test('a new store is empty', async () => {
      const { outages } = await create()
      expect(await outages.load()).toEqual([])
      expect(await outages.outages(10)).toEqual([])
      expect(await outages.trace(0, T0)).toEqual([])
    })

    test('the trace gives rounds and steps back whole, in the order of appending, half open', async () => {
      const { outages } = await create()
      const failed = round(T0 + 2 * MINUTE, {
        verdict: 'unknown',
        reason: 'no control host answers',
        components: [
          {
            id: 'data',
            kind: 'omnicomm-data',
            counts: 'degraded',
            checkedAt: T0,
            result: { kind: 'failed', phase: 'assert', latencyMs: 3, status: 500, evidence: 'ждали «ok»' },
          },
          {
            id: 'api',
            kind: 'tcp',
            counts: 'outage',
            checkedAt: T0,
            result: { kind: 'unusable', reason: 'password' },
          },
        ],
      })
      const rows = [
        round(T0),
        failed,
        // The clock went back: later in the trace, earlier in time.
        { kind: 'step', at: T0 + MINUTE, deltaMs: -MINUTE } as const,
        round(T0 + MINUTE),
        round(T0 + MINUTE),
        round(T0 + 3 * MINUTE),
      ]
      await Promise.all(rows.map((row) => outages.append(row)))
      expect(await outages.trace(T0, T0 + 4 * MINUTE)).toEqual(rows)
      expect(await outages.trace(T0 + MINUTE, T0 + 3 * MINUTE)).toEqual(rows.slice(1, 5))
    })

    test('an outage is updated by id until it has ended, and then never again', async () => {
      const { outages } = await create()
      const open = outage('o1', T0)
      const grown = {
        ...open,
        downMs: 61 * MINUTE,
        letterDueAt: T0 + 61 * MINUTE,
        warnedAt: T0 + 45 * MINUTE,
        failed: ['web', 'api'],
      }
      const cancelled = { ...grown, state: 'cancelled' as const, latestFailAt: T0 + 65 * MINUTE }
      const ended = { ...cancelled, end: T0 + 70 * MINUTE, intermittent: true }
      for (const next of [open, grown, cancelled, ended]) {
        expect(await outages.commit({ ...NO_MORE, outages: [next] })).toBe('committed')
        expect(await outages.outages(10)).toEqual([next])
      }
      for (const next of [open, { ...ended, state: 'closed' as const }, { ...ended, end: T0 }]) {
        expect(await outages.commit({ ...NO_MORE, outages: [next] })).toBe('committed')
        expect(await outages.outages(10)).toEqual([ended])
      }
    })

    test('what people did and the series of letters come back whole', async () => {
      const { outages } = await create()
      const anna = { by: 'Анна "A"', at: T0 }
      const handled = outage('o1', T0, {
        handling: {
          expected: { ...anna, resolution: null, note: "O'Brien\n\u0000" },
          message: { ...anna, text: 'Ждём питания 🚚' },
          confirmed: anna,
          cancelled: { ...anna, reason: 'ложная' },
          ordered: anna,
        },
        bulletins: { updates: 3, at: T0 + 1, nextAt: T0 + 2 },
      })
      await outages.commit({ ...NO_MORE, outages: [handled, outage('o2', T0 + 1)] })
      expect(await outages.load()).toEqual([outage('o2', T0 + 1), handled])
      expect(await outages.outages(1, 'o2')).toEqual([handled])
    })

    test('load gives the outages that have not ended and the newest one that has', async () => {
      const { outages } = await create()
      const rows = [
        outage('a', T0, { state: 'closed', end: T0 + 1 }),
        outage('b', T0 + 1),
        outage('c', T0 + 2, { state: 'closed', end: T0 + 3 }),
        outage('d', T0 + 3),
        outage('e', T0 + 4, { state: 'cancelled' }),
      ]
      await outages.commit({ ...NO_MORE, outages: rows })
      const ids = async () => (await outages.load()).map(({ id }) => id)
      expect(await ids()).toEqual(['e', 'd', 'c', 'b'])
      await outages.commit({
        ...NO_MORE,
        outages: [outage('e', T0 + 4, { state: 'cancelled', end: T0 + 9 })],
      })
      expect(await ids()).toEqual(['e', 'd', 'b'])
    })

    test('audit entries are stored with the outage that they are about, or neither is', async () => {
      const { outages, outbox, audit } = await create()
      const entry = auditEntry('o1')
      await outages.commit({ ...NO_MORE, outages: [outage('o1', T0)], audit: [entry] })
      expect(await audit.list({ limit: 10 })).toEqual([{ number: 1, ...entry }])
      await outbox.add([letter('initial', 'a@example.test')])
      await outbox.claim(T0, 1)
      const letters = { add: [], supersede: [letter('initial', 'a@example.test').id] }
      expect(await outages.commit({ outages: [], letters, audit: [entry] })).toBe('conflict')
      const unknown = { add: [], supersede: ['nobody'] }
      await expect(outages.commit({ outages: [], letters: unknown, audit: [entry] })).rejects.toThrow()
      expect(await audit.list({ limit: 10 })).toHaveLength(1)
    })

    test('outages are newest first and paged by the id of the last one', async () => {
      const { outages } = await create()
      const rows = [outage('x', T0), outage('b', T0 + 1), outage('a', T0 + 1), outage('m', T0 + 2)]
      await outages.commit({ ...NO_MORE, outages: rows })
      const ids = async (limit: number, before?: string) =>
        (await outages.outages(limit, before)).map(({ id }) => id)
      expect(await ids(10)).toEqual(['m', 'b', 'a', 'x'])
      expect(await ids(2)).toEqual(['m', 'b'])
      expect(await ids(2, 'b')).toEqual(['a', 'x'])
      expect(await ids(2, 'x')).toEqual([])
      expect(await ids(2, 'unknown')).toEqual([])
      expect(await outages.outageCount()).toBe(4)
    })

    test('letters are added with the outage that causes them', async () => {
      const { outages, outbox } = await create()
      const added = letter('initial', 'a@example.test')
      await outages.commit({
        ...NO_MORE,
        outages: [outage('outage-1', T0)],
        letters: { add: [added], supersede: [] },
      })
      const stored = await outbox.get(added.id)
      expect(stored).toMatchObject({ letter: { state: 'pending', nextAt: T0 }, mime: added.mime })
    })

    test('a letter that is planned again keeps its first bytes', async () => {
      const { outages, outbox } = await create()
      const first = letter('initial', 'a@example.test')
      const again = { ...first, id: 'another id', mime: new Uint8Array(3), messageId: '<other@watch.test>' }
      await outages.commit({ ...NO_MORE, outages: [], letters: { add: [first], supersede: [] } })
      expect(
        await outages.commit({ ...NO_MORE, outages: [], letters: { add: [again], supersede: [] } }),
      ).toBe('committed')
      expect((await outbox.list({ limit: 10 })).total).toBe(1)
      expect(await outbox.get(first.id)).toMatchObject({
        letter: { messageId: first.messageId },
        mime: first.mime,
      })
    })

    test('a pending letter, and a retried one whose body never left, give way to another', async () => {
      const { outages, outbox } = await create()
      const retried = letter('initial', 'a@example.test')
      const pending = letter('initial', 'b@example.test')
      await outbox.add([retried, pending])
      await outbox.claim(T0, 1)
      await outbox.settle(retried.id, settlement('retry', { nextAt: T0 + MINUTE }))
      const combined = letter('combined', 'a@example.test')
      const change = {
        outages: [],
        audit: [],
        letters: { add: [combined], supersede: [retried.id, pending.id, combined.id] },
      }
      expect(
        await outages.commit({ ...change, letters: { ...change.letters, supersede: [retried.id] } }),
      ).toBe('committed')
      expect(await outages.commit(change)).toBe('committed')
      const { items } = await outbox.list({ limit: 10 })
      expect(items.map(({ state, nextAt }) => [state, nextAt])).toEqual(items.map(() => ['superseded', null]))
      expect(await outbox.claim(T0 + DAY, 10)).toEqual([])
    })

    test.each([
      ['being sent', undefined],
      ['sent', settlement('sent')],
      ['ambiguous', settlement('ambiguous', { nextAt: T0 + MINUTE, bodyHandedOver: true })],
      ['retried after its body left', settlement('retry', { nextAt: T0 + MINUTE, bodyHandedOver: true })],
      ['dead', settlement('dead')],
      ['filed', settlement('filed')],
    ])('a letter to be superseded that is %s is a conflict and nothing is saved', async (_state, end) => {
      const { outages, outbox } = await create()
      const gone = letter('initial', 'a@example.test')
      const waiting = letter('initial', 'b@example.test')
      await outbox.add([gone, waiting])
      await outages.commit({ ...NO_MORE, outages: [outage('outage-1', T0)] })
      await outbox.claim(T0, 1)
      if (end) await outbox.settle(gone.id, end)
      const before = await outbox.list({ limit: 10 })

      const closed = outage('outage-1', T0, { state: 'closed', end: T0 + MINUTE })
      const add = [letter('combined', 'a@example.test'), letter('combined', 'b@example.test')]
      expect(
        await outages.commit({
          outages: [closed],
          letters: { add, supersede: [waiting.id, gone.id] },
          audit: [],
        }),
      ).toBe('conflict')
      expect(await outbox.list({ limit: 10 })).toEqual(before)
      expect(await outages.load()).toEqual([outage('outage-1', T0)])
    })

    test('a letter to be superseded that does not exist is a fault and nothing is saved', async () => {
      const { outages, outbox } = await create()
      const added = letter('combined', 'a@example.test')
      await expect(
        outages.commit({
          outages: [outage('o', T0)],
          letters: { add: [added], supersede: ['nobody'] },
          audit: [],
        }),
      ).rejects.toMatchObject({ name: 'StoreError', kind: 'other' })
      expect(await outbox.list({ limit: 10 })).toEqual({ items: [], total: 0 })
      expect(await outages.outages(10)).toEqual([])
    })
  })
}
