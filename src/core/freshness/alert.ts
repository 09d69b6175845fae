import type { Fleet } from '../fleet/fleet.ts'
import { markDirty, type TerminalTable } from '../fleet/terminal-table.ts'
import { DAY, type Instant } from '../time.ts'
import { contentId } from './content-id.ts'
import { type Flaps, isUnstable, noteFlap, unstableUntil } from './flaps.ts'
import { hasSpoken, isParked } from './registers.ts'
import { CODE, isSaid, isSilent, type StateCode, stateOf, type Transition } from './state.ts'

/**
 * Whether a change raises an alert, and which. A silence is alerted once, whatever becomes of its state; what was
 * already silent when it was first seen never is. The silence of an unstable link, which is noted once a day, and of the
 * member of an incident is alerted when that is over, if it lasts (heldAlerts).
 */
export function alertFor(
  fleet: Fleet,
  row: number,
  before: StateCode,
  after: StateCode,
  at: Instant,
): Pick<Transition, 'alertId' | 'note'> {
  const { table } = fleet
  // Its first data, long after it was imported, tells of a silence that had begun before.
  if (before === CODE.never && silentBefore(fleet, row, at)) takeAsTold(table, row)
  if (isSilent(before) === isSilent(after)) return {}
  if (before === 0) {
    takeAsTold(table, row)
    return {}
  }
  // What was kept told while it spoke again (registers.ts) was not told of its next silence.
  if (isSilent(before) && hasSpoken(table, row) && !isSaid(after)) table.alertedContactAt[row] = 0
  // Many are silent for one reason, or back: that says nothing of the links.
  if ((table.incident[row] ?? 0) !== 0) return {}
  const flaps = noteFlap(fleet.flaps, row, at)
  if (isUnstable(flaps, at)) {
    if (isSilent(after)) fleet.untold.add(row)
    return noteOncePerDay(flaps, at)
  }
  return isSilent(after) ? raise(fleet, row) : {}
}

/**
 * The alerts of silences that were not told when they began, because the link was unstable or the terminal a member of
 * an incident: transitions that leave the state as it is, dated when they were due, which is never before `previously`.
 * Who has spoken again, or was never to be told of, raises none.
 */
export function heldAlerts(
  fleet: Fleet,
  rows: Iterable<number>,
  previously: Instant,
  now: Instant,
): readonly Transition[] {
  const alerts: Transition[] = []
  for (const row of rows) {
    const alert = heldAlert(fleet, row, previously, now)
    if (alert) alerts.push(alert)
  }
  return alerts
}

function heldAlert(fleet: Fleet, row: number, previously: Instant, now: Instant): Transition | undefined {
  const { table, inventory, sources, untold } = fleet
  const stableAt = unstableUntil(fleet.flaps.get(row))
  // The end of an incident comes here again.
  if (!isUntold(table, row) || (table.incident[row] ?? 0) !== 0) {
    untold.delete(row)
    return undefined
  }
  // Whether it is back will be seen.
  if ((table.leaveAt[row] ?? 0) !== 0 || now < stableAt) {
    untold.add(row)
    return undefined
  }
  untold.delete(row)
  markDirty(table, row)
  const { alertId } = raise(fleet, row)
  if (alertId === undefined) return undefined
  const state = stateOf(table.state[row] ?? 0) ?? 'stale'
  return {
    terminalId: inventory.text(row, 'id'),
    at: Math.min(Math.max(stableAt, previously), now),
    from: state,
    to: state,
    contactAt: table.contactAt[row] || null,
    source: sources[(table.source[row] ?? 0) - 1]?.id ?? '',
    alertId,
  }
}

/** Remembers of what was restored or merged whether nobody was told of its silence yet. */
export function rememberUntold({ table, untold }: Pick<Fleet, 'table' | 'untold'>, row: number): void {
  if (isUntold(table, row)) untold.add(row)
}

/** Whether the silence since the last contact was alerted, or never is to be. */
export function isTold(table: TerminalTable, row: number): boolean {
  return table.alertedContactAt[row] === table.contactAt[row]
}

function isUntold(table: TerminalTable, row: number): boolean {
  return isSilent(table.state[row] ?? 0) && !isTold(table, row)
}

function takeAsTold(table: TerminalTable, row: number): void {
  table.alertedContactAt[row] = table.contactAt[row] ?? 0
}

function raise(fleet: Fleet, row: number): Pick<Transition, 'alertId'> {
  const { table, inventory } = fleet
  const contactAt = table.contactAt[row] ?? 0
  if (isTold(table, row)) return {}
  takeAsTold(table, row)
  if (silentBefore(fleet, row, inventory.firstSeenAt(row))) return {}
  return { alertId: alertId(inventory.text(row, 'id'), contactAt) }
}

function noteOncePerDay(flaps: Flaps, at: Instant): Pick<Transition, 'note'> {
  if (at - flaps.notedAt < DAY) return {}
  flaps.notedAt = at
  return { note: 'unstable-link' }
}

function alertId(terminalId: string, contactAt: Instant): string {
  return contentId(`${terminalId}\n${contactAt}`)
}

/** Whether the last contact was already over the threshold at the moment at which the terminal was first seen. */
function silentBefore({ table, thresholds }: Fleet, row: number, seenAt: Instant): boolean {
  const threshold = (isParked(table, row) ? thresholds.parkedMs[row] : thresholds.movingMs[row]) ?? 0
  return (table.contactAt[row] ?? 0) < seenAt - threshold
}
