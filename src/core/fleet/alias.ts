import { isPrintable } from '../telemetry/value.ts'
import type { InventoryRow, LearntName } from './inventory.ts'

/** Names that data may teach a terminal: a sender that invents new ones with each message is not followed. */
export const MOST_TAUGHT = 8
/** Names that a terminal may have from data and from mergers; of more the oldest are forgotten. */
export const MOST_LEARNT = 16
/** Names that people may give to a terminal beside IMEI and uuid. */
export const MOST_ALIASES = 32
export const LONGEST_ID = 64

/** Every name that leads to a terminal beside its id: what people said, then what was learnt. */
export function aliasesOf(terminal: InventoryRow | undefined): readonly string[] {
  if (terminal === undefined || terminal.learnt.length === 0) return saidNames(terminal)
  return [...saidNames(terminal), ...terminal.learnt.map(({ name }) => name)]
}

/** What people call a terminal beside its id: IMEI, uuid of the vehicle, factory serial, device ids of gateways. */
export function saidNames(
  terminal: Pick<InventoryRow, 'id' | 'imei' | 'uuid' | 'aliases'> | undefined,
): readonly string[] {
  if (terminal === undefined) return NONE
  const { id, imei, uuid, aliases } = terminal
  if (aliases.length === 0 && imei === '' && uuid === '') return NONE
  return [imei, uuid, ...aliases].filter((alias) => alias !== '' && alias !== id)
}

const NONE: readonly string[] = []

/** How a terminal came by a name that is neither its id nor given by people. */
export function learntName(terminal: InventoryRow, name: string): LearntName | undefined {
  return terminal.id === name ? undefined : terminal.learnt.find((learnt) => learnt.name === name)
}

/**
 * A terminal with more learnt names, each once, at most MOST_LEARNT, the newest last; what people said of it is
 * nothing that it has learnt. The terminal itself when that changes nothing.
 */
export function withLearnt(terminal: InventoryRow, more: readonly LearntName[]): InventoryRow {
  const known = new Set([terminal.id, ...saidNames(terminal)])
  const learnt: LearntName[] = []
  for (const entry of [...terminal.learnt, ...more]) {
    if (known.has(entry.name)) continue
    known.add(entry.name)
    learnt.push(entry)
  }
  const kept = learnt.slice(-MOST_LEARNT)
  const isSame =
    kept.length === terminal.learnt.length && kept.every((entry, n) => entry === terminal.learnt[n])
  return isSame ? terminal : { ...terminal, learnt: kept }
}

/** True for a text that may be a name of one terminal beside its id. Blanks separate names in a file. */
export function isAlias(text: string): boolean {
  return isOwnName(text) && !/\s/.test(text)
}

/**
 * True for an id that may be the name of one terminal. Zeros, or one character again and again, is what devices send
 * that do not know their IMEI, and many of them send the same.
 */
export function isOwnName(text: string): boolean {
  if (text === '' || text.length > LONGEST_ID || !isPrintable(text)) return false
  return !/^(0+|(.)\2{4,})$/s.test(text)
}
