import type { DatabaseSync } from 'node:sqlite'
import type { TerminalNote } from '../../core/fleet/note.ts'
import { isInScope } from '../../core/fleet/scope.ts'
import type { NoteStore } from '../../ports.ts'
import type { AuditTable } from './audit-table.ts'
import { transaction, whole } from './database.ts'
import type { Sync } from './operations.ts'

type NoteRow = {
  readonly terminal_id: string
  readonly client: string
  readonly client_group: string
  readonly at: number
  readonly by_name: string
  readonly kind: TerminalNote['kind']
  readonly text: string
}

/** What people wrote to terminals. */
export function createNoteTable(db: DatabaseSync, audit: AuditTable): Sync<NoteStore> {
  const insert = db.prepare(
    'INSERT INTO notes (terminal_id, client, client_group, at, by_name, kind, text) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const select = db.prepare(
    'SELECT terminal_id, client, client_group, at, by_name, kind, text FROM notes WHERE terminal_id = ? AND at >= ? AND at < ? ORDER BY number DESC',
  )
  return {
    add: (notes, entries) =>
      transaction(db, () => {
        for (const { terminalId, client, group, at, by, kind, text } of notes)
          insert.run(terminalId, client, group, whole(at), by, kind, text)
        audit.write(entries)
      }),
    of: (terminalId, scope, limit, since = 0, until = Infinity) => [
      ...select
        .iterate(terminalId, since, until)
        .map((row) => noteFrom(row as NoteRow))
        .filter((note) => isInScope(scope, note))
        .take(limit),
    ],
  }
}

function noteFrom(row: NoteRow): TerminalNote {
  return {
    terminalId: row.terminal_id,
    client: row.client,
    group: row.client_group,
    at: row.at,
    by: row.by_name,
    kind: row.kind,
    text: row.text,
  }
}
