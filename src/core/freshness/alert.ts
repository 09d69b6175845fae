import type { Fleet } from '../fleet/fleet.ts'
import { DAY, type Instant } from '../time.ts'
import { type Flaps, noteFlap, UNSTABLE_CHANGES } from './flaps.ts'
import { isParked } from './registers.ts'
import { CODE, isSilent, type StateCode, type Transition } from './state.ts'

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
  const { table } = fleet
  const contactAt = table.contactAt[row] ?? 0
  if (!isSilent(after) || table.alertedContactAt[row] === contactAt) return {}
  if (silentBefore(fleet, row, fleet.inventory[row]?.firstSeenAt ?? 0)) return {}
  // Many are silent for one reason: whoever is still silent when that is over becomes a case of its own.
  if ((table.incident[row] ?? 0) !== 0) return {}
  table.alertedContactAt[row] = contactAt
  return { alertId: alertId(fleet.inventory[row]?.id ?? '', contactAt) }
}

function noteOncePerDay(flaps: Flaps, at: Instant): Pick<Transition, 'note'> {
  if (at - flaps.notedAt < DAY) return {}
  flaps.notedAt = at
  return { note: 'unstable-link' }
}

/** FNV-1a, 64 bits, of terminal and onset, in hex: a second owner of the same facts names the same alert. */
function alertId(terminalId: string, contactAt: Instant): string {
  let hash = 0xcbf29ce484222325n
  for (const char of new TextEncoder().encode(`${terminalId}\n${contactAt}`)) {
    hash = ((hash ^ BigInt(char)) * 0x100000001b3n) & 0xffffffffffffffffn
  }
  return hash.toString(16).padStart(16, '0')
}

/** Whether the last contact was already over the threshold at the moment at which the terminal was first seen. */
function silentBefore({ table, thresholds }: Fleet, row: number, seenAt: Instant): boolean {
  const threshold = (isParked(table, row) ? thresholds.parkedMs[row] : thresholds.movingMs[row]) ?? 0
  return (table.contactAt[row] ?? 0) < seenAt - threshold
}
