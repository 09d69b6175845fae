import type { Instant } from '../time.ts'
import { aliasesOf, isAlias, MOST_LEARNT } from './alias.ts'
import { dispute } from './conflicts.ts'
import { changeTerminal, type Fleet, rowFor } from './fleet.ts'
import type { InventoryRow } from './inventory.ts'
import { mergeTerminals } from './merge.ts'

/** What data says of who it is about. */
export type Names = {
  readonly terminalId: string
  readonly aliases?: readonly string[]
  /** When this program got it. */
  readonly receivedAt: Instant
}

/**
 * The row of the terminal that data is about; `source`: the number of the source that brought it. Learns the names
 * in it (spec/freshness.md 1): a new name is added to the terminal's aliases, and a discovered terminal that has it as
 * its id is merged. This is on the path of each message: when nothing is new, one look-up per name.
 */
export function identify(fleet: Fleet, names: Names, source: number): number {
  const { terminalId, aliases, receivedAt } = names
  if (aliases === undefined || aliases.length === 0 || fleet.namesAreFixed) {
    return rowFor(fleet, terminalId, source, receivedAt)
  }
  const known = fleet.rows.get(terminalId)
  if (known !== undefined && allLeadTo(fleet, known, aliases)) return known
  const row = settleOwn(fleet, names, aliases, source)
  for (const alias of aliases) learn(fleet, row, alias, source)
  return row
}

function allLeadTo(fleet: Fleet, row: number, aliases: readonly string[]): boolean {
  for (const alias of aliases) if (fleet.rows.get(alias) !== row) return false
  return true
}

/**
 * A terminal of the inventory that the data names by an alias survives: the id under which the data came becomes
 * another name of it. Data can do that with its own id only, and no more by it than with the id of that terminal,
 * which it could have sent as well. Two such terminals in one message: nothing is guessed.
 */
function settleOwn(fleet: Fleet, names: Names, aliases: readonly string[], source: number): number {
  const { terminalId, receivedAt } = names
  const own = terminalAt(fleet, terminalId)
  if (own && !own.discovered) return own.row
  const owners = new Set(aliases.flatMap((alias) => inventoried(fleet, alias)?.row ?? []))
  const [owner, ...more] = owners
  const survivor = owner === undefined || more.length > 0 ? undefined : fleet.inventory[owner]
  if (survivor && hasRoom(survivor) && isAlias(terminalId)) {
    if (!own) {
      changeTerminal(fleet, { ...survivor, aliases: [...survivor.aliases, terminalId] })
      return survivor.row
    }
    if (isBySource(fleet, own.row, source)) {
      merge(fleet, own.row, survivor.row)
      return survivor.row
    }
  }
  return rowFor(fleet, terminalId, source, receivedAt)
}

/**
 * One more name of the terminal in `row`. A name that leads to another terminal is believed only when that one is
 * discovered, has the name as its own id and was last heard by the same source: whoever can send as it may also say
 * what it is. Everything else is left as it is and told to people once.
 */
function learn(fleet: Fleet, row: number, alias: string, source: number): void {
  const terminal = fleet.inventory[row]
  const led = fleet.rows.get(alias)
  if (!terminal || led === row || !isAlias(alias)) return
  const other = led === undefined ? undefined : fleet.inventory[led]
  if (other && (!other.discovered || other.id !== alias || !isBySource(fleet, other.row, source))) {
    dispute(fleet, terminal.id, alias, other.id)
  } else if (!hasRoom(terminal)) return
  else if (other) merge(fleet, other.row, row)
  else if (!terminal.aliases.includes(alias)) {
    changeTerminal(fleet, { ...terminal, aliases: [...terminal.aliases, alias] })
  }
}

function merge(fleet: Fleet, from: number, into: number): void {
  const pair = { from: fleet.inventory[from]?.id ?? '', into: fleet.inventory[into]?.id ?? '' }
  mergeTerminals(fleet, from, into)
  fleet.learnt.push(pair)
}

function terminalAt(fleet: Fleet, name: string): InventoryRow | undefined {
  return fleet.inventory[fleet.rows.get(name) ?? -1]
}

function inventoried(fleet: Fleet, name: string): InventoryRow | undefined {
  const terminal = terminalAt(fleet, name)
  return terminal?.discovered === false ? terminal : undefined
}

function hasRoom(terminal: InventoryRow): boolean {
  return aliasesOf(terminal).length < MOST_LEARNT
}

function isBySource(fleet: Fleet, row: number, source: number): boolean {
  return fleet.table.source[row] === source
}
