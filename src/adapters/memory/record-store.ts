import type { TerminalNote } from '../../core/fleet/note.ts'
import { isInScope } from '../../core/fleet/scope.ts'
import type { NoteStore, RecordStore } from '../../ports.ts'
import type { AuditTable } from './audit-trail.ts'

/** Records that end with the process. `audit`: the table that other stores share with it. */
export function createMemoryRecordStore<Kept extends { readonly id: string }>(
  audit: AuditTable,
): RecordStore<Kept> {
  const records = new Map<string, Kept>()
  return {
    load: async () => [...records.values()],
    commit: async (change) => {
      for (const id of change.remove) records.delete(id)
      for (const record of change.save) records.set(record.id, record)
      audit.push(...change.audit)
    },
  }
}

/** Notes that end with the process. */
export function createMemoryNoteStore(audit: AuditTable, kept: TerminalNote[]): NoteStore {
  return {
    add: async (notes, entries) => {
      kept.push(...notes)
      audit.push(...entries)
    },
    of: async (terminalId, scope, limit, since = 0, until = Infinity) =>
      kept
        .filter((note) => note.terminalId === terminalId && isInScope(scope, note))
        .filter(({ at }) => at >= since && at < until)
        .toReversed()
        .slice(0, limit),
  }
}
