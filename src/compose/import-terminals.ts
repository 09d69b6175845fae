import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openSqliteStores } from '../adapters/sqlite/stores.ts'
import { createSystemClock } from '../adapters/system/clock.ts'
import { DataFolderOwned, holderOf, isDataFolderOwned, ownDataFolder } from '../adapters/system/data-owner.ts'
import { handOver } from '../adapters/system/hand-over.ts'
import { HANDED_LIMIT_BYTES, inboxFolder } from '../adapters/system/inbox.ts'
import { createLog, logFormat } from '../adapters/system/log.ts'
import type { Config } from '../config/schema.ts'
import { createFleet, type Fleet } from '../core/fleet/fleet.ts'
import type { ImportProgress } from '../core/fleet/inventory.ts'
import { encodeChunk, encodeRows } from '../core/fleet/register-codec.ts'
import { createRestoring } from '../core/fleet/restore.ts'
import { takeDirty } from '../core/fleet/terminal-table.ts'
import { encodeGaps, takeForgottenGaps } from '../core/freshness/gaps.ts'
import { type Instant, SECOND } from '../core/time.ts'
import {
  type AuditTrail,
  type Clock,
  type FleetStore,
  type HandedAnswer,
  type Log,
  ServiceStopping,
} from '../ports.ts'
import { createFleetDesk } from '../workers/fleet-desk.ts'
import { COMMAND } from '../workers/inbox-desk.ts'
import { freshnessSettings } from './settings.ts'

/** Larger inventory files are refused. */
export const INVENTORY_LIMIT_BYTES = HANDED_LIMIT_BYTES

export type ImportCall = {
  readonly bytes: Uint8Array
  readonly env: Readonly<Record<string, string | undefined>>
  readonly err: (text: string) => void
  readonly told: (progress: ImportProgress) => void
  /** Aborted: what is not being taken over yet is given up. */
  readonly until: AbortSignal
}

const LOOK_EVERY_MS = SECOND / 2

/**
 * Imports an inventory file into the data folder of the configuration: by the service that runs on it, else by itself,
 * and then no service starts meanwhile; another command that does so is waited for. Rejects when the folder cannot be
 * used or nothing can be stored.
 */
export async function importTerminals(config: Config, call: ImportCall): Promise<HandedAnswer> {
  const { data } = config
  const { bytes, env, err, told, until } = call
  const log = createLog({ format: logFormat(env), write: err })
  const clock = createSystemClock({
    onError: (error) => log.error('a task failed', { error: String(error) }),
  })
  for (let looks = 0; !until.aborted; looks += 1) {
    const owner = ownIfFree(data)
    if (owner) {
      try {
        return await importAlone(config, { clock, log }, call)
      } finally {
        owner.release()
      }
    }
    if (holderOf(data) === 'service') {
      const isOwned = () => isDataFolderOwned(data)
      return handOver({ folder: inboxFolder(data), bytes, clock, told, until, isOwned })
    }
    if (looks === 0) err('Another import is working on the data folder; waiting for its end.\n')
    await delay(LOOK_EVERY_MS)
  }
  return INTERRUPTED
}

const INTERRUPTED: HandedAnswer = { kind: 'failed', reason: 'Interrupted; nothing was imported.' }

/** Undefined: somebody else owns it. */
function ownIfFree(data: string): ReturnType<typeof ownDataFolder> | undefined {
  try {
    return ownDataFolder(data, 'command')
  } catch (error) {
    if (error instanceof DataFolderOwned) return undefined
    throw error
  }
}

async function importAlone(
  config: Config,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  { bytes, told, until }: ImportCall,
): Promise<HandedAnswer> {
  const stores = await openSqliteStores({ path: join(config.data, 'watch.sqlite'), log })
  try {
    const fleet = createFleet(freshnessSettings(config), config.freshness.resumeGrace)
    const restoring = createRestoring(fleet)
    const stored = await stores.fleet.load(restoring)
    restoring.end(stored).forEach(() => {})
    // Nobody has listened meanwhile: a later heartbeat would make the time since the last one count as observed.
    const at = stored.heartbeatAt ?? clock.now()
    let isStored = false
    const save = async (before: () => Promise<void> = async () => {}): Promise<void> => {
      await before()
      await storeFleet(stores.fleet, fleet, at)
      isStored = true
    }
    // What was not stored is gone with this process: no entry may tell of it.
    const audit: Pick<AuditTrail, 'add'> = {
      add: async (entries) => (isStored ? stores.audit.add(entries) : undefined),
    }
    const store = stores.fleet
    const desk = createFleetDesk({ clock, fleet, store, audit, log: { ...log, info: () => {} }, save })
    until.addEventListener('abort', desk.end, { once: true })
    if (until.aborted) desk.end()
    return { kind: 'done', report: await desk.importCsv(bytes, { actor: COMMAND, told }) }
  } catch (error) {
    if (error instanceof ServiceStopping) return INTERRUPTED
    throw error
  } finally {
    await stores.close()
  }
}

/** Stores what was changed, in one transaction; then the readings of merged terminals, which only chunks hold. */
async function storeFleet(store: FleetStore, fleet: Fleet, at: Instant): Promise<void> {
  const rows = takeDirty(fleet.table)
  await store.flush({
    at,
    journal: rows.length > 0 ? [encodeRows(fleet.table, rows)] : [],
    terminals: [...fleet.changedInventory].flatMap((row) => fleet.inventory.at(row) ?? []),
    transitions: [],
    blind: [],
    counters: [],
    incidents: [],
    baselines: [],
    gaps: encodeGaps(fleet.gaps, takeForgottenGaps(fleet.gaps)),
    mergers: fleet.mergers,
  })
  const numbers = [...fleet.table.dirtyChunks]
  const chunks = numbers.map((number) => ({ number, bytes: encodeChunk(fleet.table, number) }))
  await store.checkpoint({ chunks })
}
