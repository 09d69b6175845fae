import type { AuditEntry } from '../../core/audit.ts'
import type { AuditQuery, AuditTrail } from '../../ports.ts'

/** What was done, oldest first, null where it was removed; every store that writes audit entries adds to the same one. */
export type AuditTable = (AuditEntry | null)[]

/** An audit trail that ends with the process. `table`: the one that the other stores add to. */
export function createMemoryAuditTrail(table: AuditTable = []): AuditTrail {
  return {
    add: async (entries) => {
      table.push(...entries)
    },
    count: async (subject) =>
      table.filter((entry) => entry !== null && (subject === undefined || entry.subject === subject)).length,
    list: async (query) => list(table, query),
  }
}

/** An entry's number is its place, from 1. */
function list(
  table: Readonly<AuditTable>,
  { subject, before = table.length + 1, limit }: AuditQuery,
): Awaited<ReturnType<AuditTrail['list']>> {
  return table
    .flatMap((entry, index) => (entry === null ? [] : { number: index + 1, ...entry }))
    .filter((entry) => entry.number < before && (subject === undefined || entry.subject === subject))
    .reverse()
    .slice(0, limit)
}
