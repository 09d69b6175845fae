import type { DatabaseSync } from 'node:sqlite'
import type { Totals } from '../../core/outage/uptime.ts'
import type { UptimeStore } from '../../ports.ts'
import { rowOf, rowsOf, transaction, whole } from './database.ts'
import type { Sync } from './operations.ts'

/** Totals as they are stored: up, down, edge, unknown, maintenance. */
type Cells = readonly [up: number, down: number, edge: number, unknown: number, maintenance: number]

type ExtentRow = { readonly first_round_at: number | null; readonly last_hour_at: number | null }

/** Folded hours, and from when to when there is something to fold. */
export function createUptimeTable(db: DatabaseSync): Sync<UptimeStore> {
  const select = db.prepare('SELECT at, totals FROM uptime_hours WHERE at >= ? AND at < ? ORDER BY at')
  const insert = db.prepare('INSERT INTO uptime_hours (at, totals) VALUES (?, ?) ON CONFLICT (at) DO NOTHING')
  const forget = db.prepare('DELETE FROM uptime_hours WHERE at >= ?')
  // Without the hint the planner may look at every round of all the years for the earliest.
  const selectExtent = db.prepare(
    `SELECT (SELECT at FROM trace INDEXED BY trace_by_time WHERE kind = 'round' ORDER BY at LIMIT 1)
       AS first_round_at, (SELECT max(at) FROM uptime_hours) AS last_hour_at`,
  )
  return {
    hours: (from, to) =>
      rowsOf<{ at: number; totals: string }>(select, from, to).map((row) => ({
        at: row.at,
        totals: toTotals(JSON.parse(row.totals) as Record<string, Cells>),
      })),
    saveHours: (hours) =>
      transaction(db, () => {
        for (const { at, totals } of hours) insert.run(whole(at), JSON.stringify(toCells(totals)))
      }),
    forget: (from) => {
      forget.run(from)
    },
    extent: () => {
      const row = rowOf<ExtentRow>(selectExtent)
      return { firstRoundAt: row?.first_round_at ?? null, lastHourAt: row?.last_hour_at ?? null }
    },
  }
}

function toCells(totals: Readonly<Record<string, Totals>>): Record<string, Cells> {
  const pairs = Object.entries(totals).map(([key, { up, down, edge, unknown, maintenance }]) => {
    const cells: Cells = [whole(up), whole(down), whole(edge), whole(unknown), whole(maintenance)]
    return [key, cells] as const
  })
  return Object.fromEntries(pairs)
}

function toTotals(cells: Readonly<Record<string, Cells>>): Record<string, Totals> {
  const pairs = Object.entries(cells).map(([key, [up, down, edge, unknown, maintenance]]) => {
    return [key, { up, down, edge, unknown, maintenance }] as const
  })
  return Object.fromEntries(pairs)
}
