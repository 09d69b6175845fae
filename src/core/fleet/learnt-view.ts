import { gapsOf, type Habit } from '../freshness/gaps.ts'
import { learntMs } from '../freshness/learnt.ts'
import { SECOND } from '../time.ts'
import { type Fleet, sourceOf } from './fleet.ts'
import type { LearntHabit, TerminalView } from './view.ts'

/** What a terminal that learns has learnt so far, whether or not it is what it is judged by. */
export function learntOf(fleet: Fleet, row: number): Pick<TerminalView, 'learnt'> {
  if (!fleet.thresholds.learning.has(row)) return {}
  return { learnt: { ...habitOf(fleet, row, 'moving'), ...habitOf(fleet, row, 'parked') } }
}

function habitOf(fleet: Fleet, row: number, habit: Habit): Partial<Record<Habit, LearntHabit>> {
  const bounds = fleet.thresholds.learning.get(row)
  const seen = gapsOf(fleet.gaps, row, habit)
  if (!bounds || seen.gaps === 0) return {}
  const ms = learntMs(seen, habit, sourceOf(fleet, row)?.intervalMs ?? 0, bounds)
  return { [habit]: { seconds: ms === undefined ? null : ms / SECOND, gaps: seen.gaps } }
}
