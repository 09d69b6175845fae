import type { TerminalNote } from '../../core/fleet/note.ts'
import type { State, Transition } from '../../core/freshness/state.ts'
import type { Letter } from '../../core/letters/letter.ts'
import type { Removable } from '../../core/retention/cutoffs.ts'
import { matterOf } from '../../core/retention/letter-matter.ts'
import { cutRun, joined } from '../../core/retention/round-run.ts'
import { HOUR, type Instant } from '../../core/time.ts'
import type { RetentionStore } from '../../ports.ts'
import type { AuditTable } from './audit-trail.ts'
import type { FleetTables } from './fleet-store.ts'
import { isFinal, type LetterTable, removeLetter } from './letter-table.ts'
import { newestFirst, type OutageTable, type TraceTable } from './outage-store.ts'
import type { WindowTable } from './planned-work-store.ts'
import type { HourTable } from './uptime-store.ts'

/** What all the other stores keep. */
type Tables = {
  readonly fleet: Pick<FleetTables, 'transitions' | 'newest' | 'incidents'>
  readonly letters: LetterTable
  readonly audit: AuditTable
  readonly trace: TraceTable
  readonly outages: OutageTable
  readonly windows: WindowTable
  readonly hours: HourTable
  readonly notes: TerminalNote[]
}

/** Each walk is one slice. */
export function createMemoryRetentionStore(tables: Tables): RetentionStore {
  return {
    join: async (before) => ({ removed: joinRounds(tables.trace, before), next: null }),
    remove: async (what, before) => ({ removed: remove(tables, what, before), next: null }),
    removeAudit: async (before, _after, entry) => {
      const removed = removeEntries(tables.audit, before)
      if (removed > 0 && entry) tables.audit.push(entry)
      return { removed, next: null }
    },
    lived: async (before) => {
      const changes = [...tables.fleet.transitions.values()].flat()
      const all = [...tables.trace.map(timeOf), ...changes.map(({ at }) => at), ...timesOf(tables.audit)]
      const earlier = all.filter((at) => at < before).sort((a, b) => a - b)
      const byHour = Map.groupBy(earlier, (at) => Math.floor(at / HOUR))
      return [...byHour.values()].map((instants) => instants.at(-1) ?? 0)
    },
    space: async () => ({ bytes: 0, freeBytes: 0 }),
    shrink: async () => 0,
  }
}

function joinRounds(trace: TraceTable, before: Instant): number {
  const rows = trace.splice(0)
  for (const row of rows) {
    const open = trace.at(-1)
    const run =
      open?.kind === 'run' && row.kind === 'run' && open.first.at < before && row.first.at < before
        ? joined(open, row)
        : undefined
    if (run) trace[trace.length - 1] = run
    else trace.push(row)
  }
  return rows.length - trace.length
}

function remove(tables: Tables, what: Exclude<Removable, 'audit'>, before: Instant): number {
  switch (what) {
    case 'rounds':
      return removeRounds(tables.trace, before)
    case 'uptime-hours':
      return drop(tables.hours, ({ at }) => at < before)
    case 'routine-transitions':
      return removeTransitions(tables.fleet, before, isRoutine)
    case 'transitions':
      return removeTransitions(tables.fleet, before, (transition) => !isRoutine(transition))
    case 'incidents':
      return drop(
        tables.fleet.incidents,
        ({ incident: { openedAt, closedAt } }) => openedAt < before && closedAt !== null && closedAt < before,
      )
    case 'letters':
      return removeLetters(tables, before, ({ kind }) => kind !== 'operator' && kind !== 'test')
    case 'operator-letters':
      return removeLetters(tables, before, ({ kind }) => kind === 'operator' || kind === 'test')
    case 'outages':
      return removeOutages(tables, before)
    case 'notes':
      return keepOnly(tables.notes, ({ at }) => at >= before)
  }
}

function removeRounds(trace: TraceTable, before: Instant): number {
  const removed = keepOnly(trace, (row) => timeOf(row) >= before)
  for (const [index, row] of trace.entries()) if (row.kind === 'run') trace[index] = cutRun(row, before)
  return removed
}

function timeOf(row: TraceTable[number]): Instant {
  return row.kind === 'run' ? row.until : row.at
}

function timesOf(audit: AuditTable): readonly Instant[] {
  return audit.flatMap((entry) => (entry ? [entry.at] : []))
}

function removeTransitions(
  { transitions, newest }: Tables['fleet'],
  before: Instant,
  isWanted: (transition: Transition) => boolean,
): number {
  let removed = 0
  for (const rows of transitions.values()) {
    removed += keepOnly(rows, (row) => row.at >= before || row.number === newest || !isWanted(row))
  }
  return removed
}

const HEARD: readonly (State | null)[] = ['fresh', 'sleeping', 'no-fix', 'backlog']

function isRoutine({ from, to, alertId, note }: Transition): boolean {
  return HEARD.includes(from) && HEARD.includes(to) && alertId === undefined && note === undefined
}

function removeLetters(tables: Tables, before: Instant, isWanted: (letter: Letter) => boolean): number {
  const { letters } = tables
  const bySubject = Map.groupBy([...letters.rows.values()], ({ letter }) => letter.subject)
  let removed = 0
  for (const [subject, rows] of bySubject) {
    if (goesOn(tables, matterOf(subject), before)) continue
    if (!rows.every(({ letter }) => isOver(letter, before))) continue
    for (const { letter } of rows.filter((row) => isWanted(row.letter))) {
      removeLetter(letters, letter)
      removed += 1
    }
  }
  return removed
}

/** Whether an outage, planned work or an incident has not ended before an instant. */
function goesOn({ outages, windows, fleet }: Tables, id: string, before: Instant): boolean {
  const incident = fleet.incidents.get(id)?.incident
  const ends = [outages.get(id)?.end, windows.get(id)?.to, incident?.closedAt]
  return ends.some((end) => end === null || (end !== undefined && end >= before))
}

function isOver({ state, dueAt, sentAt }: Letter, before: Instant): boolean {
  return isFinal(state) && dueAt < before && (sentAt ?? dueAt) < before
}

function removeOutages({ outages, letters }: Tables, before: Instant): number {
  const newest = newestFirst(outages).find(({ end }) => end !== null)
  const needed = new Set([...letters.rows.values()].map(({ letter }) => letter.subject))
  return drop(
    outages,
    ({ id, start, end }) =>
      end !== null && end < before && start < before && id !== newest?.id && !needed.has(id),
  )
}

function removeEntries(audit: AuditTable, before: Instant): number {
  let removed = 0
  for (const [index, entry] of audit.entries()) {
    if (entry === null || entry.at >= before) continue
    audit[index] = null
    removed += 1
  }
  return removed
}

function keepOnly<Row>(rows: Row[], isKept: (row: Row) => boolean): number {
  const kept = rows.filter(isKept)
  const removed = rows.length - kept.length
  rows.splice(0, rows.length, ...kept)
  return removed
}

function drop<Key, Row>(rows: Map<Key, Row>, isGone: (row: Row) => boolean): number {
  const before = rows.size
  for (const [key, row] of rows) if (isGone(row)) rows.delete(key)
  return before - rows.size
}
