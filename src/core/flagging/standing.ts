import type { Fleet } from '../fleet/fleet.ts'
import { isSilent, type State, stateOf } from '../freshness/state.ts'
import type { Instant } from '../time.ts'

/** `undecided`: planned work, suspension or blindness; whether it is back will be seen later. `gone`: of no interest. */
export type Standing = 'silent' | 'talking' | 'undecided' | 'gone'

/** What the state of a terminal means for those who are told of silence. */
export function standingOf({ table, inventory }: Fleet, row: number): Standing {
  const code = table.state[row] ?? 0
  if (inventory.at(row)?.mergedInto !== '') return 'gone'
  return isSilent(code) ? 'silent' : STANDING[stateOf(code) ?? 'unknown']
}

const STANDING: Readonly<Record<State, Standing>> = {
  decommissioned: 'gone',
  suspended: 'undecided',
  maintenance: 'undecided',
  never: 'undecided',
  lost: 'silent',
  stale: 'silent',
  unknown: 'undecided',
  backlog: 'talking',
  sleeping: 'talking',
  'no-fix': 'talking',
  fresh: 'talking',
}

/** Somebody has said that its silence is known, and until when: nobody is told of it before. */
export function isAcknowledged({ inventory }: Fleet, row: number, now: Instant): boolean {
  return (inventory.rare(row).acknowledged?.until ?? 0) > now
}
