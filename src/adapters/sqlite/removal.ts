import type { DatabaseSync } from 'node:sqlite'
import type { Instant } from '../../core/time.ts'
import type { Slice } from '../../ports.ts'
import { rowsOf } from './database.ts'

/** Removes some of the rows dated before an instant, of those behind the number `after`. Opens no transaction. */
export type Removal = (before: Instant, after: number) => Slice

/** Rows that one slice looks at: some milliseconds of the thread, so that a flush hardly waits. */
export const SLICE_ROWS = 300

/** Few rows that an index finds. Parameters of the statement: before, and how many rows it may delete. */
export function picking(db: DatabaseSync, sql: string): Removal {
  const remove = db.prepare(sql)
  return (before) => {
    const removed = Number(remove.run(before, SLICE_ROWS).changes)
    return { removed, next: removed < SLICE_ROWS ? null : 0 }
  }
}

/** A table by its numbers; `datedAt` and `only` are SQL. What is old and not `only` is passed over. */
type Walked = { readonly table: string; readonly datedAt: string; readonly only: string }

/**
 * Many rows, whose numbers grow with their times: no index by time is needed. The walk ends where all of a slice are
 * too young. Those that a wrong clock dated after the newest row do not end it, however many they are.
 */
export function walking(db: DatabaseSync, { table, datedAt, only }: Walked): Removal {
  const select = db.prepare(
    `SELECT number, (${datedAt}) < ?1 AS old, (${only}) AS wanted,
       (${datedAt}) > (SELECT ${datedAt} FROM ${table} ORDER BY number DESC LIMIT 1) AS ahead FROM ${table}
     WHERE number > ?2 ORDER BY number LIMIT ${SLICE_ROWS}`,
  )
  const remove = db.prepare(`DELETE FROM ${table} WHERE number IN (SELECT value FROM json_each(?))`)
  return (before, after) => {
    const rows = rowsOf<Dated & { readonly wanted: number }>(select, before, after)
    const gone = rows.filter(({ old, wanted }) => old === 1 && wanted === 1).map(({ number }) => number)
    if (gone.length > 0) remove.run(JSON.stringify(gone))
    return { removed: gone.length, next: nextAfter(rows) }
  }
}

/** A row of a walk; `old` and `ahead` (dated after the newest row) are 0 or 1. */
export type Dated = { readonly number: number; readonly old: number; readonly ahead: number }

/** Where a walk goes on behind these rows; null: it ends with them. */
export function nextAfter(rows: readonly Dated[]): number | null {
  const isOver = rows.every(({ old }) => old === 0) && rows.some(({ ahead }) => ahead === 0)
  return isOver ? null : (rows.at(-1)?.number ?? null)
}
