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

/** A table by its numbers; `datedAt` and `only` are SQL. */
type Walked = { readonly table: string; readonly datedAt: string; readonly only: string }

/**
 * Many rows, whose numbers grow with their times: no index by time is needed. The walk ends where all of a slice are
 * too young, so that single ones that a wrong clock dated do not end it.
 */
export function walking(db: DatabaseSync, { table, datedAt, only }: Walked): Removal {
  const select = db.prepare(
    `SELECT number, (${datedAt}) < ? AND ${only} AS old FROM ${table}
     WHERE number > ? ORDER BY number LIMIT ${SLICE_ROWS}`,
  )
  const remove = db.prepare(`DELETE FROM ${table} WHERE number IN (SELECT value FROM json_each(?))`)
  return (before, after) => {
    const rows = rowsOf<{ number: number; old: number }>(select, before, after)
    const old = rows.filter((row) => row.old === 1).map(({ number }) => number)
    if (old.length > 0) remove.run(JSON.stringify(old))
    const last = rows.at(-1)?.number
    return { removed: old.length, next: old.length === 0 || last === undefined ? null : last }
  }
}
