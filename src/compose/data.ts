import { join } from 'node:path'
import { openSqliteStores, type SqliteStores } from '../adapters/sqlite/stores.ts'
import { ownDataFolder } from '../adapters/system/data-owner.ts'
import type { Log } from '../ports.ts'

/** The data folder, which nobody else works on, and what is stored in it. */
export type Data = {
  /** Of the database. */
  readonly path: string
  readonly stores: SqliteStores
  readonly release: () => void
}

/** Rejects when another process owns the folder, or it or its database cannot be used; the message says what to do. */
export async function openData(folder: string, log: Log): Promise<Data> {
  const { release } = ownDataFolder(folder)
  const path = join(folder, 'watch.sqlite')
  try {
    return { path, stores: await openSqliteStores({ path, log, ahead: true }), release }
  } catch (error) {
    release()
    throw error
  }
}

/** Closes it, as soon as it is open; what could not be opened needs nothing. */
export async function closeData(opening: Promise<Data>): Promise<void> {
  const data = await opening.catch(() => undefined)
  try {
    await data?.stores.close()
  } finally {
    data?.release()
  }
}
