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
 * Imports the configured inventory file, if there is one, unless this process imported the very same before: no setting
 * changes what a file says, so it could only undo what people have changed since. Rejects when it cannot be read.
 */
export function createInventoryFile(deps: InventoryFileDeps): (config: Config) => Promise<void> {
  let imported = ''
  return async ({ fleet }) => {
    if (fleet.terminals === '') return
    const read = await readInventoryFile(fleet.terminals)
    if (read.digest === imported) deps.log.info('inventory file has not changed', { file: read.file })
    else {
      // One that fails half-way may have changed something.
      imported = ''
      if (await importOnce(deps, read)) imported = read.digest
    }
  }
}

type InventoryFile = { readonly file: string; readonly bytes: Uint8Array; readonly digest: string }

async function readInventoryFile(file: string): Promise<InventoryFile> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new Error(`fleet.terminals: ${file} cannot be read`, { cause })
  })
  return { file, bytes, digest: createHash('sha256').update(bytes).digest('hex') }
}

/**
 * False: it has bad rows. A file that is the same as at the last start does not bring back terminals that were replaced
 * since.
 */
async function importOnce(
  { desk, settings, log }: InventoryFileDeps,
  { file, bytes, digest }: InventoryFile,
): Promise<boolean> {
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
    return false
  }
  if (!isKnown) await settings.set(IMPORTED_KEY, digest)
  log.info('inventory imported', { file, created, updated, merged, replaced: replaced.length })
  return true
}
