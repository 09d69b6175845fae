import { join } from 'node:path'
import { openSqliteStores } from '../adapters/sqlite/stores.ts'
import { createSystemClock } from '../adapters/system/clock.ts'
import { DataFolderOwned, isDataFolderOwned, ownDataFolder } from '../adapters/system/data-owner.ts'
import { handOver } from '../adapters/system/hand-over.ts'
import { HANDED_LIMIT_BYTES, inboxFolder } from '../adapters/system/inbox.ts'
import { createLog, logFormat } from '../adapters/system/log.ts'
import type { Config } from '../config/schema.ts'
import { createFleet, type Fleet } from '../core/fleet/fleet.ts'
import type { ImportProgress } from '../core/fleet/inventory.ts'
import { encodeChunk, encodeRows } from '../core/fleet/register-codec.ts'
import { restoreFleet } from '../core/fleet/restore.ts'
import { takeDirty } from '../core/fleet/terminal-table.ts'
import type { Instant } from '../core/time.ts'
import type { FleetStore, HandedAnswer } from '../ports.ts'
import { createFleetDesk } from '../workers/fleet-desk.ts'
import { freshnessSettings } from './settings.ts'

/** Larger inventory files are refused. */
export const INVENTORY_LIMIT_BYTES = HANDED_LIMIT_BYTES

export type ImportCall = {
  readonly bytes: Uint8Array
  readonly env: Readonly<Record<string, string | undefined>>
  readonly err: (text: string) => void
  readonly told: (progress: ImportProgress) => void
}

/**
 * Imports an inventory file into the data folder of the configuration: by the service that runs on it, else by itself,
 * and then no service starts meanwhile. Rejects when the folder cannot be used or nothing can be stored.
 */
export async function importTerminals(config: Config, call: ImportCall): Promise<HandedAnswer> {
  const { data } = config
  let owner: ReturnType<typeof ownDataFolder>
  try {
    owner = ownDataFolder(data)
  } catch (error) {
    if (!(error instanceof DataFolderOwned)) throw error
    const { bytes, told } = call
    return handOver({ folder: inboxFolder(data), bytes, told, isOwned: () => isDataFolderOwned(data) })
  }
  try {
    return await importAlone(config, call)
  } finally {
    owner.release()
  }
}

async function importAlone(config: Config, { bytes, env, err, told }: ImportCall): Promise<HandedAnswer> {
  const log = createLog({ format: logFormat(env), write: err })
  const clock = createSystemClock({
    onError: (error) => log.error('a task failed', { error: String(error) }),
  })
  const stores = await openSqliteStores({ path: join(config.data, 'watch.sqlite'), log })
  try {
    const fleet = createFleet(freshnessSettings(config), config.freshness.resumeGrace)
    const stored = await stores.fleet.load()
    restoreFleet(fleet, stored)
    // Nobody has listened meanwhile: a later heartbeat would make the time since the last one count as observed.
    const at = stored.heartbeatAt ?? clock.now()
    const save = async (before: () => Promise<void> = async () => {}): Promise<void> => {
      await before()
      await storeFleet(stores.fleet, fleet, at)
    }
    const desk = createFleetDesk({ clock, fleet, store: stores.fleet, log: { ...log, info: () => {} }, save })
    return { kind: 'done', report: await desk.importCsv(bytes, { told }) }
  } finally {
    await stores.close()
  }
}

/** Stores what was changed, in one transaction; then the readings of merged terminals, which only chunks hold. */
async function storeFleet(store: FleetStore, fleet: Fleet, at: Instant): Promise<void> {
  const rows = takeDirty(fleet.table)
  await store.flush({
    at,
    journal: rows.length > 0 ? encodeRows(fleet.table, rows) : new Uint8Array(),
    terminals: [...fleet.changedInventory].flatMap((row) => fleet.inventory[row] ?? []),
    transitions: [],
    blind: [],
    counters: [],
    mergers: fleet.mergers,
  })
  const numbers = [...fleet.table.dirtyChunks]
  await store.checkpoint(numbers.map((number) => ({ number, bytes: encodeChunk(fleet.table, number) })))
}
