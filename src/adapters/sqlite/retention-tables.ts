import type { DatabaseSync } from 'node:sqlite'
import type { Removable } from '../../core/retention/cutoffs.ts'
import { HOUR } from '../../core/time.ts'
import type { RetentionStore } from '../../ports.ts'
import { createAuditRemoval } from './audit-removal.ts'
import type { AuditTable } from './audit-table.ts'
import { rowOf, rowsOf, transaction, whole } from './database.ts'
import { createLetterRemoval } from './letter-removal.ts'
import type { Sync } from './operations.ts'
import { picking, type Removal, walking } from './removal.ts'
import { createRoundJoining } from './round-joining.ts'
import { createRoundRemoval } from './round-removal.ts'
import { ROUTINE } from './schema-6.ts'

/** What grows for ever unless it is removed, a slice in one transaction. */
export function createRetentionTables(db: DatabaseSync, audit: AuditTable): Sync<RetentionStore> {
  const removals = createRemovals(db)
  const removeEntries = createAuditRemoval(db)
  return {
    join: createRoundJoining(db),
    remove: (what, before, after) => transaction(db, () => removals[what](whole(before), after)),
    removeAudit: (before, after, entry) =>
      transaction(db, () => {
        const slice = removeEntries(whole(before), after)
        if (slice.removed > 0 && entry) audit.write([entry])
        return slice
      }),
    lived: createLived(db),
    ...createFreeSpace(db),
  }
}

function createRemovals(db: DatabaseSync): Readonly<Record<Exclude<Removable, 'audit'>, Removal>> {
  return {
    rounds: createRoundRemoval(db),
    'uptime-hours': picking(
      db,
      'DELETE FROM uptime_hours WHERE at IN (SELECT at FROM uptime_hours WHERE at < ?1 LIMIT ?2)',
    ),
    'routine-transitions': picking(
      db,
      `DELETE FROM transitions WHERE number IN (
         SELECT number FROM transitions INDEXED BY transitions_routine WHERE ${ROUTINE} AND at < ?1
           AND number < (SELECT max(number) FROM transitions) LIMIT ?2)`,
    ),
    // The newest one stays: the next one's number follows from it, and digests go on from a number. Without a state
    // before it a change is no routine: the condition is unknown then, and not false.
    transitions: walking(db, {
      table: 'transitions',
      datedAt: 'at',
      only: `(${ROUTINE}) IS NOT TRUE AND number < (SELECT max(number) FROM transitions)`,
    }),
    incidents: picking(
      db,
      'DELETE FROM incidents WHERE id IN (SELECT id FROM incidents WHERE opened_at < ?1 AND closed_at < ?1 LIMIT ?2)',
    ),
    letters: createLetterRemoval(db, "kind NOT IN ('operator', 'test')"),
    outages: createOutageRemoval(db),
    'operator-letters': createLetterRemoval(db, "kind IN ('operator', 'test')"),
    notes: walking(db, { table: 'notes', datedAt: 'at', only: 'TRUE' }),
  }
}

/** Of those that are over the newest one stays: it is where the outage clock begins after a restart. */
function createOutageRemoval(db: DatabaseSync): Removal {
  return picking(
    db,
    `DELETE FROM outages WHERE id IN (
       SELECT id FROM outages INDEXED BY outages_by_start WHERE start_at < ?1 AND end_at < ?1
         AND NOT EXISTS (SELECT 1 FROM letters WHERE letters.subject = outages.id)
         AND (start_at, id) < (SELECT start_at, id FROM outages INDEXED BY outages_by_start
           WHERE end_at IS NOT NULL ORDER BY start_at DESC, id DESC LIMIT 1)
       LIMIT ?2)`,
  )
}

/** So many of the newest rows of each table are looked through: weeks of rounds, and more than a start of a large fleet. */
const ROWS_LOOKED_AT = 100_000

/** By their numbers: no index by time is needed. */
function createLived(db: DatabaseSync): Sync<RetentionStore>['lived'] {
  const newestOf = (table: string, datedAt: string): string =>
    `SELECT * FROM (SELECT ${datedAt} AS at FROM ${table} ORDER BY number DESC LIMIT ${ROWS_LOOKED_AT})`
  const select = db.prepare(
    `SELECT max(at) AS at FROM (
       ${newestOf('trace', 'coalesce(until_at, at)')}
       UNION ALL ${newestOf('audit', 'at')}
       UNION ALL ${newestOf('transitions', 'at')})
     WHERE at < ?1 GROUP BY at / ${HOUR} ORDER BY 1`,
  )
  return (before) => rowsOf<{ at: number }>(select, whole(before)).map(({ at }) => at)
}

/** Pages that one slice gives back. */
const SLICE_PAGES = 200

/** Pages that nothing uses any more lie in the file until they are used again or given back. */
function createFreeSpace(db: DatabaseSync): Pick<Sync<RetentionStore>, 'space' | 'shrink'> {
  const select = db.prepare(
    `SELECT page_size * page_count AS bytes, page_size * freelist_count AS free
     FROM pragma_page_size, pragma_page_count, pragma_freelist_count`,
  )
  const shrink = db.prepare(`PRAGMA incremental_vacuum(${SLICE_PAGES})`)
  const space = () => {
    const { bytes, free } = rowOf<{ bytes: number; free: number }>(select) ?? { bytes: 0, free: 0 }
    return { bytes, freeBytes: free }
  }
  return {
    space,
    shrink: () => {
      const before = space().bytes
      shrink.all()
      return before - space().bytes
    },
  }
}
