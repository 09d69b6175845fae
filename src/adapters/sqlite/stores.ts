import { setImmediate as nextTask } from 'node:timers/promises'
import type { InventoryRow } from '../../core/fleet/inventory.ts'
import type {
  AuditTrail,
  FleetFlush,
  FleetStore,
  Log,
  OutageStore,
  Outbox,
  PlannedWorkStore,
  RecipientStore,
  SettingsStore,
  Stores,
  UptimeStore,
} from '../../ports.ts'
import type { DatabaseOptions } from './database.ts'
import { parsePage } from './inventory-table.ts'
import type { FlushPart } from './operations.ts'
import { createTroubleWatch, type TroubleWatch } from './trouble-watch.ts'
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
    plannedWork: createPlannedWorkStore(client, watch),
    uptime: createUptimeStore(client, watch),
    outbox: createOutbox(client, watch),
    recipients: createRecipientStore(client, watch),
    audit: createAuditTrail(client, watch),
    settings: createSettingsStore(client, watch),
    troubles: watch.troubles,
    close: client.close,
  }
}

function createFleetStore({ call }: WorkerClient, { reads, writes }: TroubleWatch): FleetStore {
  return {
    load: async () => {
      const { pages, ...fleet } = await reads(call('fleet', 'load', []))
      return { terminals: await parsePages(pages), ...fleet }
    },
    flush: (flush) => writes(inParts(flush, call)),
    checkpoint: (chunks) => writes(call('fleet', 'checkpoint', [chunks])),
    history: (terminalId, from, to, limit) => reads(call('fleet', 'history', [terminalId, from, to, limit])),
  }
}

/** Rows that cross to the worker thread in one message: more would hold up everything else while they are copied. */
const PART_ROWS = 1000

/** A long flush crosses in parts and is still one transaction. */
async function inParts(flush: FleetFlush, call: WorkerClient['call']): Promise<void> {
  const { terminals, transitions, mergers } = flush
  if (terminals.length + transitions.length + mergers.length <= PART_ROWS) {
    return call('fleet', 'flush', [flush])
  }
  let first = true
  const stage = async (part: FlushPart): Promise<void> => {
    await call('fleet', 'stage', [part, first])
    first = false
  }
  for (const part of partsOf(terminals)) await stage({ terminals: part })
  for (const part of partsOf(transitions)) await stage({ transitions: part })
  for (const part of partsOf(mergers)) await stage({ mergers: part })
  return call('fleet', 'flush', [{ ...flush, terminals: [], transitions: [], mergers: [] }])
}

function* partsOf<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let from = 0; from < rows.length; from += PART_ROWS) yield rows.slice(from, from + PART_ROWS)
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
  }
}

function createPlannedWorkStore({ call }: WorkerClient, { reads, writes }: TroubleWatch): PlannedWorkStore {
  return {
    load: () => reads(call('plannedWork', 'load', [])),
    commit: (change) => writes(call('plannedWork', 'commit', [change])),
  }
}

function createUptimeStore({ call }: WorkerClient, { reads, writes }: TroubleWatch): UptimeStore {
  return {
    hours: (from, to) => reads(call('uptime', 'hours', [from, to])),
    saveHours: (hours) => writes(call('uptime', 'saveHours', [hours])),
    forget: (from) => writes(call('uptime', 'forget', [from])),
    extent: () => reads(call('uptime', 'extent', [])),
  }
}

function createRecipientStore({ call }: WorkerClient, { reads, writes }: TroubleWatch): RecipientStore {
  return {
    load: () => reads(call('recipients', 'load', [])),
    commit: (change) => writes(call('recipients', 'commit', [change])),
  }
}

function createAuditTrail({ call }: WorkerClient, { reads, writes }: TroubleWatch): AuditTrail {
  return {
    add: (entries) => writes(call('audit', 'add', [entries])),
    list: (query) => reads(call('audit', 'list', [query])),
  }
}

function createOutbox({ call }: WorkerClient, { reads, writes }: TroubleWatch): Outbox {
  return {
    add: (letters) => writes(call('outbox', 'add', [letters])),
    claim: (now, limit, only) =>
      writes(call('outbox', 'claim', only === undefined ? [now, limit] : [now, limit, only])),
    hasten: (now, byMs) => writes(call('outbox', 'hasten', [now, byMs])),
    settle: (id, outcome) => writes(call('outbox', 'settle', [id, outcome])),
    recover: (now) => writes(call('outbox', 'recover', [now])),
    list: (query) => reads(call('outbox', 'list', [query])),
    get: (id) => reads(call('outbox', 'get', [id])),
    lastAcceptedAt: (otherThan) => reads(call('outbox', 'lastAcceptedAt', [otherThan])),
    requeue: (id, now, audit) => writes(call('outbox', 'requeue', [id, now, audit])),
  }
}

function createSettingsStore({ call }: WorkerClient, { reads, writes }: TroubleWatch): SettingsStore {
  return {
    get: (key) => reads(call('settings', 'get', [key])),
    set: (key, value) => writes(call('settings', 'set', [key, value])),
  }
}
