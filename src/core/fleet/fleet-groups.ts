import type { Fleet } from './fleet.ts'
import { type GroupColumn, type GroupKey, numberOf, setGroup } from './groups.ts'
import type { InventoryRow } from './inventory.ts'
import type { PackedPage } from './packed-page.ts'
import { endOf, ownText, sharedText, startOf } from './packed-text.ts'
import { firmwareOf, type ReadingColumns, toldFirmware } from './reading-columns.ts'

/** Groups follow the inventory; the firmware is that which the terminal itself told last, if it ever did. */
export function placeInGroups({ table, groups }: Fleet, terminal: InventoryRow): void {
  const { row, operator, region, client, dealer, model, sim, group } = terminal
  setGroup(groups.operator, row, operator)
  setGroup(groups.region, row, region)
  setGroup(groups.client, row, client)
  setGroup(groups.dealer, row, dealer)
  setGroup(groups.model, row, model)
  setGroup(groups.firmware, row, firmwareOf(table.readings, row)?.value ?? terminal.firmware)
  setGroup(groups.simRange, row, simRange(sim))
  setGroup(groups.group, row, group)
}

/** SIM cards are handed out in runs of neighbouring numbers: all but the last three digits. */
function simRange(sim: string): string {
  const digits = sim.replace(/\D/g, '')
  return digits.length < 7 ? '' : digits.slice(0, -3)
}

/** The same after the terminal told its firmware. */
export function placeInFirmware({ table, inventory, groups }: Fleet, row: number): void {
  const firmware = firmwareOf(table.readings, row)?.value ?? inventory.text(row, 'firmware')
  setGroup(groups.firmware, row, firmware)
}

/**
 * The same for all terminals of a page, in columns for which there is room and in which they have no group yet; but for
 * the firmware, which their readings tell.
 */
export function placePageInGroups({ groups }: Pick<Fleet, 'groups'>, page: PackedPage): void {
  for (const key of SAID_KEYS) placeAll(groups[key], page, key)
  placeSimRanges(groups.simRange, page)
}

/** The firmware of all terminals of a page, as `placePageInGroups` has it. */
export function placePageInFirmware({ table, groups }: Fleet, page: PackedPage): void {
  placeFirmware(groups.firmware, page, table.readings)
}

/** Groups that only the inventory tells, each a field of it. */
const SAID_KEYS = [
  'operator',
  'region',
  'client',
  'dealer',
  'model',
  'group',
] as const satisfies readonly GroupKey[]

function placeAll(column: GroupColumn, page: PackedPage, key: (typeof SAID_KEYS)[number]): void {
  const { first, rows } = page
  const { texts, of } = page.shared[key]
  const numbers = texts.map((text) => numberOf(column, text))
  if (of === null) {
    // Memory that nothing is written to costs nothing.
    if (numbers[0] !== 0) column.of.fill(numbers[0] ?? 0, first, first + rows)
    return
  }
  for (let n = 0; n < rows; n++) column.of[first + n] = numbers[of[n] ?? 0] ?? 0
}

function placeFirmware(column: GroupColumn, page: PackedPage, readings: ReadingColumns): void {
  const { first, rows } = page
  const { firmware } = page.shared
  const toldNumbers: number[] = []
  for (let n = 0; n < rows; n++) {
    const told = toldFirmware(readings, first + n)
    let number = told === 0 ? numberOf(column, sharedText(firmware, n)) : toldNumbers[told]
    if (number === undefined) {
      number = numberOf(column, firmwareOf(readings, first + n)?.value ?? '')
      toldNumbers[told] = number
    }
    if (number !== 0) column.of[first + n] = number
  }
}

function placeSimRanges(column: GroupColumn, page: PackedPage): void {
  const { first, rows } = page
  const { sim } = page.own
  if (sim.ends === null) return
  for (let n = 0; n < rows; n++) {
    if (endOf(sim, n) > startOf(sim, n)) column.of[first + n] = numberOf(column, simRange(ownText(sim, n)))
  }
}
