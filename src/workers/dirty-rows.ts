import { encodeRows } from '../core/fleet/register-codec.ts'
import { type TerminalTable, takeDirty } from '../core/fleet/terminal-table.ts'

/** Rows between two pauses. */
const STEP = 1024

/**
 * Takes the changed rows for the journal: most of them in steps, the last together with whatever else must be stored
 * as it was at one moment. A row that changes in between is taken once more, and of its entries the last one counts.
 */
export function collectDirty(table: TerminalTable) {
  const rows: number[] = []
  const journal: Uint8Array[] = []

  function take(most: number): void {
    const taken = takeDirty(table, most)
    if (taken.length === 0) return
    for (const row of taken) rows.push(row)
    journal.push(encodeRows(table, taken))
  }

  return {
    /** Those that were taken so far. */
    rows,
    /** Entries of these rows. */
    journal,
    *steps(): Generator<number, void> {
      while (table.dirty.length > STEP) {
        take(STEP)
        yield rows.length
      }
    },
    end: (): void => take(Infinity),
  }
}
