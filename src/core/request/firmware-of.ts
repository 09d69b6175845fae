import type { Fleet } from '../fleet/fleet.ts'
import type { InventoryRow } from '../fleet/inventory.ts'
import { firmwareOf } from '../fleet/reading-columns.ts'
import { type FirmwareView, firmwareStatus } from './firmware.ts'

/**
 * The firmware of a terminal: what it told itself, by the wire, a gateway or a pasted reply, comes before what the
 * inventory says, for only that has a date. Undefined: nothing is known.
 */
export function firmwareAt(
  { table, catalogue }: Pick<Fleet, 'table' | 'catalogue'>,
  terminal: Pick<InventoryRow, 'row' | 'model' | 'firmware'>,
): FirmwareView | undefined {
  const told = firmwareOf(table.readings, terminal.row)
  const version = told?.value ?? terminal.firmware
  if (version === '') return undefined
  return { version, at: told?.at ?? null, ...firmwareStatus(terminal.model, version, catalogue) }
}
