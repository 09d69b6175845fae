import { setImmediate as nextTask } from 'node:timers/promises'
import type { InventoryRow } from '../../core/fleet/inventory.ts'
import type { FleetStore, Log, OutageStore, Outbox, SettingsStore, Stores } from '../../ports.ts'
import { StoreError } from '../../ports.ts'
import type { DatabaseOptions } from './database.ts'
import { parsePage } from './inventory-table.ts'
import { startWorker, type WorkerClient } from './worker-client.ts'

export type SqliteStores = Stores & {
  /** What keeps the stores from doing their work now, in texts that say what to do; empty: nothing. */
  troubles(): readonly string[]
  /** Ends after the calls that were made before it; calls after it fail with `closed`. */
  close(): Promise<void>
}

/**
 * Opens the database, creates or upgrades it, and gives its stores. Rejects with a StoreError: `corrupt` (damaged or
 * no database; the file stays as it is), `locked`, `full`, or `other` (no rights, another program's or a newer one's).
 */
export async function openSqliteStores(
  options: DatabaseOptions & { readonly log?: Log },
): Promise<SqliteStores> {
  const { log, ...database } = options
  const client = await startWorker(database)
  const watch = createTroubleWatch()
  client.died.then((error) => {
    watch.failedForGood(error)
    log?.error('The store has failed for good', { reason: error.message })
  })
  return {
    fleet: createFleetStore(client, watch),
    outages: createOutageStore(client, watch),
    outbox: createOutbox(client, watch),
    settings: createSettingsStore(client, watch),
    troubles: watch.troubles,
    close: client.close,
  }
}

type TroubleWatch = ReturnType<typeof createTroubleWatch>

/** A failed call is a trouble until one that writes succeeds; damage stays one until the restart. */
function createTroubleWatch() {
  let lasting: string | undefined
  let passing: string | undefined

  function note(error: unknown): void {
    if (!(error instanceof StoreError) || error.kind === 'closed') return
    if (error.kind === 'corrupt') lasting ??= error.message
    else passing = error.message
  }

  return {
    troubles: (): readonly string[] => [...new Set([lasting, passing])].filter((text) => text !== undefined),
    failedForGood(error: StoreError): void {
      lasting = error.message
    },
    async reads<Result>(call: Promise<Result>): Promise<Result> {
      try {
        return await call
      } catch (error) {
        note(error)
        throw error
      }
    },
    async writes<Result>(call: Promise<Result>): Promise<Result> {
      try {
        const result = await call
        passing = undefined
        return result
      } catch (error) {
        note(error)
        throw error
      }
    },
  }
}

function createFleetStore({ call }: WorkerClient, { reads, writes }: TroubleWatch): FleetStore {
  return {
    load: async () => {
      const { pages, ...fleet } = await reads(call('fleet', 'load', []))
      return { terminals: await parsePages(pages), ...fleet }
    },
    flush: (flush) => writes(call('fleet', 'flush', [flush])),
    checkpoint: (chunks) => writes(call('fleet', 'checkpoint', [chunks])),
    history: (terminalId, from, to, limit) => reads(call('fleet', 'history', [terminalId, from, to, limit])),
  }
}

/** Lets other tasks run between the pages. */
async function parsePages(pages: readonly string[]): Promise<InventoryRow[]> {
  const terminals: InventoryRow[] = []
  for (const page of pages) {
    for (const terminal of parsePage(page)) terminals.push(terminal)
    await nextTask()
  }
  return terminals
}

function createOutageStore({ call }: WorkerClient, { reads, writes }: TroubleWatch): OutageStore {
  return {
    load: () => reads(call('outages', 'load', [])),
    append: (row) => writes(call('outages', 'append', [row])),
    trace: (from, to) => reads(call('outages', 'trace', [from, to])),
    commit: (change) => writes(call('outages', 'commit', [change])),
    outages: (limit, before) =>
      reads(call('outages', 'outages', before === undefined ? [limit] : [limit, before])),
    saveWindow: (window) => writes(call('outages', 'saveWindow', [window])),
    deleteWindow: (id) => writes(call('outages', 'deleteWindow', [id])),
  }
}

function createOutbox({ call }: WorkerClient, { reads, writes }: TroubleWatch): Outbox {
  return {
    add: (letters) => writes(call('outbox', 'add', [letters])),
    claim: (now, limit) => writes(call('outbox', 'claim', [now, limit])),
    settle: (id, outcome) => writes(call('outbox', 'settle', [id, outcome])),
    recover: (now) => writes(call('outbox', 'recover', [now])),
    list: (query) => reads(call('outbox', 'list', [query])),
    get: (id) => reads(call('outbox', 'get', [id])),
    lastAcceptedAt: (otherThan) => reads(call('outbox', 'lastAcceptedAt', [otherThan])),
  }
}

function createSettingsStore({ call }: WorkerClient, { reads, writes }: TroubleWatch): SettingsStore {
  return {
    get: (key) => reads(call('settings', 'get', [key])),
    set: (key, value) => writes(call('settings', 'set', [key, value])),
  }
}
