import type { DatabaseSync } from 'node:sqlite'
import { joined, type RoundRun } from '../../core/retention/round-run.ts'
import type { Instant } from '../../core/time.ts'
import type { RetentionStore } from '../../ports.ts'
import { rowOf, rowsOf, transaction, whole } from './database.ts'
import type { Sync } from './operations.ts'
import { SLICE_ROWS } from './removal.ts'
import { TRACE_COLUMNS, type TraceColumns, toRun } from './trace-table.ts'

type Numbered = TraceColumns & { readonly number: number }
type Row = { readonly number: number; readonly run: RoundRun }

/** Joins rounds that say the same into the row of the first of them, in the order in which they were appended. */
export function createRoundJoining(db: DatabaseSync): Sync<RetentionStore>['join'] {
  const select = db.prepare(
    `SELECT number, ${TRACE_COLUMNS} FROM trace WHERE number > ? ORDER BY number LIMIT ${SLICE_ROWS}`,
  )
  const selectNewest = db.prepare('SELECT at FROM trace ORDER BY number DESC LIMIT 1')
  const update = db.prepare('UPDATE trace SET until_at = ?, rounds = ? WHERE number = ?')
  const remove = db.prepare('DELETE FROM trace WHERE number IN (SELECT value FROM json_each(?))')

  function save(kept: readonly Row[], gone: readonly number[]): void {
    for (const { number, run } of kept) update.run(whole(run.until), run.rounds, number)
    remove.run(JSON.stringify(gone))
  }

  /** What a wrong clock dated after the newest row says nothing of the rows behind it. */
  function isTooYoung(rows: readonly Numbered[], before: Instant): boolean {
    if (rows.some(({ at }) => at < before)) return false
    const newest = rowOf<{ at: number }>(selectNewest)?.at ?? before
    return rows.some(({ at }) => at <= newest)
  }

  return (before, after) =>
    transaction(db, () => {
      const rows = rowsOf<Numbered>(select, after)
      const { grown, gone, open } = join(rows, before)
      if (gone.length > 0) save(grown, gone)
      const isLast = rows.length < SLICE_ROWS || isTooYoung(rows, before)
      return { removed: gone.length, next: isLast ? null : nextAfter(rows, gone.length, open) }
    })
}

function join(rows: readonly Numbered[], before: Instant) {
  const grown = new Map<number, Row>()
  const gone: number[] = []
  let open: Row | undefined
  for (const row of rows) {
    // What a wrong clock dated too late stands between its neighbours all the same.
    if (row.kind === 'step' || row.at >= before) {
      open = undefined
      continue
    }
    const next: Row = { number: row.number, run: toRun(row) }
    const run: RoundRun | undefined = open && joined(open.run, next.run)
    if (open === undefined || run === undefined) {
      open = next
      continue
    }
    open = { number: open.number, run }
    grown.set(open.number, open)
    gone.push(row.number)
  }
  return { grown: [...grown.values()], gone, open }
}

/** The last run of a slice may go on in the next one, which begins with it; unless this one did and nothing came of it. */
function nextAfter(rows: readonly Numbered[], joinedRows: number, open: Row | undefined): number | null {
  const stoodStill = open?.number === rows[0]?.number && joinedRows === 0
  if (open === undefined || stoodStill) return rows.at(-1)?.number ?? null
  return open.number - 1
}
