import { noteFlap } from '../freshness/flaps.ts'
import { CODE, isSilent, type Transition } from '../freshness/state.ts'
import type { ArchiveCounter } from '../telemetry/session.ts'
import { withLearnt } from './alias.ts'
import { changeTerminal, type Fleet, placeInGroups, putTerminal } from './fleet.ts'
import type { InventoryRow } from './inventory.ts'
import { decodeBlock } from './register-codec.ts'
import { dropRows, markChunk } from './terminal-table.ts'

/** What a store kept of the fleet. */
export type KeptFleet = {
  readonly terminals: readonly InventoryRow[]
  readonly chunks: readonly { readonly bytes: Uint8Array }[]
  readonly journal: readonly Uint8Array[]
  /** Transitions of the last day into or out of silence. */
  readonly flaps: readonly Transition[]
  readonly counters: readonly ArchiveCounter[]
}

/**
 * Puts what was stored into an empty fleet: chunks, then the journal since, oldest first. What only the journal knows
 * must go into the next checkpoint, which forgets the whole journal. Throws on damaged bytes. Returns the ids of merged
 * terminals that lead nowhere: should one of them speak, it is a discovered terminal.
 */
export function restoreFleet(fleet: Fleet, kept: KeptFleet): readonly string[] {
  for (const terminal of kept.terminals) putTerminal(fleet, terminal)
  const astray = leadMerged(fleet)
  for (const counter of kept.counters) fleet.counters.set(counter.terminalId, counter)
  for (const chunk of kept.chunks) decodeBlock(fleet.table, chunk.bytes)
  for (const entry of kept.journal) {
    for (const row of decodeBlock(fleet.table, entry)) markChunk(fleet.table, row)
  }
  for (const row of fleet.table.readings.firmware.keys()) placeInGroups(fleet, row)
  // A chunk may hold a row whose terminal was first seen after the last flush: the row will be given to another one.
  dropRows(fleet.table, fleet.inventory.length)
  for (const transition of kept.flaps) {
    const row = fleet.rows.get(transition.terminalId)
    if (row === undefined || transition.from === null) continue
    if (isSilent(CODE[transition.from]) === isSilent(CODE[transition.to])) continue
    const flaps = noteFlap(fleet.flaps, row, transition.at)
    if (transition.note) flaps.notedAt = transition.at
  }
  return astray
}

/**
 * The ids of merged terminals lead to their survivors, which claim them. Where the claim is missing it is put back:
 * along the chain of mergers, each step once, to a terminal that is shown.
 */
function leadMerged(fleet: Fleet): string[] {
  const astray: string[] = []
  for (const [id, row] of fleet.hidden) {
    const mergedInto = fleet.inventory[row]?.mergedInto ?? id
    if (mergedInto === id || fleet.rows.has(id)) continue
    const survivor = fleet.inventory[survivorOf(fleet, mergedInto) ?? -1]
    if (survivor) changeTerminal(fleet, withLearnt(survivor, [{ name: id, source: 0 }]))
    else astray.push(id)
  }
  return astray
}

function survivorOf(fleet: Fleet, first: string): number | undefined {
  const seen = new Set<string>()
  for (let id = first; !seen.has(id); ) {
    const row = fleet.rows.get(id)
    if (row !== undefined) return row
    seen.add(id)
    const next = fleet.inventory[fleet.hidden.get(id) ?? -1]?.mergedInto
    if (next === undefined) return undefined
    id = next
  }
  return undefined
}
