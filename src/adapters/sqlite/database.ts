import { statSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { SECOND } from '../../core/time.ts'
import { StoreError } from '../../ports.ts'
import { MIGRATIONS } from './migrations.ts'

export type DatabaseOptions = {
  readonly path: string
  /** Upper limit of the file in pages of 4 KiB: tests make a small disk of it. */
  readonly maxPages?: number
}

/** Marks a file as a database of this program: "owat". */
const APPLICATION_ID = 0x6f776174

/** How long a call waits for another program's lock. Longer would hold up every call behind it. */
const BUSY_MS = 1.5 * SECOND

/** Keeps the log file from staying as large as its largest transaction. */
const WAL_LIMIT_BYTES = 64 * 1024 * 1024

/** Opens or creates the database and brings it to the present schema. Throws before it changes a file that is not ours. */
export function openDatabase({ path, maxPages }: DatabaseOptions): DatabaseSync {
  assertNotEmptied(path)
  const db = new DatabaseSync(path, { timeout: BUSY_MS, enableForeignKeyConstraints: true })
  try {
    const version = checkedVersion(db, path)
    // Has an effect on a new file only: pages that retention empties can be given back bit by bit.
    db.exec('PRAGMA auto_vacuum = INCREMENTAL')
    // Every commit is on the disk when its call resolves: letters and outages rest on that.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY')
    db.exec(`PRAGMA journal_size_limit = ${WAL_LIMIT_BYTES}; PRAGMA cache_size = -4000`)
    if (maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${maxPages}`)
    migrate(db, version)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Runs `work` in one transaction; when it throws, nothing of it is stored. */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    // A full disk may have rolled it back already.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/** Rows of a statement whose columns have the names and types of `Row`. */
export function rowsOf<Row>(statement: StatementSync, ...parameters: SQLInputValue[]): Row[] {
  return statement.all(...parameters) as Row[]
}

/** The first row of a statement, see rowsOf. */
export function rowOf<Row>(statement: StatementSync, ...parameters: SQLInputValue[]): Row | undefined {
  return statement.get(...parameters) as Row | undefined
}

/** Whole milliseconds, as the columns want them: a duration measured by the monotonic clock has a fraction. */
export function whole<T extends number | null>(ms: T): T | number {
  return ms === null ? ms : Math.round(ms)
}

/**
 * SQLite takes an empty file for a new database and throws the log beside it away. A database is never empty while a
 * log exists, so that is a lost file and not a new one.
 */
function assertNotEmptied(path: string): void {
  if (sizeOf(path) > 0 || sizeOf(`${path}-wal`) === 0) return
  throw new StoreError(
    'corrupt',
    `Database ${path}: the file is missing or empty, but ${path}-wal still holds changes of it. ` +
      'Put the file or a backup back, or move the -wal file away to begin anew.',
  )
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/** The schema of a database of ours, 0 of a new one. Throws when it is another program's, or of a newer version. */
export function checkedVersion(db: DatabaseSync, path: string): number {
  const id = pragma(db, 'application_id')
  const version = pragma(db, 'user_version')
  const tables = rowOf<{ n: number }>(db.prepare('SELECT count(*) AS n FROM sqlite_schema'))?.n ?? 0
  if (tables > 0 && id !== APPLICATION_ID) {
    throw new StoreError('other', `Database ${path} belongs to another program; name another file.`)
  }
  if (version > MIGRATIONS.length) {
    throw new StoreError(
      'other',
      `Database ${path} was written by a newer version of omnicomm-watch (schema ${version}, this one knows ` +
        `${MIGRATIONS.length}). Run that version, or put back the backup from before the upgrade.`,
    )
  }
  return version
}

function pragma(db: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0])
}

function migrate(db: DatabaseSync, from: number): void {
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < from) continue
    transaction(db, () => {
      db.exec(sql)
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${index + 1}`)
    })
  }
}
