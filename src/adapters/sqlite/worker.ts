import type { DatabaseSync } from 'node:sqlite'
import { type MessagePort, parentPort, type Transferable, workerData } from 'node:worker_threads'
import type { TerminalTable } from '../../core/fleet/terminal-table.ts'
import { createAuditTable } from './audit-table.ts'
import { type DatabaseOptions, openDatabase } from './database.ts'
import { createFlagTables } from './flag-tables.ts'
import { createFleetTables } from './fleet-tables.ts'
import { createLetterTables } from './letter-tables.ts'
import { createNoteTable } from './note-table.ts'
import type { LoadedFleet, Operations, Steps } from './operations.ts'
import { createOutageTables } from './outage-tables.ts'
import { createOutboxTables } from './outbox-tables.ts'
import type { StoredPages } from './page-table.ts'
import { createPlannedWorkTables } from './planned-work-tables.ts'
import { createRecipientTable } from './recipient-table.ts'
import { createRecordTable } from './record-table.ts'
import { createRetentionTables } from './retention-tables.ts'
import { createSettingsTable } from './settings-table.ts'
import { toFailure } from './store-error.ts'
import { createUptimeTable } from './uptime-table.ts'
import { OPENING, type Reply, type Request } from './worker-protocol.ts'

// The worker thread that owns the database. Calls run one after the other in the order in which they came; those in
// steps go on between the others.

if (parentPort !== null) serve(parentPort, workerData as DatabaseOptions)

function serve(port: MessagePort, options: DatabaseOptions): void {
  const reply = (message: Reply, transfer: Transferable[] = []): void => port.postMessage(message, transfer)
  const attempt = (id: number, work: () => unknown): void => {
    try {
      const result = work()
      if (isSteps(result)) setImmediate(attempt, id, () => goOn(result))
      else reply({ id, kind: 'done', result }, buffersOf(result))
    } catch (error) {
      reply({ id, kind: 'failed', failure: toFailure(error, options.path) })
    }
  }

  attempt(OPENING, () => {
    const db = openDatabase(options)
    const operations = createOperations(db)
    port.on('message', (request: Request) => {
      if (request.store === 'close') {
        attempt(request.id, () => {
          packAtEnd(operations)
          db.close()
        })
        port.close()
        return
      }
      attempt(request.id, () => run(operations, request))
    })
  })
}

function createOperations(db: DatabaseSync): Operations {
  const letters = createLetterTables(db)
  const audit = createAuditTable(db)
  return {
    fleet: createFleetTables(db),
    flags: createFlagTables(db),
    outages: createOutageTables(db, letters, audit),
    plannedWork: createPlannedWorkTables(db, letters, audit),
    uptime: createUptimeTable(db),
    outbox: createOutboxTables(db, letters, audit),
    recipients: createRecipientTable(db, audit),
    accounts: createRecordTable(db, 'account', audit),
    contacts: createRecordTable(db, 'contact', audit),
    firmware: createRecordTable(db, 'firmware', audit),
    templates: createRecordTable(db, 'template', audit),
    requests: createRecordTable(db, 'request', audit),
    notes: createNoteTable(db, audit),
    audit: audit.trail,
    settings: createSettingsTable(db),
    retention: createRetentionTables(db, audit),
  }
}

/** The next start reads pages, which is much faster than rows; it does without those that could not be stored. */
function packAtEnd({ fleet }: Operations): void {
  try {
    fleet.packInventory(PACKED_AT_END_MS)
  } catch {
    // Only a copy of rows that are stored: what keeps the disk from taking it was told by the calls before.
  }
}

/** A service is to end within ten seconds. */
const PACKED_AT_END_MS = 3000

function run(operations: Operations, request: Exclude<Request, { store: 'close' }>): unknown {
  const method: unknown = Reflect.get(operations[request.store], request.method)
  if (typeof method !== 'function') throw new TypeError(`No operation ${request.store}.${request.method}`)
  return Reflect.apply(method, undefined, request.args)
}

function isSteps(result: unknown): result is Steps<unknown> {
  return typeof result === 'object' && result !== null && Symbol.iterator in result && 'next' in result
}

/** The result, or the steps that are left. */
function goOn(steps: Steps<unknown>): unknown {
  const { done, value } = steps.next()
  return done === true ? value : steps
}

/** The arrays of a loaded fleet are many and large: they are handed over instead of copied. */
function buffersOf(result: unknown): Transferable[] {
  return isLarge(result) ? [...new Set(arraysIn(result))] : []
}

/** What a loaded fleet comes as: pages of its inventory, the table of its registers, the rest. */
const LARGE = ['pages', 'readings', 'baselines'] as const satisfies readonly (
  | keyof StoredPages
  | keyof TerminalTable
  | keyof LoadedFleet
)[]

function isLarge(result: unknown): result is object {
  return typeof result === 'object' && result !== null && LARGE.some((name) => name in result)
}

/** The buffers of typed arrays that hold nothing else. */
function* arraysIn(value: unknown): Generator<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteLength } = value
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) yield buffer
  } else if (typeof value === 'object' && value !== null) {
    const parts = value instanceof Map ? value.values() : Object.values(value)
    for (const part of parts) yield* arraysIn(part)
  }
}
