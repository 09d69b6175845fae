import type { Instant } from '../time.ts'
import type { MaintenanceWindow } from './outage.ts'

/** So many windows of a rule are planned ahead. */
export const PLANNED_AHEAD = 2

/** What a rule lacks and what it no longer stands behind. */
export type RulePlan = { readonly add: readonly Instant[]; readonly remove: readonly MaintenanceWindow[] }

/**
 * An operator took this window of a rule back: it stays, with no length, so that the rule does not plan it again.
 * It is planned work nowhere else.
 */
export function isTakenBack({ from, to }: MaintenanceWindow): boolean {
  return to <= from
}

/** Windows of the rule that have not begun, those that were taken back among them. */
export function windowsAhead(
  windows: Iterable<MaintenanceWindow>,
  ruleId: string,
  now: Instant,
): readonly MaintenanceWindow[] {
  return [...windows].filter(({ rule, from }) => rule === ruleId && from > now)
}

/**
 * Plans the next windows of a rule. `times` are its next times, oldest first, at least `PLANNED_AHEAD` more than
 * there are windows `ahead`. A window that is none of them was planned in another time zone.
 */
export function planRule(
  times: readonly Instant[],
  ahead: readonly MaintenanceWindow[],
  now: Instant,
): RulePlan {
  const last = times.at(-1) ?? now
  const known = new Map(ahead.map((window) => [window.from, window]))
  const add: Instant[] = []
  let planned = 0
  for (const at of times) {
    if (at <= now || planned >= PLANNED_AHEAD) continue
    const window = known.get(at)
    if (window !== undefined && isTakenBack(window)) continue
    planned++
    if (window === undefined) add.push(at)
  }
  // What lies behind the times that are known here may be one of them: the clock was set back.
  return { add, remove: ahead.filter(({ from }) => from <= last && !times.includes(from)) }
}

/** The first time that comes before the window of the time before it is over; undefined when none does. */
export function firstOverlap(times: readonly Instant[], durationMs: number): Instant | undefined {
  return times.find((at, index) => index > 0 && at - (times[index - 1] ?? at) < durationMs)
}
