import type { TerminalTable } from '../../fleet/terminal-table.ts'
import { HOUR, type Instant } from '../../time.ts'
import { instantAfter } from '../blindness.ts'
import { toldUntil } from '../polls.ts'
import { clockBehind } from '../registers.ts'
import { CODE, isSilent } from '../state.ts'
import { USUAL_GAPS } from '../usual.ts'
import type { CensusSource } from './census-source.ts'

/** By code of the state; a terminal that was not judged yet has 0. */
const MAY_TALK = Array.from({ length: 256 }, () => true)
for (const state of ['decommissioned', 'suspended', 'maintenance', 'never', 'sleeping'] as const) {
  MAY_TALK[CODE[state]] = false
}

/** Whether people said that it need not talk, or it never did. */
export function isExcused(table: TerminalTable, row: number): boolean {
  return !MAY_TALK[table.state[row] ?? 0]
}

/**
 * The declared interval counts until a terminal's own one is known. That it talks less often shows from its first gap
 * on, or a source whose interval is declared too short would begin with everybody overdue.
 */
export function usualInterval(table: TerminalTable, source: CensusSource, row: number): number {
  const isLearnt = (table.usualCount[row] ?? 0) >= USUAL_GAPS
  return Math.max(table.usualMs[row] ?? 0, isLearnt ? 0 : source.intervalMs, source.leastMs)
}

/** It spoke only once, as far as is known: when it will speak again nobody can expect yet. */
export function isNewcomer(table: TerminalTable, row: number): boolean {
  return (table.usualCount[row] ?? 0) === 0
}

/** A terminal whose clock is behind sends nothing that counts as live, and talks all the same. */
export function isLatelyLive(table: TerminalTable, row: number, at: Instant, limit: number): boolean {
  const horizon = at - Math.max(limit, HOUR)
  if ((table.liveAt[row] ?? 0) > horizon) return true
  return (table.contactAt[row] ?? 0) > horizon && clockBehind(table, row)
}

/** Its silence began before the window and is known. */
export function wasSilentBefore(table: TerminalTable, row: number, start: Instant): boolean {
  return isSilent(table.state[row] ?? 0) && (table.stateSince[row] ?? 0) < start
}

/** Exact as far as it is not in the future. */
export function overdueAt(
  table: TerminalTable,
  now: Instant,
  source: CensusSource,
  row: number,
  limit: number,
): Instant {
  const contactAt = table.contactAt[row] ?? 0
  const due = contactAt + limit
  if (due > now || contactAt >= source.deafUntil) return due
  return instantAfter(source.deafness, contactAt, limit)
}

/** Up to when silence of the terminal is observed. */
export function untilOf({ polls, heardUntil: until }: CensusSource, row: number): Instant {
  return polls ? Math.min(until, toldUntil(polls, row)) : until
}
