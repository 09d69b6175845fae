import { CONCERNING } from '../../core/fleet/need.ts'
import type { StateCounts } from '../../core/fleet/view.ts'
import { STATES, type State } from '../../core/freshness/state.ts'

/** How much a state concerns the one who looks after the fleet. */
export type StateGroup = 'attention' | 'good' | 'other'

const GOOD: readonly State[] = ['fresh', 'sleeping']

/** The states of a group, in the order of the specification. */
export function statesIn(group: StateGroup): readonly State[] {
  return STATES.filter((state) => groupOf(state) === group)
}

/** Whether a state is of a group. */
export function isIn(state: State, group: StateGroup): boolean {
  return groupOf(state) === group
}

/** How many terminals are in a group of states. */
export function countOf(states: StateCounts, group: StateGroup): number {
  return statesIn(group).reduce((sum, state) => sum + states[state], 0)
}

function groupOf(state: State): StateGroup {
  if (CONCERNING.some((concerning) => concerning === state)) return 'attention'
  return GOOD.includes(state) ? 'good' : 'other'
}
