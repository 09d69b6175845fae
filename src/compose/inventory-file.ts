import { readFile } from 'node:fs/promises'
import type { Config } from '../config/schema.ts'
import type { Log } from '../ports.ts'
import type { FleetDesk } from '../workers/fleet-desk.ts'

/** Bad rows named in one log line. */
const ROWS_NAMED = 20

/** Imports the configured inventory file, if there is one. Rejects when it cannot be read. */
export async function importInventory(desk: FleetDesk, { fleet }: Config, log: Log): Promise<void> {
  if (fleet.terminals === '') return
  const file = fleet.terminals
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new Error(`fleet.terminals: ${file} cannot be read`, { cause })
  })
  const { created, updated, rejected, warnings } = await desk.importCsv(bytes)
  for (const warning of warnings) log.warn('inventory file', { file, warning })
  if (rejected.length === 0) log.info('inventory imported', { file, created, updated })
  else {
    log.error('inventory file has bad rows; nothing of it was imported', {
      file,
      badRows: rejected.length,
      rejected: rejected.slice(0, ROWS_NAMED),
    })
  }
}
