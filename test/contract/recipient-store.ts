import { describe, expect, test } from 'vitest'
import type { AuditTrail, RecipientStore, StoredRecipient } from '../../src/ports.ts'
import { auditEntry, T0 } from '../support/store-rows.ts'

function recipient(id: string, change: Partial<StoredRecipient> = {}): StoredRecipient {
  return { id, email: `${id}@example.test`, name: `Имя "${id}"`, language: 'ru', addedAt: T0, ...change }
}

/** Every RecipientStore must pass this; `create` gives an empty one and the audit trail that belongs to it. */
export function recipientStoreContract(
  name: string,
  create: () => Promise<{ readonly recipients: RecipientStore; readonly audit: AuditTrail }>,
): void {
  describe(`RecipientStore contract: ${name}`, () => {
    test('a new store is empty', async () => {
      expect(await (await create()).recipients.load()).toEqual([])
    })

    test('recipients are saved, changed and removed by id and keep the order of being added', async () => {
      const { recipients } = await create()
      const [z, a, m] = [recipient('z'), recipient('a', { language: 'en', addedAt: T0 + 1 }), recipient('m')]
      await recipients.commit({ save: [z, a], remove: [], audit: [] })
      await recipients.commit({ save: [m], remove: [], audit: [] })
      expect(await recipients.load()).toEqual([z, a, m])
      const changed = recipient('z', {
        email: 'новый@example.test',
        name: '',
        language: 'en',
        addedAt: T0 + 5,
      })
      await recipients.commit({ save: [changed], remove: ['a', 'never was'], audit: [] })
      expect(await recipients.load()).toEqual([changed, m])
      await recipients.commit({ save: [a], remove: [], audit: [] })
      expect(await recipients.load()).toEqual([changed, m, a])
    })

    test('who is removed and saved in one change is there afterwards, at the end', async () => {
      const { recipients } = await create()
      const [a, b] = [recipient('a'), recipient('b')]
      await recipients.commit({ save: [a, b], remove: [], audit: [] })
      await recipients.commit({ save: [a], remove: ['a'], audit: [] })
      expect(await recipients.load()).toEqual([b, a])
    })

    test('audit entries are stored with the change', async () => {
      const { recipients, audit } = await create()
      const entries = [auditEntry('a', { action: 'recipient.add' }), auditEntry('b')]
      await recipients.commit({ save: [recipient('a')], remove: [], audit: entries })
      expect((await audit.list({ limit: 10 })).map(({ subject }) => subject)).toEqual(['b', 'a'])
    })
  })
}
