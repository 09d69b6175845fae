import type { StateCounts } from '../../src/core/fleet/view.ts'
import { STATES } from '../../src/core/freshness/state.ts'

const NONE = Object.fromEntries(STATES.map((state) => [state, 0])) as StateCounts

/** Terminals by state; of states that are not named there are none. */
export function stateCounts(some: Partial<StateCounts>): StateCounts {
  return { ...NONE, ...some }
}
