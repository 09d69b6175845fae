import type { LetterChange } from '../../core/letters/letter.ts'
import type { MaintenanceWindow, Outage } from '../../core/outage/outage.ts'
import { type OutageStore, type StoredService, StoreError, type TraceRow } from '../../ports.ts'
import { addLetters, canSupersede, createLetterTable, type LetterTable } from './letter-table.ts'

/** Rounds, windows and outages that end with the process. `letters`: those of the outbox that belongs to it. */
export function createMemoryOutageStore(letters: LetterTable = createLetterTable()): OutageStore {
  const trace: TraceRow[] = []
  const windows = new Map<string, MaintenanceWindow>()
  const outages = new Map<string, Outage>()

  return {
    load: async () => load(windows, outages),
    append: async (row) => {
      trace.push(row)
    },
    trace: async (from, to) => trace.filter((row) => row.at >= from && row.at < to),
    commit: async (change) => {
      if (!canApply(letters, change.letters)) return 'conflict'
      addLetters(letters, change.letters.add)
      for (const id of change.letters.supersede) supersede(letters, id)
      for (const outage of change.outages) {
        if ((outages.get(outage.id)?.state ?? 'open') === 'open') outages.set(outage.id, outage)
      }
      return 'committed'
    },
    outages: async (limit, before) => {
      const all = newestFirst(outages)
      if (before === undefined) return all.slice(0, limit)
      const index = all.findIndex((outage) => outage.id === before)
      return index < 0 ? [] : all.slice(index + 1, index + 1 + limit)
    },
    saveWindow: async (window) => {
      windows.set(window.id, window)
    },
    deleteWindow: async (id) => {
      windows.delete(id)
    },
  }
}

function load(
  windows: ReadonlyMap<string, MaintenanceWindow>,
  outages: ReadonlyMap<string, Outage>,
): StoredService {
  const all = newestFirst(outages)
  const newestClosed = all.find((outage) => outage.state === 'closed')
  return {
    windows: [...windows.values()].sort((a, b) => a.from - b.from || compare(a.id, b.id)),
    outages: all.filter((outage) => outage.state === 'open' || outage === newestClosed),
  }
}

function newestFirst(outages: ReadonlyMap<string, Outage>): Outage[] {
  return [...outages.values()].sort((a, b) => b.start - a.start || compare(b.id, a.id))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Looks before anything is written, because nothing here can be rolled back. */
function canApply(table: LetterTable, change: LetterChange): boolean {
  return change.supersede.every((id) => {
    const row = table.rows.get(id)
    if (row) return row.letter.state === 'superseded' || canSupersede(row.letter)
    if (change.add.some((letter) => letter.id === id)) return true
    throw new StoreError('other', `The letter ${id} is to be superseded, but it does not exist.`)
  })
}

function supersede(table: LetterTable, id: string): void {
  const row = table.rows.get(id)
  if (row) row.letter = { ...row.letter, state: 'superseded', nextAt: null }
}
