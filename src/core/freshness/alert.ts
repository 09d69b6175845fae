import type { Fleet } from '../fleet/fleet.ts'
import { markDirty } from '../fleet/terminal-table.ts'
import { DAY, type Instant } from '../time.ts'
import { contentId } from './content-id.ts'
import { type Flaps, isUnstable, noteFlap, UNSTABLE_CHANGES } from './flaps.ts'
import { isParked } from './registers.ts'
import { CODE, isSilent, type StateCode, stateOf, type Transition } from './state.ts'

/**
 * Whether a change raises an alert, and which. A silence is alerted once, whatever becomes of its state; what was
 * already silent when it was first seen never is, nor what has an unstable link, which is noted once a day.
 */
export function alertFor(
  fleet: Fleet,
  row: number,
  before: StateCode,
  after: StateCode,
  at: Instant,
): Pick<Transition, 'alertId' | 'note'> {
  if (before === CODE.never && silentBefore(fleet, row, at)) {
    // Its first data, long after it was imported, tells of a silence that had begun before.
    fleet.table.alertedContactAt[row] = fleet.table.contactAt[row] ?? 0
  }
  if (isSilent(before) === isSilent(after) || before === 0) return {}
  const flaps = noteFlap(fleet.flaps, row, at)
  if (flaps.changes.length >= UNSTABLE_CHANGES) return noteOncePerDay(flaps, at)
  // Many are silent for one reason: whoever is still silent when that is over becomes a case of its own.
  if (!isSilent(after) || (fleet.table.incident[row] ?? 0) !== 0) return {}
  return raise(fleet, row)
}

/**
 * The alerts that were held back for members of an incident that is over: transitions that leave the state as it is.
 * Who has spoken again, or was never to be told of, raises none.
 */
export function heldAlerts(fleet: Fleet, rows: Iterable<number>, at: Instant): readonly Transition[] {
  const alerts: Transition[] = []
  for (const row of rows) {
    const alert = heldAlert(fleet, row, at)
    if (alert) alerts.push(alert)
  }
  return alerts
}

function heldAlert(fleet: Fleet, row: number, at: Instant): Transition | undefined {
  const { table, inventory, sources, flaps } = fleet
  const state = stateOf(table.state[row] ?? 0)
  if (state === null || !isSilent(table.state[row] ?? 0) || (table.leaveAt[row] ?? 0) !== 0) return undefined
  if (isUnstable(flaps.get(row), at)) return undefined
  const alert = raise(fleet, row)
  if (alert.alertId === undefined) return undefined
  markDirty(table, row)
  return {
    terminalId: inventory.text(row, 'id'),
    at,
    from: state,
    to: state,
    contactAt: table.contactAt[row] || null,
    source: sources[(table.source[row] ?? 0) - 1]?.id ?? '',
    ...alert,
  }
}

function raise(fleet: Fleet, row: number): Pick<Transition, 'alertId'> {
  const { table, inventory } = fleet
  const contactAt = table.contactAt[row] ?? 0
  if (table.alertedContactAt[row] === contactAt) return {}
  if (silentBefore(fleet, row, inventory.firstSeenAt(row))) return {}
  table.alertedContactAt[row] = contactAt
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
