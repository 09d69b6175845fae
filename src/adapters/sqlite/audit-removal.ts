import type { DatabaseSync } from 'node:sqlite'
import { type Removal, walking } from './removal.ts'

/** The trigger that keeps the audit trail lets go of what is older than the horizon, which is gone with the transaction. */
export function createAuditRemoval(db: DatabaseSync): Removal {
  const open = db.prepare('INSERT INTO audit_horizon (id, before) VALUES (1, ?)')
  const close = db.prepare('DELETE FROM audit_horizon')
  const walk = walking(db, { table: 'audit', datedAt: 'at', only: 'TRUE' })
  return (before, after) => {
    open.run(before)
    const slice = walk(before, after)
    close.run()
    return slice
  }
}
