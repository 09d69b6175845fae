import type { StateCounts } from '../../core/fleet/view.ts'
import { STATES, type State } from '../../core/freshness/state.ts'

/** How much a state concerns the one who looks after the fleet. */
export type StateGroup = 'attention' | 'good' | 'other'

const GROUP_OF: Readonly<Record<State, StateGroup>> = {
  lost: 'attention',
  stale: 'attention',
  backlog: 'attention',
  'no-fix': 'attention',
  fresh: 'good',
  sleeping: 'good',
  never: 'other',
  unknown: 'other',
  maintenance: 'other',
  suspended: 'other',
  decommissioned: 'other',
}

/** The states of a group, in the order of the specification. */
export function statesIn(group: StateGroup): readonly State[] {
  return STATES.filter((state) => GROUP_OF[state] === group)
}

/** Whether a state is of a group. */
export function isIn(state: State, group: StateGroup): boolean {
  return GROUP_OF[state] === group
}

/** How many terminals are in a group of states. */
export function countOf(states: StateCounts, group: StateGroup): number {
  return statesIn(group).reduce((sum, state) => sum + states[state], 0)
}
