import type { DatabaseSync } from 'node:sqlite'
import type { FlagStore } from '../../ports.ts'
import { createIncidentTable } from './incident-table.ts'
import type { Sync } from './operations.ts'
import { createFlagChanges } from './transition-table.ts'

/** What the digests, and the pages of incidents, read of the past. */
export function createFlagTables(db: DatabaseSync): Sync<FlagStore> {
  const { incidents, incidentsSince, incident } = createIncidentTable(db)
  return { ...createFlagChanges(db), incidents, incidentsSince, incident }
}
