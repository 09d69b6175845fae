import { join } from 'node:path'
import { readInventory } from '../adapters/sqlite/inventory-reader.ts'
import { inventoryCsv } from '../core/fleet/inventory-export.ts'

/** The inventory of a data folder as CSV, in pieces, also while a service works on it. Throws a StoreError. */
export function exportTerminals(data: string): Generator<string> {
  return inventoryCsv(readInventory(join(data, 'watch.sqlite')))
}
