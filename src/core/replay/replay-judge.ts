import type { Fleet } from '../fleet/fleet.ts'
import { takeDirty } from '../fleet/terminal-table.ts'
import type { Transition } from '../freshness/state.ts'
import { beginSweep, sweepRows } from '../freshness/sweep.ts'
import type { Instant } from '../time.ts'
import { nextChange } from './next-change.ts'
import type { RowTimers } from './row-timers.ts'

/**
 * Judges terminals as of `now`, and sets the timers for when that is to be done again. No change is dated before
 * `previously`.
 */
export type ReplayJudge = {
  row(row: number, now: Instant, previously: Instant): void
  all(now: Instant, previously: Instant): void
}

export function createReplayJudge(
  fleet: Fleet,
  timers: RowTimers,
  found: (transition: Transition) => void,
): ReplayJudge {
  function judge(from: number, to: number, now: Instant, previously: Instant): void {
    const transitions: Transition[] = []
    sweepRows(fleet, beginSweep(fleet, now), previously, from, to, transitions)
    for (const transition of transitions) found(transition)
    for (let row = from; row < to; row++) timers.set(row, nextChange(fleet, row, now))
  }

  return {
    row: (row, now, previously) => judge(row, row + 1, now, previously),
    all(now, previously) {
      judge(0, fleet.inventory.length, now, previously)
      // Nothing of it is ever stored.
      takeDirty(fleet.table)
      fleet.changedInventory.clear()
      fleet.learnt = []
      fleet.disputed = []
      fleet.changedIncidents = []
      fleet.changedBaselines = []
    },
  }
}
