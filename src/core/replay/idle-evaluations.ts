import type { Fleet } from '../fleet/fleet.ts'
import { MASS_EVERY } from '../freshness/mass/mass.ts'
import { DAY, type Instant } from '../time.ts'

/**
 * When nothing has happened for a week incidents neither open nor close by themselves, for what is usual recurs each
 * week; but who talks rarely is missed only after five of its usual intervals (freshness/mass/census.ts).
 */
const AT_REST_AFTER = 8 * DAY
const INTERVALS_MISSED = 5
const LONGEST_UNREST = 400 * DAY
/** Evaluations begin again so long before something happens: to those after it they are as if there had been all. */
const AWAKE_BEFORE = DAY

/**
 * How many evaluations of mass silence, from the one at `massAt` on, find nothing for sure: years without a line would
 * take hours otherwise. `stirredAt`: when something other than an evaluation happened last, `nextAt`: when it will.
 */
export function idleEvaluations(fleet: Fleet, massAt: Instant, stirredAt: Instant, nextAt: Instant): number {
  if (massAt - stirredAt <= AT_REST_AFTER) return 0
  const count = Math.max(0, Math.floor((nextAt - AWAKE_BEFORE - massAt) / MASS_EVERY))
  return count > 0 && massAt - stirredAt > unrestMs(fleet) ? count : 0
}

function unrestMs({ sources, table }: Fleet): number {
  let slowestMs = 0
  for (const { intervalMs, polls } of sources)
    slowestMs = Math.max(slowestMs, intervalMs, polls?.everyMs ?? 0)
  for (let row = 0; row < table.size; row++) slowestMs = Math.max(slowestMs, table.usualMs[row] ?? 0)
  return Math.min(AT_REST_AFTER + INTERVALS_MISSED * slowestMs, LONGEST_UNREST)
}
