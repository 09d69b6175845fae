import type { DatabaseSync } from 'node:sqlite'
import type { Actor, AuditEntry, AuditValue } from '../../core/audit.ts'
import type { AuditQuery, AuditTrail } from '../../ports.ts'
import { rowOf, rowsOf, transaction, whole } from './database.ts'
import type { Sync } from './operations.ts'

type AuditRow = {
  readonly number: number
  readonly at: number
  readonly actor_name: string
  readonly actor_via: Actor['via']
  readonly actor_address: string
  readonly action: string
  readonly subject: string
  /** Objects in JSON. */
  readonly value_before: string | null
  readonly value_after: string | null
}

/** `write` opens no transaction: the stores call it within that of the action. */
export type AuditTable = {
  write(entries: readonly AuditEntry[]): void
  readonly trail: Sync<AuditTrail>
}

/** The audit trail; triggers of its table refuse every change of a row. */
export function createAuditTable(db: DatabaseSync): AuditTable {
  const insert = db.prepare(
    `INSERT INTO audit (at, actor_name, actor_via, actor_address, action, subject, value_before, value_after)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const select = db.prepare('SELECT * FROM audit WHERE number < ? ORDER BY number DESC LIMIT ?')
  const selectOfSubject = db.prepare(
    'SELECT * FROM audit WHERE subject = ? AND number < ? ORDER BY number DESC LIMIT ?',
  )

  const count = db.prepare('SELECT count(*) AS n FROM audit')
  const countOfSubject = db.prepare('SELECT count(*) AS n FROM audit WHERE subject = ?')

  function write(entries: readonly AuditEntry[]): void {
    for (const { at, actor, action, subject, before, after } of entries) {
      const { name, via, address } = actor
      insert.run(whole(at), name, via, address, action, subject, toJson(before), toJson(after))
    }
  }

  function list({ subject, before = Number.MAX_SAFE_INTEGER, limit }: AuditQuery) {
    const rows =
      subject === undefined
        ? rowsOf<AuditRow>(select, before, limit)
        : rowsOf<AuditRow>(selectOfSubject, subject, before, limit)
    return rows.map(toEntry)
  }

  return {
    write,
    trail: {
      add: (entries) => transaction(db, () => write(entries)),
      count: (subject) =>
        (subject === undefined ? rowOf<{ n: number }>(count) : rowOf<{ n: number }>(countOfSubject, subject))
          ?.n ?? 0,
      list,
    },
  }
}

function toJson(value: AuditValue | null): string | null {
  return value === null ? null : JSON.stringify(value)
}

function toEntry(row: AuditRow): AuditEntry & { readonly number: number } {
  return {
    number: row.number,
    at: row.at,
    actor: { name: row.actor_name, via: row.actor_via, address: row.actor_address },
    action: row.action,
    subject: row.subject,
    before: fromJson(row.value_before),
    after: fromJson(row.value_after),
  }
}

function fromJson(text: string | null): AuditValue | null {
  return text === null ? null : (JSON.parse(text) as AuditValue)
}
