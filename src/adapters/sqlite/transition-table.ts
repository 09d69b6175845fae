import type { DatabaseSync } from 'node:sqlite'
import type { Merger } from '../../core/fleet/inventory.ts'
import type { CauseCode } from '../../core/freshness/diagnosis/codes.ts'
import { type FlapColumns, packFlaps } from '../../core/freshness/flaps.ts'
import type { State, Transition } from '../../core/freshness/state.ts'
import { DAY, type Instant } from '../../core/time.ts'
import type { FlagChange } from '../../ports.ts'
import { rowOf, rowsOf, whole } from './database.ts'

type TransitionRow = {
  readonly number: number
  readonly terminal_id: string
  readonly at: number
  readonly from_state: State | null
  readonly to_state: State
  readonly contact_at: number | null
  readonly source: string
  readonly alert_id: string | null
  readonly note: 'unstable-link' | null
  readonly cause: CauseCode | null
  readonly incident: string | null
}

const VALUES = 'terminal_id, at, from_state, to_state, contact_at, source, alert_id, note, cause, incident'

const COLUMNS = `number, ${VALUES}`

/** Changes of state of all terminals, in the order in which they were stored. */
export function createTransitionTable(db: DatabaseSync) {
  // The same alert seen again after a crash is one row.
  const insert = db.prepare(
    `INSERT INTO transitions (${VALUES}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (terminal_id, at, alert_id) WHERE alert_id IS NOT NULL DO NOTHING`,
  )
  const select = db.prepare(
    `SELECT ${COLUMNS} FROM transitions
     WHERE terminal_id = ? AND at >= ? AND at < ? ORDER BY at DESC, number DESC LIMIT ?`,
  )
  // What both had at one moment is one row.
  const move = db.prepare('UPDATE OR REPLACE transitions SET terminal_id = ? WHERE terminal_id = ?')
  const selectFlaps = db.prepare(
    `SELECT terminal_id, at, note IS NOT NULL FROM transitions
     WHERE (from_state IN ('stale', 'lost')) <> (to_state IN ('stale', 'lost')) AND at > ? AND at <= ?
       AND incident IS NULL ORDER BY at, number`,
  )
  selectFlaps.setReturnArrays(true)
  return {
    append: (transitions: readonly Transition[]) => {
      for (const transition of transitions) insert.run(...toColumns(transition))
    },
    move: ({ from, into }: Merger) => move.run(into, from),
    history: (terminalId: string, from: Instant, to: Instant, limit: number) =>
      rowsOf<TransitionRow>(select, terminalId, from, to, limit).map(toTransition),
    flaps: (heartbeatAt: Instant | null): FlapColumns => {
      // Later ones are of a clock that was ahead.
      const end = heartbeatAt ?? 0
      const rows = rowsOf<[string, number, number]>(selectFlaps, whole(end - DAY), whole(end))
      return packFlaps(rows.map(([terminalId, at, isNoted]) => [terminalId, at, isNoted === 1]))
    },
  }
}

/** The transitions that people may have to know, as the digests read them. */
export function createFlagChanges(db: DatabaseSync) {
  // The planner would rather walk along the whole table, which is in the same order.
  const selectFlags = db.prepare(
    `SELECT ${COLUMNS} FROM transitions INDEXED BY transitions_flags
     WHERE (alert_id IS NOT NULL OR note IS NOT NULL
       OR (from_state IN ('stale', 'lost') AND to_state NOT IN ('stale', 'lost')))
       AND number > ? ORDER BY number LIMIT ?`,
  )
  const selectNewest = db.prepare('SELECT max(number) AS number FROM transitions')
  return {
    changes: (after: number, limit: number): FlagChange[] =>
      rowsOf<TransitionRow>(selectFlags, after, limit).map((row) => ({
        number: row.number,
        ...toTransition(row),
      })),
    newest: (): number => rowOf<{ number: number | null }>(selectNewest)?.number ?? 0,
  }
}

function toColumns(transition: Transition): (string | number | null)[] {
  const { terminalId, at, from, to, contactAt, source, alertId, note, cause, incident } = transition
  return [
    terminalId,
    whole(at),
    from,
    to,
    whole(contactAt),
    source,
    alertId ?? null,
    note ?? null,
    cause ?? null,
    incident ?? null,
  ]
}

function toTransition(row: TransitionRow): Transition {
  return {
    terminalId: row.terminal_id,
    at: row.at,
    from: row.from_state,
    to: row.to_state,
    contactAt: row.contact_at,
    source: row.source,
    ...(row.alert_id === null ? {} : { alertId: row.alert_id }),
    ...(row.note === null ? {} : { note: row.note }),
    ...(row.cause === null ? {} : { cause: row.cause }),
    ...(row.incident === null ? {} : { incident: row.incident }),
  }
}
