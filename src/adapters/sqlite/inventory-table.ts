import type { DatabaseSync } from 'node:sqlite'
import type { InventoryRow } from '../../core/fleet/inventory.ts'
import { PAGE_ROWS } from '../../core/fleet/packed-page.ts'
import type { ThresholdSettings } from '../../core/freshness/threshold-settings.ts'
import { rowOf, whole } from './database.ts'
import { createRowParser, type StoredTerminal } from './inventory-page.ts'

const COLUMNS = [
  'row',
  'id',
  'name',
  'client',
  'dealer',
  'group_path',
  'operator',
  'region',
  'model',
  'firmware',
  'imei',
  'sim',
  'profile',
  'uuid',
  'lifecycle',
  'discovered',
  'first_seen_at',
  'maintenance_from',
  'maintenance_to',
  'maintenance_reason',
  'aliases',
  'from_tree',
  'intake',
  'merged_into',
  'learnt',
  'thresholds',
  'acknowledged',
  'handed_over',
  'former_units',
] as const

export type InventoryTable = {
  /** A terminal replaces the one that has the same row. */
  save(terminals: readonly InventoryRow[]): void
  /** Rows up to the last terminal. */
  length(): number
  /** The terminals of a page by row. */
  rows(page: number): InventoryRow[]
}

export function createInventoryTable(db: DatabaseSync): InventoryTable {
  const upsert = db.prepare(
    `INSERT INTO terminals (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})
     ON CONFLICT (row) DO UPDATE SET ${COLUMNS.slice(1)
       .map((column) => `${column} = excluded.${column}`)
       .join(', ')}`,
  )
  const selectPage = db.prepare(
    `SELECT CAST(json_array(${COLUMNS.map((column) => `json_group_array(${column})`).join(', ')}) AS BLOB) AS json
     FROM (SELECT * FROM terminals WHERE row >= ? AND row < ? ORDER BY row)`,
  )
  const selectLast = db.prepare('SELECT max(row) AS last FROM terminals')
  const parse = createRowParser()
  return {
    save: (terminals) => {
      for (const terminal of terminals) upsert.run(...toColumns(terminal))
    },
    length: () => (rowOf<{ last: number | null }>(selectLast)?.last ?? -1) + 1,
    rows: (page) => {
      const stored = rowOf<{ json: Uint8Array }>(selectPage, page * PAGE_ROWS, (page + 1) * PAGE_ROWS)
      return stored ? parse(stored.json) : []
    },
  }
}

function toColumns(terminal: InventoryRow): StoredTerminal {
  return [
    terminal.row,
    terminal.id,
    terminal.name,
    terminal.client,
    terminal.dealer,
    terminal.group,
    terminal.operator,
    terminal.region,
    terminal.model,
    terminal.firmware,
    terminal.imei,
    terminal.sim,
    terminal.profile,
    terminal.uuid,
    terminal.lifecycle,
    terminal.discovered ? 1 : 0,
    whole(terminal.firstSeenAt),
    whole(terminal.maintenance?.from ?? null),
    whole(terminal.maintenance?.to ?? null),
    terminal.maintenance?.reason ?? null,
    JSON.stringify(terminal.aliases),
    JSON.stringify(terminal.fromTree),
    terminal.intake,
    terminal.mergedInto,
    JSON.stringify(terminal.learnt),
    thresholdsJson(terminal.thresholds),
    terminal.acknowledged && JSON.stringify(terminal.acknowledged),
    terminal.handedOver && JSON.stringify(terminal.handedOver),
    terminal.formerUnits.length === 0 ? null : JSON.stringify(terminal.formerUnits),
  ]
}

/** JSON knows no infinity (not judged while parked): null stands for it. */
function thresholdsJson(thresholds: ThresholdSettings | null): string | null {
  return thresholds && JSON.stringify(thresholds)
}
