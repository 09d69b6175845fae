import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { pid } from 'node:process'
import { DatabaseSync } from 'node:sqlite'
import { SECOND, toIso } from '../../core/time.ts'

/** Another service works on the data folder; the message names it. */
export class DataFolderOwned extends Error {
  override readonly name = 'DataFolderOwned'
}

/** The folder cannot be used; the message says why and what to do. */
export class DataFolderUnusable extends Error {
  override readonly name = 'DataFolderUnusable'
}

/** Who owns the folder: the service, or a command that works on it alone. */
export type Holder = 'service' | 'command'

/** How long a holder that is just ending is waited for. */
const PATIENCE_MS = SECOND / 2

const BUSY = 5

/**
 * Makes this process the only owner of the data folder until `release` or its end, however it ends; creates the
 * folder when it is missing. Throws DataFolderOwned when a living process owns it, DataFolderUnusable when it cannot
 * be created or written.
 *
 * The owner holds SQLite's lock on `owner.lock`. The kernel drops it together with the process, so what a killed
 * one left behind blocks nobody; `owner.json` only tells people who the owner is.
 */
export function ownDataFolder(path: string, holder: Holder = 'service'): { release(): void } {
  const lock = openLock(path)
  const card = join(path, 'owner.json')
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    throw isBusy(error)
      ? new DataFolderOwned(`The data folder ${path} is in use by ${describeHolder(card)}.`, { cause: error })
      : unusable(path, error)
  }
  try {
    writeFileSync(card, `${JSON.stringify({ pid, host: hostname(), holder })}\n`, { mode: 0o600 })
  } catch (error) {
    lock.close()
    throw unusable(path, error)
  }
  let held = true
  return {
    release() {
      if (!held) return
      held = false
      // The card goes first: after the lock it could be the next owner's.
      rmSync(card, { force: true })
      lock.close()
    },
  }
}

/** Whether a living process owns the data folder now. */
export function isDataFolderOwned(path: string): boolean {
  try {
    const lock = new DatabaseSync(join(path, 'owner.lock'), { timeout: 0 })
    try {
      lock.exec('BEGIN EXCLUSIVE; ROLLBACK')
      return false
    } finally {
      lock.close()
    }
  } catch (error) {
    return isBusy(error)
  }
}

/** What its living owner says to be; undefined: nobody owns it. */
export function holderOf(path: string): Holder | undefined {
  if (!isDataFolderOwned(path)) return undefined
  try {
    return readCard(join(path, 'owner.json'))['holder'] === 'command' ? 'command' : 'service'
  } catch {
    return 'service'
  }
}

function openLock(path: string): DatabaseSync {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    return new DatabaseSync(join(path, 'owner.lock'), { timeout: PATIENCE_MS })
  } catch (error) {
    throw unusable(path, error)
  }
}

function unusable(path: string, cause: unknown): DataFolderUnusable {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const advice = 'name another folder or give the user that runs the service the right to write in it'
  return new DataFolderUnusable(`The data folder ${path} cannot be used (${reason}): ${advice}.`, { cause })
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && Number(error.errcode) % 256 === BUSY
}

function describeHolder(card: string): string {
  try {
    const { pid: number, host, holder } = readCard(card)
    const since = toIso(Math.floor(statSync(card).mtimeMs))
    const what = holder === 'command' ? 'a command, process' : 'process'
    return `${what} ${Number(number)} on ${String(host).slice(0, 100)} since ${since}`
  } catch {
    // The owner has the lock and has not written its card yet.
    return 'another process'
  }
}

function readCard(card: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(card, 'utf8'))
}
