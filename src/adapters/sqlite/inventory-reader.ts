import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { InventoryRow } from '../../core/fleet/inventory.ts'
import { PAGE_ROWS } from '../../core/fleet/packed-page.ts'
import { SECOND } from '../../core/time.ts'
import { StoreError } from '../../ports.ts'
import { checkedVersion } from './database.ts'
import { createInventoryTable } from './inventory-table.ts'
import { MIGRATIONS } from './migrations.ts'
import { toFailure, toStoreError } from './store-error.ts'

/** The inventory as it was stored last, also while a service works on the database. Throws a StoreError. */
export function readInventory(path: string): InventoryRow[] {
  if (!existsSync(path))
    throw new StoreError('other', `There is no database ${path}: nothing was imported yet.`)
  try {
    const db = new DatabaseSync(path, { readOnly: true, timeout: 10 * SECOND })
    try {
      // One snapshot, however many pages it has.
      db.exec('BEGIN')
      assertUpToDate(checkedVersion(db, path), path)
      const table = createInventoryTable(db)
      const terminals: InventoryRow[] = []
      for (let page = 0; page * PAGE_ROWS < table.length(); page++) {
        for (const terminal of table.rows(page)) terminals.push(terminal)
      }
      return terminals
    } finally {
      db.close()
    }
  } catch (error) {
    throw toStoreError(toFailure(error, path))
  }
}

/** To read upgrades nothing: the service does. */
function assertUpToDate(version: number, path: string): void {
  if (version === MIGRATIONS.length) return
  throw new StoreError(
    'other',
    `Database ${path} was written by an older version of omnicomm-watch (schema ${version}, this one reads ` +
      `${MIGRATIONS.length}). Start the service once: it upgrades the database.`,
  )
}
