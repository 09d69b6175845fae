import { setImmediate as nextTask } from 'node:timers/promises'
import type {
  AuditTrail,
  Checkpoint,
  FlagStore,
  FleetFlush,
  FleetStore,
  Log,
  NoteStore,
  OutageStore,
  Outbox,
  PlannedWorkStore,
  RecipientStore,
  RecordStore,
  RetentionStore,
  SettingsStore,
  StoredFleet,
  Stores,
  UptimeStore,
} from '../../ports.ts'
import type { DatabaseOptions } from './database.ts'
import { type ReadAhead, readAhead, readFleet, readStored } from './fleet-reader.ts'
import { createInventoryPacking, PACKED_AT_ONCE_MS } from './inventory-packing.ts'
import type { FlushPart, LongList } from './operations.ts'
import { unpackRows } from './packed-rows.ts'
import { createTroubleWatch, type TroubleWatch } from './trouble-watch.ts'
import { type StoreHeap, startWorker, type WorkerClient } from './worker-client.ts'

export type SqliteStores = Stores & {
  /** What keeps the stores from doing their work now, in texts that say what to do; empty: nothing. */
  troubles(): readonly string[]
  /** Calls that wait for the database now. */
  callsWaiting(): number
  /** What the heap of the database thread takes; undefined when it has ended. */
  heap(): Promise<StoreHeap | undefined>
  /** Ends after the calls that were made before it; calls after it, and a fleet that is being read, fail with `closed`. */
  close(): Promise<void>
}

/**
 * Opens the database, creates or upgrades it, and gives its stores. Rejects with a StoreError: `corrupt` (damaged or
 * no database; the file stays as it is), `locked`, `full`, or `other` (no rights, another program's or a newer one's).
 * `ahead`: the fleet will be loaded before anything is written, and is read ahead as far as it goes.
 */
export async function openSqliteStores(
  options: DatabaseOptions & { readonly log?: Log; readonly ahead?: boolean },
): Promise<SqliteStores> {
  const { log, ahead = false, ...database } = options
  const client = startWorker(database)
  const fleet = ahead ? readAhead(client.call) : undefined
  await client.opened
  const watch = createTroubleWatch()
  client.died.then((error) => {
    watch.failedForGood(error)
    log?.error('The store has failed for good', { reason: error.message })
  })
  return {
    fleet: createFleetStore(client, watch, log, fleet),
    flags: createFlagStore(client, watch),
    outages: createOutageStore(client, watch),
    plannedWork: createPlannedWorkStore(client, watch),
    uptime: createUptimeStore(client, watch),
    outbox: createOutbox(client, watch),
    recipients: createRecipientStore(client, watch),
    accounts: createRecordStore(watch, {
      load: () => client.call('accounts', 'load', []),
      commit: (change) => client.call('accounts', 'commit', [change]),
    }),
    contacts: createRecordStore(watch, {
      load: () => client.call('contacts', 'load', []),
      commit: (change) => client.call('contacts', 'commit', [change]),
    }),
    firmware: createRecordStore(watch, {
      load: () => client.call('firmware', 'load', []),
      commit: (change) => client.call('firmware', 'commit', [change]),
    }),
    templates: createRecordStore(watch, {
      load: () => client.call('templates', 'load', []),
      commit: (change) => client.call('templates', 'commit', [change]),
    }),
    requests: createRecordStore(watch, {
      load: () => client.call('requests', 'load', []),
      commit: (change) => client.call('requests', 'commit', [change]),
    }),
    notes: createNoteStore(client, watch),
    audit: createAuditTrail(client, watch),
    settings: createSettingsStore(client, watch),
    retention: createRetentionStore(client, watch),
    troubles: watch.troubles,
    callsWaiting: client.waiting,
    heap: client.heap,
    close: client.close,
  }
}

function createFleetStore(
  { call }: WorkerClient,
  { reads, writes }: TroubleWatch,
  log: Log | undefined,
  first: ReadAhead | undefined,
): FleetStore {
  let ahead = first
  const packing = createInventoryPacking(() => call('fleet', 'packInventory', [PACKED_AT_ONCE_MS]))
  return {
    load: async (taker) => {
      const read = taker ? readFleet(taker, call, log, ahead ?? readAhead(call)) : readStored(call, log)
      ahead = undefined
      const { baselines, gaps, ...fleet } = await reads(read)
      return {
        ...HANDED_OVER,
        ...fleet,
        baselines: await inTurns(baselines, (page) =>
          unpackRows(page).map(([[dimension, group], bytes]) => ({ dimension, group, bytes })),
        ),
        gaps: await inTurns(gaps, (page) => unpackRows(page).map(([row, bytes]) => ({ row, bytes }))),
      }
    },
    flush: (flush) =>
      writes(inParts(flush, call, (rest) => call('fleet', 'flush', [rest], buffersOf(rest.journal)))),
    journalEnd: () => reads(call('fleet', 'journalEnd', [])),
    checkpoint: (part) =>
      writes(checkpoint(part, call)).finally(() => {
        if (part.forget !== 'none') packing.start()
      }),
    history: (terminalId, from, to, limit) => reads(call('fleet', 'history', [terminalId, from, to, limit])),
  }
}

const HANDED_OVER = { terminals: [], chunks: [], journal: [] } as const satisfies Partial<StoredFleet>

function createFlagStore({ call }: WorkerClient, { reads }: TroubleWatch): FlagStore {
  return {
    changes: (after, limit) => reads(call('flags', 'changes', [after, limit])),
    newest: () => reads(call('flags', 'newest', [])),
    incidents: (limit, before) =>
      reads(call('flags', 'incidents', before === undefined ? [limit] : [limit, before])),
    incidentsSince: (after, limit) => reads(call('flags', 'incidentsSince', [after, limit])),
    incident: (id) => reads(call('flags', 'incident', [id])),
  }
}

/** Rows that cross to the worker thread in one message: copying them takes a millisecond, and holds up everything else. */
const PART_ROWS = 250

const NOTHING_LONG = {
  terminals: [],
  transitions: [],
  mergers: [],
  baselines: [],
  gaps: [],
} as const satisfies Pick<FleetFlush, LongList>

/** A long flush crosses in parts and is still one transaction: what is left of it goes with the last call. */
async function inParts(
  flush: FleetFlush,
  call: WorkerClient['call'],
  last: (rest: FleetFlush) => Promise<void>,
): Promise<void> {
  const lists = Object.keys(NOTHING_LONG) as LongList[]
  const rows = lists.reduce((sum, list) => sum + flush[list].length, 0)
  if (rows <= PART_ROWS) return last(flush)
  let first = true
  for (const list of lists) {
    for (const part of partsOf<FleetFlush[LongList][number]>(flush[list])) {
      await call('fleet', 'stage', [{ [list]: part } as FlushPart, first])
      first = false
    }
  }
  return last({ ...flush, ...NOTHING_LONG })
}

async function checkpoint(part: Checkpoint, call: WorkerClient['call']): Promise<void> {
  const arrays = part.chunks.map(({ bytes }) => bytes)
  if (part.flush === undefined) return call('fleet', 'checkpoint', [part], buffersOf(arrays))
  return inParts(part.flush, call, (flush) =>
    call('fleet', 'checkpoint', [{ ...part, flush }], buffersOf([...arrays, ...flush.journal])),
  )
}

/** Those that hold nothing else: to copy many large ones would hold up everything else. */
function buffersOf(arrays: readonly Uint8Array[]): ArrayBuffer[] {
  return arrays.flatMap(({ buffer, byteLength }) =>
    buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [],
  )
}

function* partsOf<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let from = 0; from < rows.length; from += PART_ROWS) yield rows.slice(from, from + PART_ROWS)
}

/** The rows of all pages; lets other tasks run between the pages. */
async function inTurns<Page, Row>(
  pages: readonly Page[],
  rowsOf: (page: Page) => readonly Row[],
): Promise<Row[]> {
  const rows: Row[] = []
  for (const page of pages) {
    for (const row of rowsOf(page)) rows.push(row)
    await nextTask()
  }
  return rows
}

function createOutageStore({ call }: WorkerClient, { reads, writes }: TroubleWatch): OutageStore {
  return {
    load: () => reads(call('outages', 'load', [])),
    append: (row) => writes(call('outages', 'append', [row])),
    trace: (from, to) => reads(call('outages', 'trace', [from, to])),
    commit: (change) => writes(call('outages', 'commit', [change])),
    outages: (limit, before) =>
      reads(call('outages', 'outages', before === undefined ? [limit] : [limit, before])),
    outageCount: () => reads(call('outages', 'outageCount', [])),
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

function createRecordStore<Kept extends { readonly id: string }>(
  { reads, writes }: TroubleWatch,
  calls: RecordStore<Kept>,
): RecordStore<Kept> {
  return { load: () => reads(calls.load()), commit: (change) => writes(calls.commit(change)) }
}

function createNoteStore({ call }: WorkerClient, { reads, writes }: TroubleWatch): NoteStore {
  return {
    add: (notes, audit) => writes(call('notes', 'add', [notes, audit])),
    of: (terminalId, scope, limit, since, until) =>
      reads(call('notes', 'of', [terminalId, scope, limit, since, until])),
  }
}

function createAuditTrail({ call }: WorkerClient, { reads, writes }: TroubleWatch): AuditTrail {
  return {
    add: (entries) => writes(call('audit', 'add', [entries])),
    count: (subject) => reads(call('audit', 'count', [subject])),
    list: (query) => reads(call('audit', 'list', [query])),
  }
}

function createOutbox({ call }: WorkerClient, { reads, writes }: TroubleWatch): Outbox {
  return {
    add: (letters) => writes(call('outbox', 'add', [letters])),
    claim: (now, limit, only, which) => writes(call('outbox', 'claim', [now, limit, only, which])),
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

function createRetentionStore({ call }: WorkerClient, { reads, writes }: TroubleWatch): RetentionStore {
  return {
    join: (before, after) => writes(call('retention', 'join', [before, after])),
    remove: (what, before, after) => writes(call('retention', 'remove', [what, before, after])),
    removeAudit: (before, after, entry) => writes(call('retention', 'removeAudit', [before, after, entry])),
    lived: (before) => reads(call('retention', 'lived', [before])),
    space: () => reads(call('retention', 'space', [])),
    shrink: () => writes(call('retention', 'shrink', [])),
  }
}
