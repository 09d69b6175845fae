import { type Instant, toIso } from '../time.ts'
import { decide } from './clock.ts'
import { type ClockState, NEW_CLOCK, type OutagePolicy } from './clock-state.ts'
import type { Outage } from './outage.ts'
import { mergeWindows, type Span } from './planned-work.ts'
import type { Uptime } from './status.ts'
import { timeline } from './timeline.ts'
import { addSegments, NO_TIME, uptimeOf } from './uptime.ts'
import type { ClockStep, Round } from './verdict.ts'

/** What `replay outages` prints; times are ISO 8601 UTC. */
export type ReplayResult = { readonly outages: readonly ReplayedOutage[]; readonly uptime: Uptime }

export type ReplayedOutage = {
  readonly start: string
  readonly end: string | null
  readonly downMs: number
  readonly possibleMs: number
  readonly letterDueAt: string | null
  readonly operatorAlarmAt: string | null
  readonly intermittent: boolean
}

/** Folds a whole trace, rows in the order in which they were made; uptime is that from its first to its last row. */
export function replayTrace(
  rows: Iterable<Round | ClockStep>,
  windows: readonly Span[],
  policy: OutagePolicy,
): ReplayResult {
  const merged = mergeWindows(windows)
  const outages: Outage[] = []
  let clock = NEW_CLOCK
  let last: Instant | undefined
  for (const row of rows) {
    const decision = decide(clock, row, merged, policy)
    clock = decision.clock
    last = row.at
    for (const event of decision.events) if (event.kind === 'closed') outages.push(event.outage)
  }
  if (clock.open !== null) outages.push(clock.open.outage)
  return { outages: outages.map(printed), uptime: uptimeUpTo(clock, last, policy, merged) }
}

/** What follows the last known verdict is UNKNOWN. */
function uptimeUpTo(
  { cursor, totals }: ClockState,
  to: Instant | undefined,
  policy: OutagePolicy,
  merged: readonly Span[],
): Uptime {
  if (cursor === null || to === undefined) return uptimeOf(NO_TIME)
  const windows = policy.maintenancePauses ? merged : []
  return uptimeOf(addSegments(totals, timeline([], windows, { from: cursor.at, to })))
}

function printed(outage: Outage): ReplayedOutage {
  return {
    start: toIso(outage.start),
    end: isoOrNull(outage.end),
    downMs: outage.downMs,
    possibleMs: outage.possibleMs,
    letterDueAt: isoOrNull(outage.letterDueAt),
    operatorAlarmAt: isoOrNull(outage.operatorAlarmAt),
    intermittent: outage.intermittent,
  }
}

function isoOrNull(at: Instant | null): string | null {
  return at === null ? null : toIso(at)
}
