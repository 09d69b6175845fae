import { join } from 'node:path'
import { backupDatabase } from '../adapters/sqlite/backup.ts'

/** Copies the database of a data folder to a new file, also while a service works on it. Throws a StoreError. */
export function backupData(folder: string, to: string): void {
  backupDatabase(join(folder, 'watch.sqlite'), to)
}
