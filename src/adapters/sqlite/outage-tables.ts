import type { DatabaseSync } from 'node:sqlite'
import type { Bulletins, Handling } from '../../core/outage/handling.ts'
import type { Outage } from '../../core/outage/outage.ts'
import type { OutageStore } from '../../ports.ts'
import type { AuditTable } from './audit-table.ts'
import { rowOf, rowsOf, transaction, whole } from './database.ts'
import type { LetterTables } from './letter-tables.ts'
import type { Sync } from './operations.ts'
import { createTraceTable } from './trace-table.ts'

/** Rounds and outages in their tables. */
export function createOutageTables(
  db: DatabaseSync,
  letters: LetterTables,
  audit: AuditTable,
): Sync<OutageStore> {
  const trace = createTraceTable(db)
  const outages = createOutageTable(db)
  return {
    load: outages.current,
    append: trace.append,
    trace: trace.between,
    commit: (change) => {
      try {
        return transaction(db, () => {
          letters.add(change.letters.add)
          if (!letters.supersede(change.letters.supersede)) throw new Conflict()
          for (const outage of change.outages) outages.save(outage)
          audit.write(change.audit)
          return 'committed'
        })
      } catch (error) {
        if (error instanceof Conflict) return 'conflict'
        throw error
      }
    },
    outages: outages.page,
    outageCount: outages.count,
  }
}

/** Leaves the transaction, so that it is rolled back. */
class Conflict extends Error {}

const OUTAGE_COLUMNS = `id, state, start_at, not_before, end_at, down_ms, possible_ms, latest_fail_at, letter_due_at,
  operator_alarm_at, warned_at, intermittent, failed, handling, bulletins`

type OutageRow = {
  readonly id: string
  readonly state: Outage['state']
  readonly start_at: number
  readonly not_before: number | null
  readonly end_at: number | null
  readonly down_ms: number
  readonly possible_ms: number
  readonly latest_fail_at: number
  readonly letter_due_at: number | null
  readonly operator_alarm_at: number | null
  readonly warned_at: number | null
  readonly intermittent: number
  /** A list in JSON. */
  readonly failed: string
  /** Objects in JSON. */
  readonly handling: string
  readonly bulletins: string
}

function createOutageTable(db: DatabaseSync) {
  const selectCurrent = db.prepare(
    `SELECT ${OUTAGE_COLUMNS} FROM outages INDEXED BY outages_not_ended WHERE end_at IS NULL
     UNION ALL
     SELECT * FROM (
       SELECT ${OUTAGE_COLUMNS} FROM outages INDEXED BY outages_by_start WHERE end_at IS NOT NULL
       ORDER BY start_at DESC, id DESC LIMIT 1)
     ORDER BY start_at DESC, id DESC`,
  )
  const selectStart = db.prepare('SELECT start_at FROM outages WHERE id = ?')
  const selectNewest = db.prepare(
    `SELECT ${OUTAGE_COLUMNS} FROM outages ORDER BY start_at DESC, id DESC LIMIT ?`,
  )
  const selectBefore = db.prepare(
    `SELECT ${OUTAGE_COLUMNS} FROM outages WHERE (start_at, id) < (?, ?) ORDER BY start_at DESC, id DESC LIMIT ?`,
  )
  const count = db.prepare('SELECT count(*) AS n FROM outages')
  // An outage that has ended is never changed again (spec/outage-clock.md 3).
  const upsert = db.prepare(
    `INSERT INTO outages (${OUTAGE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, start_at = excluded.start_at,
       not_before = excluded.not_before, end_at = excluded.end_at, down_ms = excluded.down_ms,
       possible_ms = excluded.possible_ms, latest_fail_at = excluded.latest_fail_at,
       letter_due_at = excluded.letter_due_at, operator_alarm_at = excluded.operator_alarm_at,
       warned_at = excluded.warned_at, intermittent = excluded.intermittent, failed = excluded.failed,
       handling = excluded.handling, bulletins = excluded.bulletins
     WHERE outages.end_at IS NULL`,
  )
  return {
    current: (): Outage[] => rowsOf<OutageRow>(selectCurrent).map(toOutage),
    save: (outage: Outage): void => {
      upsert.run(...toColumns(outage))
    },
    page: (limit: number, before?: string): Outage[] => {
      if (before === undefined) return rowsOf<OutageRow>(selectNewest, limit).map(toOutage)
      const cursor = rowOf<{ start_at: number }>(selectStart, before)
      return cursor ? rowsOf<OutageRow>(selectBefore, cursor.start_at, before, limit).map(toOutage) : []
    },
    count: (): number => rowOf<{ n: number }>(count)?.n ?? 0,
  }
}

function toColumns(outage: Outage): (string | number | null)[] {
  return [
    outage.id,
    outage.state,
    whole(outage.start),
    whole(outage.notBefore),
    whole(outage.end),
    whole(outage.downMs),
    whole(outage.possibleMs),
    whole(outage.latestFailAt),
    whole(outage.letterDueAt),
    whole(outage.operatorAlarmAt),
    whole(outage.warnedAt),
    outage.intermittent ? 1 : 0,
    JSON.stringify(outage.failed),
    JSON.stringify(outage.handling),
    JSON.stringify(outage.bulletins),
  ]
}

function toOutage(row: OutageRow): Outage {
  return {
    id: row.id,
    state: row.state,
    start: row.start_at,
    notBefore: row.not_before,
    end: row.end_at,
    downMs: row.down_ms,
    possibleMs: row.possible_ms,
    latestFailAt: row.latest_fail_at,
    letterDueAt: row.letter_due_at,
    operatorAlarmAt: row.operator_alarm_at,
    warnedAt: row.warned_at,
    intermittent: row.intermittent === 1,
    failed: JSON.parse(row.failed) as string[],
    handling: JSON.parse(row.handling) as Handling,
    bulletins: JSON.parse(row.bulletins) as Bulletins,
  }
}
