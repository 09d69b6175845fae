import type { Fleet } from '../fleet/fleet.ts'
import { heardUntil } from '../freshness/polled-watch.ts'
import { wasPolled } from '../freshness/polls.ts'
import { CODE, isSilent } from '../freshness/state.ts'
import { type Instant, SECOND } from '../time.ts'

/** A terminal whose state (voltage, ignition, position) is worth a call; an urgent one before all others. */
export type Suspect = { readonly terminalId: string; readonly urgent: boolean }

/** How urgently a terminal is to be asked about; 0 first. */
const NEARLY_SILENT = 0
const UNTOLD = 1
const TOLD = 2

/** State tells whole seconds, the list milliseconds. */
const SAME_TIME_MS = SECOND

/**
 * The suspects of a polled source, the most urgent first. The list of all terminals does not tell a parked truck from a
 * dead one, so those that are nearly silent come first: when they are asked in time, a parked one is never called
 * stale. Then those silent or without a fix of whose last data nothing is known yet, then the others.
 */
export function suspectsOf(fleet: Fleet, source: number, now: Instant): readonly Suspect[] {
  const watch = fleet.sources[source - 1]
  if (!watch?.polls) return []
  const until = heardUntil(watch, now)
  const found: { readonly row: number; readonly urgency: number; readonly contactAt: Instant }[] = []
  for (let row = 0; row < fleet.inventory.length; row++) {
    if (!wasPolled(watch.polls, row) || fleet.table.source[row] !== source) continue
    const urgency = urgencyOf(fleet, row, until)
    if (urgency !== undefined) found.push({ row, urgency, contactAt: fleet.table.contactAt[row] ?? 0 })
  }
  found.sort((a, b) => {
    if (a.urgency !== b.urgency) return a.urgency - b.urgency
    // Of the nearly silent first those that will be stale first, of the others those that were heard last.
    return a.urgency === NEARLY_SILENT ? a.contactAt - b.contactAt : b.contactAt - a.contactAt
  })
  return found.flatMap(({ row, urgency }) => {
    const terminalId = fleet.inventory.at(row)?.id
    return terminalId === undefined ? [] : { terminalId, urgent: urgency !== TOLD }
  })
}

function urgencyOf({ table, thresholds }: Fleet, row: number, until: Instant): number | undefined {
  const code = table.state[row] ?? 0
  const contactAt = table.contactAt[row] ?? 0
  if (contactAt === 0) return undefined
  const toldAt = Math.max(table.ignitionAt[row] ?? 0, table.speedAt[row] ?? 0)
  const isTold = toldAt > (table.dataAt[row] ?? 0) - SAME_TIME_MS
  if (isSilent(code) || code === CODE['no-fix']) return isTold ? TOLD : UNTOLD
  const isJudged = code === CODE.fresh || code === CODE.unknown || code === CODE.sleeping
  const isNear = until - contactAt > (thresholds.movingMs[row] ?? 0) / 2
  return isJudged && isNear && !isTold ? NEARLY_SILENT : undefined
}
