import type { DatabaseSync } from 'node:sqlite'
import type { ComponentReading, Round, Verdict } from '../../core/outage/verdict.ts'
import { LONGEST_RUN_MS, type RoundRun, roundsOf } from '../../core/retention/round-run.ts'
import type { Instant } from '../../core/time.ts'
import type { TraceRow } from '../../ports.ts'
import { rowsOf, whole } from './database.ts'

export type RoundColumns = {
  readonly kind: 'round'
  readonly at: number
  readonly completed_at: number
  readonly interval_ms: number
  readonly timeout_ms: number
  readonly verdict: Verdict
  readonly reason: string | null
  /** A list in JSON. */
  readonly components: string
  /** Of a row that stands for several rounds. */
  readonly until_at: number | null
  readonly rounds: number | null
}

export type TraceColumns =
  | RoundColumns
  | { readonly kind: 'step'; readonly at: number; readonly delta_ms: number }

/** What `TraceColumns` are read by. */
export const TRACE_COLUMNS =
  'kind, at, completed_at, interval_ms, timeout_ms, verdict, reason, components, until_at, rounds, delta_ms'

/** Probe rounds and clock steps. */
export function createTraceTable(db: DatabaseSync) {
  const insertRound = db.prepare(
    `INSERT INTO trace (kind, at, completed_at, interval_ms, timeout_ms, verdict, reason, components)
     VALUES ('round', ?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertStep = db.prepare("INSERT INTO trace (kind, at, delta_ms) VALUES ('step', ?, ?)")
  // Without the hint the planner may walk all the years in order of their numbers instead of sorting one month.
  const select = db.prepare(
    `SELECT ${TRACE_COLUMNS} FROM trace INDEXED BY trace_by_time WHERE at >= ? AND at < ? ORDER BY number`,
  )

  function append(row: TraceRow): void {
    switch (row.kind) {
      case 'step':
        insertStep.run(whole(row.at), whole(row.deltaMs))
        return
      case 'round':
        insertRound.run(
          whole(row.at),
          whole(row.completedAt),
          whole(row.intervalMs),
          whole(row.timeoutMs),
          row.verdict,
          row.reason ?? null,
          JSON.stringify(row.components),
        )
    }
  }

  return {
    append,
    between: (from: Instant, to: Instant): TraceRow[] =>
      rowsOf<TraceColumns>(select, from - LONGEST_RUN_MS, to)
        .flatMap(toTraceRows)
        .filter(({ at }) => at >= from && at < to),
  }
}

export function toRun(row: RoundColumns): RoundRun {
  return { kind: 'run', first: toRound(row), until: row.until_at ?? row.at, rounds: row.rounds ?? 1 }
}

function toTraceRows(row: TraceColumns): readonly TraceRow[] {
  if (row.kind === 'step') return [{ kind: 'step', at: row.at, deltaMs: row.delta_ms }]
  return row.rounds === null ? [toRound(row)] : roundsOf(toRun(row))
}

function toRound(row: RoundColumns): Round {
  return {
    kind: 'round',
    at: row.at,
    completedAt: row.completed_at,
    intervalMs: row.interval_ms,
    timeoutMs: row.timeout_ms,
    verdict: row.verdict,
    ...(row.reason === null ? {} : { reason: row.reason }),
    components: JSON.parse(row.components) as ComponentReading[],
  }
}
