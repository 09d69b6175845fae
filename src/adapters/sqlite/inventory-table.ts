import type { DatabaseSync } from 'node:sqlite'
import type { Intake, InventoryRow, LearntName, Lifecycle, TreeField } from '../../core/fleet/inventory.ts'
import { rowOf, whole } from './database.ts'

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
] as const

/** Large enough that a page costs nothing beside its rows, small enough to parse between two other tasks. */
const PAGE_ROWS = 5000

export type InventoryTable = {
  /** A terminal replaces the one that has the same row. */
  save(terminals: readonly InventoryRow[]): void
  /**
   * All terminals by row, in pages for `parsePage`. A million rows cross from the worker thread as text in a third
   * of the time that they take as objects.
   */
  load(): string[]
}

export function createInventoryTable(db: DatabaseSync): InventoryTable {
  const upsert = db.prepare(
    `INSERT INTO terminals (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})
     ON CONFLICT (row) DO UPDATE SET ${COLUMNS.slice(1)
       .map((column) => `${column} = excluded.${column}`)
       .join(', ')}`,
  )
  const selectPage = db.prepare(
    `SELECT json_group_array(json_array(${COLUMNS.join(', ')}) ORDER BY row) AS page, max(row) AS last
     FROM (SELECT * FROM terminals WHERE row > ? ORDER BY row LIMIT ${PAGE_ROWS})`,
  )
  return {
    save: (terminals) => {
      for (const terminal of terminals) upsert.run(...toColumns(terminal))
    },
    load: () => {
      const pages: string[] = []
      for (let last = -1; ; ) {
        const found = rowOf<{ page: string; last: number | null }>(selectPage, last)
        if (!found || found.last === null) return pages
        pages.push(found.page)
        last = found.last
      }
    },
  }
}

/** The terminals of a page. */
export function parsePage(page: string): InventoryRow[] {
  return (JSON.parse(page) as Columns[]).map(toInventoryRow)
}

type Columns = readonly [
  row: number,
  id: string,
  name: string,
  client: string,
  dealer: string,
  group: string,
  operator: string,
  region: string,
  model: string,
  firmware: string,
  imei: string,
  sim: string,
  profile: string,
  uuid: string,
  lifecycle: Lifecycle,
  discovered: number,
  firstSeenAt: number,
  maintenanceFrom: number | null,
  maintenanceTo: number | null,
  maintenanceReason: string | null,
  aliases: string,
  fromTree: string,
  intake: Intake,
  mergedInto: string,
  learnt: string,
]

function toColumns(terminal: InventoryRow): Columns {
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
  ]
}

function toInventoryRow(columns: Columns): InventoryRow {
  const [
    row,
    id,
    name,
    client,
    dealer,
    group,
    operator,
    region,
    model,
    firmware,
    imei,
    sim,
    profile,
    ...rest
  ] = columns
  const [uuid, lifecycle, discovered, firstSeenAt, from, to, reason, ...names] = rest
  const [aliases, fromTree, intake, mergedInto, learnt] = names
  return {
    row,
    id,
    name,
    client,
    dealer,
    group,
    operator,
    region,
    model,
    firmware,
    imei,
    sim,
    profile,
    uuid,
    aliases: listOf<string>(aliases),
    learnt: listOf<LearntName>(learnt),
    lifecycle,
    intake,
    fromTree: listOf<TreeField>(fromTree),
    mergedInto,
    discovered: discovered === 1,
    firstSeenAt,
    maintenance: from === null || to === null ? null : { from, to, reason: reason ?? '' },
  }
}

/** Most terminals have none: a million parsed texts would take seconds at start. */
function listOf<Item>(json: string): readonly Item[] {
  return json === '[]' ? NONE : (JSON.parse(json) as Item[])
}

const NONE: readonly never[] = []
