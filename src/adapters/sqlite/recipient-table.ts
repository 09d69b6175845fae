import type { DatabaseSync } from 'node:sqlite'
import type { Language } from '../../core/letters/letter.ts'
import type { RecipientStore } from '../../ports.ts'
import type { AuditTable } from './audit-table.ts'
import { rowsOf, transaction, whole } from './database.ts'
import type { Sync } from './operations.ts'

type RecipientRow = {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly language: Language
  readonly added_at: number
}

/** Recipients that were entered by people, in the order in which they were added. */
export function createRecipientTable(db: DatabaseSync, audit: AuditTable): Sync<RecipientStore> {
  const select = db.prepare('SELECT id, email, name, language, added_at FROM recipients ORDER BY number')
  const upsert = db.prepare(
    `INSERT INTO recipients (id, email, name, language, added_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET email = excluded.email, name = excluded.name, language = excluded.language,
       added_at = excluded.added_at`,
  )
  const remove = db.prepare('DELETE FROM recipients WHERE id = ?')
  return {
    load: () =>
      rowsOf<RecipientRow>(select).map(({ id, email, name, language, added_at }) => ({
        id,
        email,
        name,
        language,
        addedAt: added_at,
      })),
    commit: (change) =>
      transaction(db, () => {
        for (const id of change.remove) remove.run(id)
        for (const { id, email, name, language, addedAt } of change.save) {
          upsert.run(id, email, name, language, whole(addedAt))
        }
        audit.write(change.audit)
      }),
  }
}
