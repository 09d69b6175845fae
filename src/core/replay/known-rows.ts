import type { Fleet } from '../fleet/fleet.ts'
import { identify } from '../fleet/identify.ts'
import type { Observation } from '../telemetry/observation.ts'

/** Where ids led, by their number (interning.ts): to look one up in the fleet is much more work. */
export function createKnownRows(fleet: Fleet) {
  let rows: number[] = []

  return {
    /** As `identify`; where an id leads that is the terminal's own stays so until that is merged. `idIndex`: -1 for none. */
    rowOf(raw: Observation, source: number, idIndex: number): number {
      if (raw.aliases !== undefined || idIndex < 0) return identify(fleet, raw, source)
      const known = rows[idIndex]
      if (known !== undefined) return known
      const row = identify(fleet, raw, source)
      if (fleet.inventory.at(row)?.id === raw.terminalId) rows[idIndex] = row
      return row
    },
    /** Terminals were merged. */
    forget(): void {
      rows = []
    },
  }
}
