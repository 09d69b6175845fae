import { describe, expect, test } from 'vitest'
import type { AuditTrail } from '../../src/ports.ts'
import { auditEntry, T0 } from '../support/store-rows.ts'

/** Every AuditTrail must pass this; `create` gives an empty one. */
export function auditTrailContract(name: string, create: () => Promise<AuditTrail>): void {
  describe(`AuditTrail contract: ${name}`, () => {
    test('entries come back whole', async () => {
      const audit = await create()
      const entries = [
        auditEntry('o1', {
          actor: { name: 'Анна "A"', via: 'token', address: '2001:db8::1' },
          before: null,
          after: { note: "O'Brien\n", at: T0, sure: false, nothing: null, failed: ['web', 'api'] },
        }),
        auditEntry('', {
          at: T0 - 1,
          actor: { name: 'rule r1', via: 'system', address: '' },
          before: {},
          after: null,
        }),
      ]
      await audit.add(entries)
      expect((await audit.list({ limit: 10 })).toReversed()).toEqual(
        entries.map((entry, index) => ({ number: index + 1, ...entry })),
      )
    })

    test('lists are newest first, of one subject or all, and paged to the end', async () => {
      const audit = await create()
      expect(await audit.list({ limit: 10 })).toEqual([])
      // The times go back: the order is that of adding.
      for (let n = 0; n < 7; n++) await audit.add([auditEntry(n % 2 ? 'odd' : 'even', { at: T0 - n })])
      const numbers = async (query: Parameters<AuditTrail['list']>[0]) =>
        (await audit.list(query)).map(({ number }) => number)
      expect(await numbers({ limit: 3 })).toEqual([7, 6, 5])
      expect(await numbers({ limit: 3, before: 5 })).toEqual([4, 3, 2])
      expect(await numbers({ limit: 3, before: 2 })).toEqual([1])
      expect(await numbers({ limit: 3, before: 1 })).toEqual([])
      expect(await numbers({ limit: 2, subject: 'odd' })).toEqual([6, 4])
      expect(await numbers({ limit: 2, subject: 'odd', before: 4 })).toEqual([2])
      expect(await numbers({ limit: 2, subject: 'nothing' })).toEqual([])
      expect(await Promise.all([audit.count(), audit.count('odd'), audit.count('nothing')])).toEqual([
        7, 3, 0,
      ])
    })
  })
}
