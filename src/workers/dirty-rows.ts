import { gatherRows, joinRows, type RowsPart } from '../core/fleet/register-codec.ts'
import { type TerminalTable, takeDirty } from '../core/fleet/terminal-table.ts'

/** Rows between two pauses. */
const STEP = 2048

const NOTHING = new Uint8Array(0)

/**
 * Takes the changed rows for one journal entry: most of them in steps, the last together with whatever else must be
 * stored as it was at one moment. A row that changes in between is taken once more.
 */
export function collectDirty(table: TerminalTable) {
  const rows: number[] = []
  const parts: RowsPart[] = []

  function take(most: number): void {
    const taken = takeDirty(table, most)
    if (taken.length === 0) return
    for (const row of taken) rows.push(row)
    parts.push(gatherRows(table, taken))
  }

  return {
    /** Those that were taken so far. */
    rows,
    *steps(): Generator<number, void> {
      while (table.dirty.length > STEP) {
        take(STEP)
        yield rows.length
      }
    },
    /** The journal entry; empty: nothing has changed. */
    end(): Uint8Array {
      take(Infinity)
      return parts.length > 0 ? joinRows(parts) : NOTHING
    },
  }
}
