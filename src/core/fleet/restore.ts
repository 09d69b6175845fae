import { noteFlap } from '../freshness/flaps.ts'
import { CODE, isSilent, type Transition } from '../freshness/state.ts'
import type { ArchiveCounter } from '../telemetry/session.ts'
import { type Fleet, putTerminal } from './fleet.ts'
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
 * must go into the next checkpoint, which forgets the whole journal. Throws on damaged bytes.
 */
export function restoreFleet(fleet: Fleet, kept: KeptFleet): void {
  for (const terminal of kept.terminals) putTerminal(fleet, terminal)
  for (const counter of kept.counters) fleet.counters.set(counter.terminalId, counter)
  for (const chunk of kept.chunks) decodeBlock(fleet.table, chunk.bytes)
  for (const entry of kept.journal) {
    for (const row of decodeBlock(fleet.table, entry)) markChunk(fleet.table, row)
  }
  // A chunk may hold a row whose terminal was first seen after the last flush: the row will be given to another one.
  dropRows(fleet.table, fleet.inventory.length)
  for (const transition of kept.flaps) {
    const row = fleet.rows.get(transition.terminalId)
    if (row === undefined || transition.from === null) continue
    if (isSilent(CODE[transition.from]) === isSilent(CODE[transition.to])) continue
    const flaps = noteFlap(fleet.flaps, row, transition.at)
    if (transition.note) flaps.notedAt = transition.at
  }
}
