import type { Outage } from '../../core/outage/outage.ts'
import type { ClockStep } from '../../core/outage/verdict.ts'
import { type RoundRun, roundsOf, runOf } from '../../core/retention/round-run.ts'
import type { OutageStore, TraceRow } from '../../ports.ts'
import type { AuditTable } from './audit-trail.ts'
import { applyLetters, canApply, createLetterTable, type LetterTable } from './letter-table.ts'

/** Rounds and steps in the order in which they were appended; rounds that say the same may have been joined. */
export type TraceTable = (RoundRun | ClockStep)[]

export type OutageTable = Map<string, Outage>

type Tables = {
  readonly letters: LetterTable
  readonly audit: AuditTable
  readonly trace: TraceTable
  readonly outages: OutageTable
}

/** Rounds and outages that end with the process. `tables`: those that other stores share with it. */
export function createMemoryOutageStore(tables: Partial<Tables> = {}): OutageStore {
  const { letters = createLetterTable(), audit = [], trace = [], outages = new Map() } = tables

  return {
    load: async () => {
      const all = newestFirst(outages)
      const newestEnded = all.find(({ end }) => end !== null)
      return all.filter((outage) => outage.end === null || outage === newestEnded)
    },
    append: async (row) => {
      trace.push(row.kind === 'round' ? runOf(row) : row)
    },
    trace: async (from, to) =>
      trace
        .flatMap((row): readonly TraceRow[] => (row.kind === 'run' ? roundsOf(row) : [row]))
        .filter((row) => row.at >= from && row.at < to),
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
    outageCount: async () => outages.size,
  }
}

/** Outages by their beginning, the newest first. */
export function newestFirst(outages: Readonly<OutageTable>): Outage[] {
  return [...outages.values()].sort((a, b) => b.start - a.start || (a.id < b.id ? 1 : -1))
}
