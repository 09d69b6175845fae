import type { Fleet } from '../fleet/fleet.ts'
import { useLearnt } from '../fleet/fleet-thresholds.ts'
import type { TerminalTable } from '../fleet/terminal-table.ts'
import { type Instant, SECOND } from '../time.ts'
import { type Blindness, blindBetween } from './blindness.ts'
import { learnGap } from './gaps.ts'
import { clockBehind, isParked } from './registers.ts'
import { isSaid, isSilent } from './state.ts'
import { learnUsual } from './usual.ts'

/** A silence that lasts: since when, by which source it was heard, whether the terminal was parked. */
export type OpenGap = { readonly from: Instant; readonly parked: boolean; readonly source: number }

/** What comes sooner belongs to the same message, ms. */
export const SHORTEST_GAP = SECOND

/**
 * The gap that lasts before a contact is taken in; undefined when the last contact was none of the terminal's own
 * rhythm, but a piece of an archive or a stored value.
 */
export function openGap(table: TerminalTable, row: number): OpenGap | undefined {
  const from = table.contactAt[row] ?? 0
  if (from === 0 || (table.liveAt[row] !== from && !clockBehind(table, row))) return undefined
  return { from, parked: isParked(table, row), source: table.source[row] ?? 0 }
}

/** As `openGap`, before a value of a poll: since the last one that changed, whatever was told in between. */
export function openPolledGap(table: TerminalTable, row: number): OpenGap | undefined {
  const from = table.liveAt[row] ?? 0
  return from === 0 ? undefined : { from, parked: isParked(table, row), source: table.source[row] ?? 0 }
}

/**
 * Learns from the gap when what a pushed source sent has ended it (spec/freshness.md 4). An archive ends one if it had
 * to wait for it, longer than live data may lag: what comes sooner are the pieces of an upload.
 */
export function closeGap(
  fleet: Fleet,
  row: number,
  gap: OpenGap,
  source: number,
  isLive: boolean,
  liveLagMs: number,
): void {
  const at = fleet.table.contactAt[row] ?? 0
  const ms = at - gap.from
  if (ms < SHORTEST_GAP) return
  const isRegular = isLive || clockBehind(fleet.table, row)
  if (!isRegular && ms <= liveLagMs) return
  if (!teaches(fleet, row, gap, source, at)) return
  if (isRegular && !gap.parked) learnUsual(fleet.table, row, ms)
  learn(fleet, row, gap, ms)
}

/**
 * The same when a polled value has changed at `at`: nothing shorter than the time between two polls can be seen, so a
 * gap counts as that at least, and what an extra poll told out of turn ends none.
 */
export function closePolledGap(
  fleet: Fleet,
  row: number,
  gap: OpenGap,
  source: number,
  at: Instant,
  pollEveryMs: number,
): void {
  const seen = at - gap.from
  if (seen < Math.max(SHORTEST_GAP, pollEveryMs / 2) || !teaches(fleet, row, gap, source, at)) return
  const ms = Math.max(seen, pollEveryMs)
  if (!gap.parked) learnUsual(fleet.table, row, ms)
  learn(fleet, row, gap, ms)
}

function learn(fleet: Fleet, row: number, { parked }: OpenGap, ms: number): void {
  const { learning } = fleet.thresholds
  if (learning.size === 0 || !learning.has(row)) return
  const habit = parked ? 'parked' : 'moving'
  learnGap(fleet.gaps, row, habit, ms)
  useLearnt(fleet, row, habit)
}

/**
 * Not a gap that ended in silence or that an open incident explains, nor one that was planned, nor one in which
 * somebody may not have been heard. A member of an incident is one until it ends, so its return finds it there.
 */
function teaches(fleet: Fleet, row: number, gap: OpenGap, source: number, at: Instant): boolean {
  const code = fleet.table.state[row] ?? 0
  if (isSilent(code) || isSaid(code) || (fleet.table.incident[row] ?? 0) !== 0) return false
  if (wasBlind(fleet, source, gap.from, at)) return false
  return gap.source === source || !wasBlind(fleet, gap.source, gap.from, at)
}

/** Of a polled source also while polls failed. */
function wasBlind(fleet: Fleet, source: number, from: Instant, to: Instant): boolean {
  const watch = fleet.sources[source - 1]
  return watch !== undefined && touches(watch.blindness, from, to)
}

function touches(blindness: Blindness, from: Instant, to: Instant): boolean {
  const last = blindness.to.length - 1
  // Nearly always the last blindness was over long before.
  return last >= 0 && from < (blindness.to[last] ?? 0) && blindBetween(blindness, from, to) > 0
}
