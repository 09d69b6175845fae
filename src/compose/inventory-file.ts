import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Config } from '../config/schema.ts'
import type { Log, SettingsStore } from '../ports.ts'
import type { FleetDesk } from '../workers/fleet-desk.ts'

export type InventoryFileDeps = {
  readonly desk: Pick<FleetDesk, 'importCsv'>
  readonly settings: SettingsStore
  readonly log: Log
}

/** Bad rows named in one log line. */
const ROWS_NAMED = 20
/** Warnings told of one file. */
const WARNINGS_TOLD = 20
/** Under it the digest of the file that was imported last. */
const IMPORTED_KEY = 'inventory:imported'

/**
 * Imports the configured inventory file, if there is one. Rejects when it cannot be read. A file that is the same as
 * at the last start does not bring back terminals that were replaced since.
 */
export async function importInventory(deps: InventoryFileDeps, { fleet }: Config): Promise<void> {
  if (fleet.terminals === '') return
  const { desk, settings, log } = deps
  const file = fleet.terminals
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new Error(`fleet.terminals: ${file} cannot be read`, { cause })
  })
  const digest = createHash('sha256').update(bytes).digest('hex')
  const isKnown = (await settings.get(IMPORTED_KEY)) === digest
  const { created, updated, merged, replaced, rejected, rejectedTotal, warnings } = await desk.importCsv(
    bytes,
    {
      replacements: isKnown ? 'left-out' : 'followed',
    },
  )
  for (const warning of warnings.slice(0, WARNINGS_TOLD)) log.warn('inventory file', { file, warning })
  if (warnings.length > WARNINGS_TOLD) {
    log.warn('inventory file: further warnings', { file, count: warnings.length - WARNINGS_TOLD })
  }
  if (rejectedTotal > 0) {
    log.error('inventory file has bad rows; nothing of it was imported', {
      file,
      badRows: rejectedTotal,
      rejected: rejected.slice(0, ROWS_NAMED),
    })
    return
  }
  if (!isKnown) await settings.set(IMPORTED_KEY, digest)
  log.info('inventory imported', { file, created, updated, merged, replaced: replaced.length })
}
