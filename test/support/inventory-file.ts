import { type InventoryCsv, readingInventory } from '../../src/core/fleet/inventory-csv.ts'

/** An inventory file as it is read in one go. */
export function readInventoryCsv(bytes: Uint8Array): InventoryCsv {
  const reading = readingInventory(bytes)
  for (;;) {
    const step = reading.next()
    if (step.done === true) return step.value
  }
}
