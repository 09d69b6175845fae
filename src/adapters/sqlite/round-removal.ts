import type { DatabaseSync } from 'node:sqlite'
import { cutRun, LONGEST_RUN_MS } from '../../core/retention/round-run.ts'
import type { Instant } from '../../core/time.ts'
import { rowsOf, whole } from './database.ts'
import { type Removal, walking } from './removal.ts'
import { type RoundColumns, TRACE_COLUMNS, toRun } from './trace-table.ts'

/** Rounds and steps of the clock; of rounds that were joined those that are old. */
export function createRoundRemoval(db: DatabaseSync): Removal {
  const walk = walking(db, { table: 'trace', datedAt: 'coalesce(until_at, at)', only: 'TRUE' })
  const selectAcross = db.prepare(
    `SELECT number, ${TRACE_COLUMNS} FROM trace INDEXED BY trace_by_time
     WHERE at >= ?2 AND at < ?1 AND until_at >= ?1 AND kind = 'round'`,
  )
  const update = db.prepare(
    'UPDATE trace SET at = ?, completed_at = ?, components = ?, rounds = ? WHERE number = ?',
  )

  function cut(before: Instant): void {
    const rows = rowsOf<RoundColumns & { readonly number: number }>(
      selectAcross,
      before,
      before - LONGEST_RUN_MS,
    )
    for (const row of rows) {
      const { first, rounds } = cutRun(toRun(row), before)
      const { at, completedAt, components } = first
      update.run(whole(at), whole(completedAt), JSON.stringify(components), rounds, row.number)
    }
  }

  return (before, after) => {
    cut(before)
    return walk(before, after)
  }
}
