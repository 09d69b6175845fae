import { isPrintable } from '../telemetry/value.ts'
import type { InventoryRow } from './inventory.ts'

/** Names that a terminal may learn from data: a sender that invents new ones with each message is not followed. */
export const MOST_LEARNT = 8
/** Names that people may give to a terminal beside IMEI and uuid. */
export const MOST_ALIASES = 32
export const LONGEST_ID = 64

/** Every name of a terminal beside its id: IMEI, uuid of the vehicle, factory serial, device ids of gateways. */
export function aliasesOf(terminal: InventoryRow | undefined): readonly string[] {
  if (terminal === undefined) return NONE
  const { id, imei, uuid, aliases } = terminal
  if (aliases.length === 0 && imei === '' && uuid === '') return NONE
  return [imei, uuid, ...aliases].filter((alias) => alias !== '' && alias !== id)
}

const NONE: readonly string[] = []

/**
 * True for a text that may be a name of one terminal. Blanks separate names in a file. Zeros, or one character again
 * and again, is what devices send that do not know their IMEI, and many of them send the same.
 */
export function isAlias(text: string): boolean {
  if (text === '' || text.length > LONGEST_ID || /\s/.test(text) || !isPrintable(text)) return false
  return !/^(0+|(.)\2{4,})$/s.test(text)
}
