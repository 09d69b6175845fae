import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type KeptRegisters, restoreTable } from '../../core/fleet/restore-table.ts'
import type { TerminalTable } from '../../core/fleet/terminal-table.ts'
import type { ArchiveCounter } from '../../core/telemetry/session.ts'
import { DAY, type Instant } from '../../core/time.ts'
import { type BlindRow, type Checkpoint, type FleetFlush, type StoredFleet, StoreError } from '../../ports.ts'
import { rowOf, rowsOf, transaction, whole } from './database.ts'
import { createIncidentTable } from './incident-table.ts'
import { createInventoryTable } from './inventory-table.ts'
import { createBaselineTable, createGapTable } from './learning-tables.ts'
import type { FlushPart, Operations, Steps } from './operations.ts'
import { createPageTable } from './page-table.ts'
import { release } from './release.ts'
import { createTransitionTable } from './transition-table.ts'

/** How long blind stretches are remembered. */
const BLIND_KEPT_MS = 60 * DAY

/** Registers, inventory, transitions, blind stretches, incidents and what was learnt, in their tables. */
export function createFleetTables(db: DatabaseSync): Operations['fleet'] {
  const inventory = createInventoryTable(db)
  const pages = createPageTable(db, inventory)
  const transitions = createTransitionTable(db)
  const blind = createBlindTable(db)
  const registers = createRegisterTables(db)
  const counters = createCounterTable(db)
  const incidents = createIncidentTable(db)
  const baselines = createBaselineTable(db)
  const gaps = createGapTable(db)
  const readHeartbeat = db.prepare('SELECT at FROM heartbeat')
  const beat = db.prepare(
    'INSERT INTO heartbeat (id, at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at',
  )
  let staged: FlushPart[] = []
  const heartbeatAt = (): Instant | null => rowOf<{ at: number }>(readHeartbeat)?.at ?? null

  function store(flush: FleetFlush, parts: readonly FlushPart[]): void {
    for (const entry of flush.journal) registers.append(entry)
    for (const { terminals = [] } of parts) inventory.save(terminals)
    for (const { mergers = [] } of parts) for (const merger of mergers) transitions.move(merger)
    for (const part of parts) {
      transitions.append(part.transitions ?? [])
      baselines.save(part.baselines ?? [])
      gaps.save(part.gaps ?? [])
    }
    incidents.save(flush.incidents)
    counters.save(flush.counters)
    blind.save(flush.blind)
    beat.run(whole(flush.at))
  }

  /** With the parts that were staged for it. */
  function unstaged(flush: FleetFlush): readonly FlushPart[] {
    const parts = [...staged, flush]
    staged = []
    return parts
  }

  return {
    load: () => ({
      blind: blind.load(heartbeatAt()),
      flaps: transitions.flaps(heartbeatAt()),
      counters: counters.load(),
      incidents: incidents.open(),
      baselines: baselines.load(),
      gaps: gaps.load(),
      heartbeatAt: heartbeatAt(),
    }),
    inventoryPages: pages.read,
    packInventory: pages.pack,
    registers: registers.all,
    table: () => soundOnly(restoreTable(inventory.length(), registers.inTurn)),
    stage: (part, first) => {
      if (first) staged = []
      staged.push(part)
    },
    flush: (flush: FleetFlush) => {
      const parts = unstaged(flush)
      transaction(db, () => store(flush, parts))
    },
    journalEnd: registers.end,
    checkpoint: ({ chunks, forget, flush }) => {
      const parts = flush ? unstaged(flush) : []
      transaction(db, () => {
        registers.replace(chunks)
        registers.forget(forget)
        blind.forget(heartbeatAt())
        if (flush) store(flush, parts)
      })
    },
    history: transitions.history,
  }
}

function createRegisterTables(db: DatabaseSync) {
  const selectChunks = db.prepare('SELECT number, bytes FROM chunks ORDER BY number')
  const selectJournal = db.prepare('SELECT bytes FROM journal ORDER BY number')
  const nextChunk = db.prepare('SELECT number, bytes FROM chunks WHERE number > ? ORDER BY number LIMIT 1')
  const nextEntry = db.prepare('SELECT number, bytes FROM journal WHERE number > ? ORDER BY number LIMIT 1')
  const appendJournal = db.prepare('INSERT INTO journal (bytes) VALUES (?)')
  const saveChunk = db.prepare(
    'INSERT INTO chunks (number, bytes) VALUES (?, ?) ON CONFLICT (number) DO UPDATE SET bytes = excluded.bytes',
  )
  const forgetJournal = db.prepare('DELETE FROM journal')
  const forgetUpTo = db.prepare('DELETE FROM journal WHERE number <= ?')
  const newestEntry = db.prepare('SELECT max(number) AS number FROM journal')
  return {
    all: (): Pick<StoredFleet, 'chunks' | 'journal'> => ({
      chunks: rowsOf<Numbered>(selectChunks).map(({ number, bytes }) => ({ number, bytes })),
      journal: rowsOf<Numbered>(selectJournal).map(({ bytes }) => bytes),
    }),
    /** One after the other, so that a large fleet is never in memory twice. */
    inTurn: { chunks: oneByOne(nextChunk), journal: oneByOne(nextEntry) } satisfies KeptRegisters,
    append: (entry: Uint8Array) => appendJournal.run(entry),
    end: (): number => rowOf<{ number: number | null }>(newestEntry)?.number ?? 0,
    replace: (chunks: StoredFleet['chunks']) => {
      for (const { number, bytes } of chunks) saveChunk.run(number, bytes)
    },
    /** Calls run in order, so without a number every row of the journal was flushed before this one. */
    forget: (entries: Checkpoint['forget']) => {
      if (entries === undefined) forgetJournal.run()
      else if (entries !== 'none') forgetUpTo.run(entries)
    },
  }
}

/** What makes no table is damaged, whatever the database thinks of it. */
function* soundOnly(steps: Steps<TerminalTable>): Steps<TerminalTable> {
  try {
    return yield* steps
  } catch (error) {
    if (error instanceof Error && 'errcode' in error) throw error
    throw new StoreError('corrupt', error instanceof Error ? error.message : String(error), { cause: error })
  }
}

type Numbered = { readonly number: number; readonly bytes: Uint8Array }

/** The bytes of all rows by their number; those of one row are gone when the next one is asked for. */
function oneByOne(next: StatementSync): Iterable<Uint8Array> {
  return {
    *[Symbol.iterator]() {
      for (let row = rowOf<Numbered>(next, -1); row; row = rowOf<Numbered>(next, row.number)) {
        yield row.bytes
        release(row.bytes)
      }
    },
  }
}

function createCounterTable(db: DatabaseSync) {
  const upsert = db.prepare(
    `INSERT INTO archive_counters (terminal_id, record_id, firmware) VALUES (?, ?, ?)
     ON CONFLICT (terminal_id) DO UPDATE SET record_id = excluded.record_id, firmware = excluded.firmware`,
  )
  const select = db.prepare(
    'SELECT terminal_id AS terminalId, record_id AS recordId, firmware FROM archive_counters ORDER BY terminal_id',
  )
  return {
    save: (counters: readonly ArchiveCounter[]) => {
      for (const { terminalId, recordId, firmware } of counters) upsert.run(terminalId, recordId, firmware)
    },
    load: (): ArchiveCounter[] => rowsOf<ArchiveCounter>(select).map((row) => ({ ...row })),
  }
}

type StoredBlind = {
  readonly source: string
  readonly kind: BlindRow['kind']
  readonly from_at: number
  readonly to_at: number | null
}

function createBlindTable(db: DatabaseSync) {
  const upsert = db.prepare(
    `INSERT INTO blind (source, kind, from_at, to_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (source, kind, from_at) DO UPDATE SET to_at = excluded.to_at`,
  )
  const select = db.prepare(
    'SELECT source, kind, from_at, to_at FROM blind WHERE to_at IS NULL OR to_at >= ? ORDER BY from_at, source, kind',
  )
  const forget = db.prepare('DELETE FROM blind WHERE to_at < ?')
  const oldest = (heartbeatAt: Instant | null): Instant => (heartbeatAt ?? 0) - BLIND_KEPT_MS
  return {
    save: (rows: readonly BlindRow[]) => {
      for (const { source, kind, from, to } of rows) upsert.run(source, kind, whole(from), whole(to))
    },
    load: (heartbeatAt: Instant | null): BlindRow[] =>
      rowsOf<StoredBlind>(select, oldest(heartbeatAt)).map((row) => ({
        source: row.source,
        kind: row.kind,
        from: row.from_at,
        to: row.to_at,
      })),
    forget: (heartbeatAt: Instant | null) => forget.run(oldest(heartbeatAt)),
  }
}
