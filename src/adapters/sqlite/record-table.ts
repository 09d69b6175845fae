import type { DatabaseSync } from 'node:sqlite'
import type { RecordStore } from '../../ports.ts'
import type { AuditTable } from './audit-table.ts'
import { rowsOf, transaction } from './database.ts'
import type { Sync } from './operations.ts'

/** What the kinds of records are called in the table. */
export type RecordKind = 'account' | 'contact' | 'firmware' | 'template' | 'request'

/** Records of one kind, each as JSON, in the order in which they were added. */
export function createRecordTable<Kept extends { readonly id: string }>(
  db: DatabaseSync,
  kind: RecordKind,
  audit: AuditTable,
): Sync<RecordStore<Kept>> {
  const select = db.prepare('SELECT record FROM records WHERE kind = ? ORDER BY number')
  const upsert = db.prepare(
    `INSERT INTO records (kind, id, record) VALUES (?, ?, ?)
     ON CONFLICT (kind, id) DO UPDATE SET record = excluded.record`,
  )
  const remove = db.prepare('DELETE FROM records WHERE kind = ? AND id = ?')
  return {
    load: () => rowsOf<{ record: string }>(select, kind).map(({ record }) => JSON.parse(record) as Kept),
    commit: (change) =>
      transaction(db, () => {
        for (const id of change.remove) remove.run(kind, id)
        for (const record of change.save) upsert.run(kind, record.id, JSON.stringify(record))
        audit.write(change.audit)
      }),
  }
}
