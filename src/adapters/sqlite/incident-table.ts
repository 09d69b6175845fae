import type { DatabaseSync } from 'node:sqlite'
import type { Incident, StoredIncident } from '../../core/freshness/mass/incident.ts'
import type { FlagStore } from '../../ports.ts'
import { rowOf, rowsOf, whole } from './database.ts'
import type { Sync } from './operations.ts'

type IncidentRow = { readonly incident: string; readonly members: Uint8Array }

type Incidents = Pick<Sync<FlagStore>, 'incidents' | 'incidentsSince' | 'incident'> & {
  save(incidents: readonly StoredIncident[]): void
  /** Those that have not ended, oldest first. */
  open(): StoredIncident[]
}

/** Incidents of mass silence with the rows of their members. */
export function createIncidentTable(db: DatabaseSync): Incidents {
  const upsert = db.prepare(
    `INSERT INTO incidents (id, opened_at, closed_at, incident, members) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET opened_at = excluded.opened_at, closed_at = excluded.closed_at,
       incident = excluded.incident, members = excluded.members`,
  )
  const selectOpen = db.prepare(
    `SELECT incident, members FROM incidents INDEXED BY incidents_open
     WHERE closed_at IS NULL ORDER BY opened_at, id`,
  )
  const selectOne = db.prepare('SELECT incident, members FROM incidents WHERE id = ?')
  const selectOpening = db.prepare('SELECT opened_at FROM incidents WHERE id = ?')
  const selectNewest = db.prepare('SELECT incident FROM incidents ORDER BY opened_at DESC, id DESC LIMIT ?')
  const selectBefore = db.prepare(
    'SELECT incident FROM incidents WHERE (opened_at, id) < (?, ?) ORDER BY opened_at DESC, id DESC LIMIT ?',
  )
  const selectOpenFirst = db.prepare(
    `SELECT incident FROM incidents INDEXED BY incidents_open
     WHERE closed_at IS NULL ORDER BY opened_at DESC, id DESC LIMIT ?`,
  )
  const selectClosed = db.prepare(
    `SELECT incident FROM incidents INDEXED BY incidents_closed
     WHERE closed_at > ? ORDER BY closed_at DESC, id DESC LIMIT ?`,
  )
  return {
    save: (incidents) => {
      for (const { incident, rows } of incidents) {
        const { id, openedAt, closedAt } = incident
        upsert.run(id, whole(openedAt), whole(closedAt), JSON.stringify(incident), toBytes(rows))
      }
    },
    open: () => rowsOf<IncidentRow>(selectOpen).map(toStored),
    incident: (id) => {
      const found = rowOf<IncidentRow>(selectOne, id)
      return found && toStored(found)
    },
    incidents: (limit, before) => {
      if (before === undefined) return rowsOf<IncidentRow>(selectNewest, limit).map(toIncident)
      const cursor = rowOf<{ opened_at: number }>(selectOpening, before)
      return cursor ? rowsOf<IncidentRow>(selectBefore, cursor.opened_at, before, limit).map(toIncident) : []
    },
    incidentsSince: (after, limit) => {
      const open = rowsOf<IncidentRow>(selectOpenFirst, limit)
      return [...open, ...rowsOf<IncidentRow>(selectClosed, after, limit - open.length)].map(toIncident)
    },
  }
}

function toStored(row: IncidentRow): StoredIncident {
  return { incident: toIncident(row), rows: toRows(row.members) }
}

function toIncident({ incident }: Pick<IncidentRow, 'incident'>): Incident {
  return JSON.parse(incident) as Incident
}

function toBytes(rows: Uint32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(rows.length * 4))
  rows.forEach((row, index) => {
    view.setUint32(index * 4, row, true)
  })
  return new Uint8Array(view.buffer)
}

function toRows(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Uint32Array.from({ length: bytes.length / 4 }, (_, index) => view.getUint32(index * 4, true))
}
