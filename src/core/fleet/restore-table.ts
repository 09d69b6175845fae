import { decodeBlock } from './register-codec.ts'
import { createTable, markChunk, reserveRows, type TerminalTable } from './terminal-table.ts'

/** Registers as a store kept them. */
export type KeptRegisters = {
  /** Blocks of chunks (register-codec.ts). */
  readonly chunks: Iterable<Uint8Array>
  /** What was journaled since, oldest first. */
  readonly journal: Iterable<Uint8Array>
}

/** The table of the registers that were stored. */
export function restoredTable(rows: number, kept: KeptRegisters): TerminalTable {
  for (const steps = restoreTable(rows, kept); ; ) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/**
 * The table of the registers that were stored, of about so many rows; a step is one block. What only the journal knows
 * must go into the next checkpoint, which forgets the whole journal. Throws on damaged bytes.
 */
export function* restoreTable(
  rows: number,
  { chunks, journal }: KeptRegisters,
): Generator<undefined, TerminalTable> {
  const table = createTable()
  reserveRows(table, rows)
  for (const bytes of chunks) {
    decodeBlock(table, bytes, true)
    yield
  }
  for (const bytes of journal) {
    for (const row of decodeBlock(table, bytes)) markChunk(table, row)
    yield
  }
  return table
}
