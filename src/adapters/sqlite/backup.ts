import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { SECOND } from '../../core/time.ts'
import { StoreError } from '../../ports.ts'
import { toFailure, toStoreError } from './store-error.ts'

/**
 * Writes a consistent copy of the database `path` to the new file `to`, also while a service works on it. Throws a
 * StoreError; then there is no file `to`, for it gets its name when it is complete and on the disk.
 */
export function backupDatabase(path: string, to: string): void {
  if (existsSync(to)) throw new StoreError('other', `${to} exists already; name a new file for the backup.`)
  if (!existsSync(path)) throw new StoreError('other', `There is no database ${path} to back up.`)
  const part = `${to}.part`
  try {
    rmSync(part, { force: true })
    copy(path, part)
    sync(part)
    renameSync(part, to)
  } catch (error) {
    rmSync(part, { force: true })
    throw toStoreError(toFailure(error, path))
  }
}

function copy(path: string, to: string): void {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 10 * SECOND })
  try {
    db.prepare('VACUUM INTO ?').run(to)
  } finally {
    db.close()
  }
}

function sync(file: string): void {
  const descriptor = openSync(file, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
