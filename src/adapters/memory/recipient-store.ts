import type { RecipientStore, StoredRecipient } from '../../ports.ts'
import type { AuditTable } from './audit-trail.ts'

/** Recipients that end with the process. `audit`: the table that other stores share with it. */
export function createMemoryRecipientStore(audit: AuditTable = []): RecipientStore {
  const recipients = new Map<string, StoredRecipient>()
  return {
    load: async () => [...recipients.values()],
    commit: async (change) => {
      for (const id of change.remove) recipients.delete(id)
      for (const recipient of change.save) recipients.set(recipient.id, recipient)
      audit.push(...change.audit)
    },
  }
}
