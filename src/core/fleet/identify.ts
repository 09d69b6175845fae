import type { Instant } from '../time.ts'
import { isAlias, isOwnName, learntName, MOST_TAUGHT, withLearnt } from './alias.ts'
import { dispute, isDisputed } from './dispute.ts'
import type { Fleet } from './fleet.ts'
import type { InventoryRow } from './inventory.ts'
import { mergeTerminals } from './merge.ts'
import { changeTerminal } from './placing.ts'
import { forgetName, isSpokenBy, rowFor, terminalSaid } from './spoken-names.ts'

/** What data says of who it is about. */
export type Names = {
  readonly terminalId: string
  readonly aliases?: readonly string[]
  /** When this program got it. */
  readonly receivedAt: Instant
}

/**
 * The row of the terminal that data is about; `source`: the number of the source that brought it. Learns the names
 * in it (spec/freshness.md 1): a new name is added to the terminal's learnt names, and a discovered terminal that has
 * it as its id is merged. This is on the path of each message: when nothing is new, one look-up per name. What people
 * said always stays; about one name data changes its mind once, and then people decide (dispute.ts).
 */
export function identify(fleet: Fleet, names: Names, source: number): number {
  const { terminalId, aliases, receivedAt } = names
  if (aliases === undefined || aliases.length === 0 || fleet.namesAreFixed) {
    return rowFor(fleet, terminalId, source, receivedAt)
  }
  const known = fleet.rows.get(terminalId)
  if (
    known !== undefined &&
    allLeadTo(fleet, known, aliases) &&
    isSpokenBy(fleet, known, terminalId, source)
  ) {
    return known
  }
  const row = settleOwn(fleet, names, aliases, source)
  for (const alias of aliases) learn(fleet, row, alias, source, receivedAt)
  return row
}

function allLeadTo(fleet: Fleet, row: number, aliases: readonly string[]): boolean {
  for (const alias of aliases) if (fleet.rows.get(alias) !== row) return false
  return true
}

/**
 * A terminal of the inventory survives to which people gave the alias that the data names: the id under which the data
 * came is learnt as another name of it, for this source, so that no data of others is drawn to it. A name that is only
 * learnt draws no unknown id to its terminal: the unit behind it may have been replaced. Two terminals of the inventory
 * in one message: nothing is guessed.
 */
function settleOwn(fleet: Fleet, names: Names, aliases: readonly string[], source: number): number {
  const { terminalId, receivedAt } = names
  const known = fleet.rows.get(terminalId)
  const own = known !== undefined && isSpokenBy(fleet, known, terminalId, source) ? known : undefined
  if (own !== undefined && fleet.inventory.at(own)?.discovered === false) return own
  const owners = new Set(aliases.flatMap((alias) => inventoried(fleet, alias)?.row ?? []))
  const [owner, ...more] = owners
  const survivor = owner === undefined || more.length > 0 ? undefined : fleet.inventory.at(owner)
  if (survivor && hasRoom(survivor) && isOwnName(terminalId)) {
    if (known === undefined) {
      teach(fleet, survivor.row, terminalId, source)
      return survivor.row
    }
    if (own !== undefined && mayTake(survivor) && isBySource(fleet, own, source)) {
      if (!isDisputed(fleet, terminalId, terminalId, receivedAt)) {
        merge(fleet, own, survivor.row, source)
        return survivor.row
      }
    }
  }
  return rowFor(fleet, terminalId, source, receivedAt)
}

/**
 * One more name of the terminal in `row`. A name that leads to another terminal is believed in two cases, for whoever
 * can send as a terminal may also say what it is: that one is discovered, has the name as its own id and was last
 * heard by the same source, and is merged; or it has only learnt the name, from the same source, and loses it to this
 * one, which is told to people. Everything else is left as it is and told. While that stands, nothing more is learnt.
 */
function learn(fleet: Fleet, row: number, alias: string, source: number, now: Instant): void {
  const terminal = fleet.inventory.at(row)
  const led = fleet.rows.get(alias)
  if (!terminal || led === row || !isAlias(alias)) return
  const other = led === undefined ? undefined : fleet.inventory.at(led)
  if (!other) {
    if (hasRoom(terminal)) teach(fleet, row, alias, source)
  } else if (isDisputed(fleet, alias, terminal.id, now)) return
  else if (!mayTake(terminal) || !isBelieved(fleet, other, alias, source)) {
    dispute(fleet, 'claimed', alias, { leader: other.row, other: row }, now)
  } else if (!hasRoom(terminal)) return
  else if (other.id === alias) merge(fleet, other.row, row, source)
  else {
    forgetName(fleet, other.row, alias)
    teach(fleet, row, alias, source)
    dispute(fleet, 'moved', alias, { leader: row, other: other.row }, now)
  }
}

function isBelieved(fleet: Fleet, other: InventoryRow, name: string, source: number): boolean {
  if (other.id === name) return other.discovered && isBySource(fleet, other.row, source)
  return learntName(other, name)?.source === source
}

function teach(fleet: Fleet, row: number, name: string, source: number): void {
  const terminal = fleet.inventory.at(row)
  if (!terminal) return
  changeTerminal(fleet, withLearnt(terminal, [{ name, source }]))
  if (!terminal.discovered) fleet.learnt.push({ from: name, into: terminal.id })
}

function merge(fleet: Fleet, from: number, into: number, source: number): void {
  const pair = { from: fleet.inventory.at(from)?.id ?? '', into: fleet.inventory.at(into)?.id ?? '' }
  mergeTerminals(fleet, from, into, source)
  fleet.learnt.push(pair)
}

function inventoried(fleet: Fleet, name: string): InventoryRow | undefined {
  const terminal = terminalSaid(fleet, name)
  return terminal?.discovered === false ? terminal : undefined
}

function hasRoom(terminal: InventoryRow): boolean {
  return terminal.learnt.length < MOST_TAUGHT
}

/** Disputes with a decommissioned terminal are none, so that nothing would end its taking back and forth. */
function mayTake(terminal: InventoryRow): boolean {
  return terminal.lifecycle !== 'decommissioned'
}

function isBySource(fleet: Fleet, row: number, source: number): boolean {
  return fleet.table.source[row] === source
}
