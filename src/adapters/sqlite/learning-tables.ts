import type { DatabaseSync } from 'node:sqlite'
import type { IncidentDimension, StoredBaseline } from '../../core/freshness/mass/incident.ts'
import type { StoredGaps } from '../../ports.ts'
import { type PackedRows, packRows } from './packed-rows.ts'

/** A group of terminals in the order of StoredBaseline. */
export type BaselineKey = readonly [dimension: IncidentDimension, group: string]

/** What is usual in groups of terminals, by dimension and group. */
export function createBaselineTable(db: DatabaseSync) {
  const upsert = db.prepare(
    `INSERT INTO baselines (dimension, group_name, bytes) VALUES (?, ?, ?)
     ON CONFLICT (dimension, group_name) DO UPDATE SET bytes = excluded.bytes`,
  )
  const select = db.prepare(
    'SELECT dimension, group_name AS name, bytes FROM baselines ORDER BY dimension, group_name',
  )
  return {
    save: (baselines: readonly StoredBaseline[]) => {
      for (const { dimension, group, bytes } of baselines) upsert.run(dimension, group, bytes)
    },
    load: (): PackedRows<BaselineKey>[] => packRows(baselinesOf(select.iterate())),
  }
}

/** Histograms of gaps by row; a row without bytes is deleted. */
export function createGapTable(db: DatabaseSync) {
  const upsert = db.prepare(
    'INSERT INTO gaps (row, bytes) VALUES (?, ?) ON CONFLICT (row) DO UPDATE SET bytes = excluded.bytes',
  )
  const forget = db.prepare('DELETE FROM gaps WHERE row = ?')
  const select = db.prepare('SELECT row, bytes FROM gaps ORDER BY row')
  return {
    save: (gaps: readonly StoredGaps[]) => {
      for (const { row, bytes } of gaps) {
        if (bytes.length > 0) upsert.run(row, bytes)
        else forget.run(row)
      }
    },
    load: (): PackedRows<number>[] => packRows(gapsOf(select.iterate())),
  }
}

function* baselinesOf(rows: Iterable<unknown>): Generator<readonly [BaselineKey, Uint8Array]> {
  for (const found of rows) {
    const { dimension, name, bytes } = found as {
      readonly dimension: IncidentDimension
      readonly name: string
      readonly bytes: Uint8Array
    }
    yield [[dimension, name], bytes]
  }
}

function* gapsOf(rows: Iterable<unknown>): Generator<readonly [number, Uint8Array]> {
  for (const found of rows) {
    const { row, bytes } = found as StoredGaps
    yield [row, bytes]
  }
}
