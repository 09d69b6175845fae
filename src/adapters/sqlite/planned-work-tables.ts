import type { DatabaseSync } from 'node:sqlite'
import type { MaintenanceRule, MaintenanceWindow } from '../../core/outage/outage.ts'
import { type PlannedWorkStore, StoreError } from '../../ports.ts'
import type { AuditTable } from './audit-table.ts'
import { rowsOf, transaction, whole } from './database.ts'
import type { LetterTables } from './letter-tables.ts'
import type { Sync } from './operations.ts'

/** Maintenance windows and their rules in their tables. */
export function createPlannedWorkTables(
  db: DatabaseSync,
  letters: LetterTables,
  audit: AuditTable,
): Sync<PlannedWorkStore> {
  const windows = createWindowTable(db)
  const rules = createRuleTable(db)
  return {
    load: () => ({ windows: windows.load(), rules: rules.load() }),
    commit: (change) =>
      transaction(db, () => {
        letters.add(change.letters.add)
        if (!letters.supersede(change.letters.supersede)) throw claimedError()
        for (const id of change.deleteWindows) windows.remove(id)
        for (const id of change.deleteRules) rules.remove(id)
        for (const window of change.save.windows) windows.save(window)
        for (const rule of change.save.rules) rules.save(rule)
        audit.write(change.audit)
      }),
  }
}

function claimedError(): StoreError {
  return new StoreError(
    'other',
    'A letter to be superseded has meanwhile been claimed; nothing was stored, plan anew.',
  )
}

type WindowRow = {
  readonly id: string
  readonly from_at: number
  readonly to_at: number
  readonly reason: string
  readonly announced: number | null
  readonly rule: string | null
}

function createWindowTable(db: DatabaseSync) {
  const select = db.prepare(
    'SELECT id, from_at, to_at, reason, announced, rule FROM maintenance_windows ORDER BY from_at, id',
  )
  const upsert = db.prepare(
    `INSERT INTO maintenance_windows (id, from_at, to_at, reason, announced, rule) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET from_at = excluded.from_at, to_at = excluded.to_at, reason = excluded.reason,
       announced = excluded.announced, rule = excluded.rule`,
  )
  const remove = db.prepare('DELETE FROM maintenance_windows WHERE id = ?')
  return {
    load: (): MaintenanceWindow[] => rowsOf<WindowRow>(select).map(toWindow),
    save: ({ id, from, to, reason, announced, rule }: MaintenanceWindow): void => {
      const flag = announced === undefined ? null : Number(announced)
      upsert.run(id, whole(from), whole(to), reason, flag, rule ?? null)
    },
    remove: (id: string): void => {
      remove.run(id)
    },
  }
}

function toWindow(row: WindowRow): MaintenanceWindow {
  return {
    id: row.id,
    from: row.from_at,
    to: row.to_at,
    reason: row.reason,
    ...(row.announced === null ? {} : { announced: row.announced === 1 }),
    ...(row.rule === null ? {} : { rule: row.rule }),
  }
}

type RuleRow = {
  readonly id: string
  readonly cron: string
  readonly duration_ms: number
  readonly reason: string
  readonly announce: number
}

function createRuleTable(db: DatabaseSync) {
  const select = db.prepare(
    'SELECT id, cron, duration_ms, reason, announce FROM maintenance_rules ORDER BY number',
  )
  const upsert = db.prepare(
    `INSERT INTO maintenance_rules (id, cron, duration_ms, reason, announce) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET cron = excluded.cron, duration_ms = excluded.duration_ms,
       reason = excluded.reason, announce = excluded.announce`,
  )
  const remove = db.prepare('DELETE FROM maintenance_rules WHERE id = ?')
  return {
    load: (): MaintenanceRule[] =>
      rowsOf<RuleRow>(select).map(({ id, cron, duration_ms, reason, announce }) => ({
        id,
        cron,
        durationMs: duration_ms,
        reason,
        announce: announce === 1,
      })),
    save: ({ id, cron, durationMs, reason, announce }: MaintenanceRule): void => {
      upsert.run(id, cron, whole(durationMs), reason, announce ? 1 : 0)
    },
    remove: (id: string): void => {
      remove.run(id)
    },
  }
}
