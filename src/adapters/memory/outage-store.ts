import type { Outage } from '../../core/outage/outage.ts'
import type { OutageStore, TraceRow } from '../../ports.ts'
import type { AuditTable } from './audit-trail.ts'
import { applyLetters, canApply, createLetterTable, type LetterTable } from './letter-table.ts'

type Tables = { readonly letters: LetterTable; readonly audit: AuditTable; readonly trace: TraceRow[] }

/** Rounds and outages that end with the process. `tables`: those that other stores share with it. */
export function createMemoryOutageStore(tables: Partial<Tables> = {}): OutageStore {
  const { letters = createLetterTable(), audit = [], trace = [] } = tables
  const outages = new Map<string, Outage>()

  return {
    load: async () => {
      const all = newestFirst(outages)
      const newestEnded = all.find(({ end }) => end !== null)
      return all.filter((outage) => outage.end === null || outage === newestEnded)
    },
    append: async (row) => {
      trace.push(row)
    },
    trace: async (from, to) => trace.filter((row) => row.at >= from && row.at < to),
    commit: async (change) => {
      if (!canApply(letters, change.letters)) return 'conflict'
      applyLetters(letters, change.letters)
      for (const outage of change.outages) {
        if ((outages.get(outage.id)?.end ?? null) === null) outages.set(outage.id, outage)
      }
      audit.push(...change.audit)
      return 'committed'
    },
    outages: async (limit, before) => {
      const all = newestFirst(outages)
      if (before === undefined) return all.slice(0, limit)
      const index = all.findIndex((outage) => outage.id === before)
      return index < 0 ? [] : all.slice(index + 1, index + 1 + limit)
    },
  }
}

function newestFirst(outages: ReadonlyMap<string, Outage>): Outage[] {
  return [...outages.values()].sort((a, b) => b.start - a.start || (a.id < b.id ? 1 : -1))
}
