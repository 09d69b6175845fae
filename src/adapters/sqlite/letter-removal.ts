import type { DatabaseSync } from 'node:sqlite'
import { matterOf } from '../../core/retention/letter-matter.ts'
import type { Instant } from '../../core/time.ts'
import { rowOf, rowsOf } from './database.ts'
import { type Dated, nextAfter, type Removal } from './removal.ts'

/** Letters hold their bytes, some pages each. */
const SLICE_LETTERS = 100

type DatedLetter = Dated & { readonly subject: string; readonly wanted: number }

/**
 * All letters of a subject go when the newest of them is old, nothing will happen to any of them, and what they are
 * about is over: what proves that everybody was told is never there in part only because some letters were earlier.
 */
export function createLetterRemoval(db: DatabaseSync, kinds: string): Removal {
  const select = db.prepare(
    `SELECT number, subject, due_at < ?1 AS old, ${kinds} AS wanted,
       due_at > (SELECT due_at FROM letters ORDER BY number DESC LIMIT 1) AS ahead FROM letters
     WHERE number > ?2 ORDER BY number LIMIT ${SLICE_LETTERS}`,
  )
  const selectNeeded = db.prepare(
    `SELECT 1 FROM letters INDEXED BY letters_by_subject WHERE subject = ?1
       AND (state NOT IN ('sent', 'dead', 'superseded', 'filed') OR due_at >= ?2 OR sent_at >= ?2)
     UNION ALL SELECT 1 FROM outages WHERE id = ?3 AND (end_at IS NULL OR end_at >= ?2)
     UNION ALL SELECT 1 FROM maintenance_windows WHERE id = ?3 AND to_at >= ?2
     UNION ALL SELECT 1 FROM incidents WHERE id = ?3 AND (closed_at IS NULL OR closed_at >= ?2)
     LIMIT 1`,
  )
  const remove = db.prepare('DELETE FROM letters WHERE number IN (SELECT value FROM json_each(?))')

  function isNeeded(subject: string, before: Instant): boolean {
    return rowOf(selectNeeded, subject, before, matterOf(subject)) !== undefined
  }

  return (before, after) => {
    const rows = rowsOf<DatedLetter>(select, before, after)
    const old = rows.filter((row) => row.old === 1)
    const subjects = new Set(old.filter(({ wanted }) => wanted === 1).map(({ subject }) => subject))
    const free = new Set([...subjects].filter((subject) => !isNeeded(subject, before)))
    const gone = old.filter(({ subject, wanted }) => wanted === 1 && free.has(subject))
    if (gone.length > 0) remove.run(JSON.stringify(gone.map(({ number }) => number)))
    return { removed: gone.length, next: nextAfter(rows) }
  }
}
