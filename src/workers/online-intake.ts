import { type Fleet, isFull, rowFor } from '../core/fleet/fleet.ts'
import { applyPolled, applyTold } from '../core/freshness/polled.ts'
import { noteMissing, noteNamed, type Polls } from '../core/freshness/polls.ts'
import type { ActivityRow } from '../core/online/activity.ts'
import { stateObservation } from '../core/online/told-state.ts'
import type { VehicleState } from '../core/online/vehicle-state.ts'
import type { Instant } from '../core/time.ts'
import type { Clock, Metrics } from '../ports.ts'

export type OnlineIntakeDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly fleet: Fleet
  readonly metrics: Metrics
}

/** Takes what a poller learns into the registers. */
export type OnlineIntake = {
  /** The rows of a good poll that was answered at `at`; terminals that are new are discovered. */
  polled(rows: readonly ActivityRow[], at: Instant): void
  /** Terminals that were last heard by this source, in earlier runs too. */
  known(): number
  /** What the service said of one terminal. False: it has no data of it. */
  told(terminalId: string, state: VehicleState): boolean
}

/** The intake of a polled source, which is numbered and watched already. */
export function createOnlineIntake(
  { clock, fleet, metrics }: OnlineIntakeDeps,
  source: string,
): OnlineIntake {
  const number = fleet.sourceNumbers.get(source) ?? 0

  /** Null: the source has become another kind by a reload. */
  function polls(): Polls | null {
    return fleet.sources[number - 1]?.polls ?? null
  }

  /** A terminal that is in the answer twice counts once, with its newest time: else it would change in every poll. */
  function newestByRow(rows: readonly ActivityRow[], at: Instant): Map<number, ActivityRow> {
    const newest = new Map<number, ActivityRow>()
    for (const entry of rows) {
      if (isFull(fleet) && !fleet.rows.has(entry.terminalId)) continue
      const row = rowFor(fleet, entry.terminalId, number, at)
      const known = newest.get(row)
      if (!known || (entry.lastDataAt ?? 0) > (known.lastDataAt ?? 0)) newest.set(row, entry)
    }
    return newest
  }

  /** Terminals that this source has told of, in this run or before, and that are not in the answer. */
  function noteAbsent(kept: Polls, newest: ReadonlyMap<number, ActivityRow>): void {
    const { table } = fleet
    for (let row = 0; row < table.size; row++) {
      const contactAt = table.contactAt[row] ?? 0
      if (newest.has(row)) noteNamed(kept, row)
      else if (contactAt !== 0 && table.source[row] === number) noteMissing(kept, row, contactAt)
    }
  }

  function polled(rows: readonly ActivityRow[], at: Instant): void {
    const kept = polls()
    if (!kept) return
    const newest = newestByRow(rows, at)
    noteAbsent(kept, newest)
    let moved = 0
    for (const [row, { terminalId, lastDataAt }] of newest) {
      const eventAt = lastDataAt === null ? {} : { eventAt: lastDataAt }
      const snapshot = { terminalId, source, receivedAt: at, kind: 'snapshot', ...eventAt } as const
      const { seen, clock: fault } = applyPolled(fleet.table, row, snapshot, number, kept)
      if (seen !== 'unchanged' && lastDataAt !== null) moved++
      if (fault) metrics.add('watch_clock_faults_total', { source, fault })
    }
    if (moved > 0) metrics.add('watch_messages_total', { source, kind: 'snapshot' }, moved)
  }

  function told(terminalId: string, state: VehicleState): boolean {
    const receivedAt = clock.now()
    const snapshot = stateObservation(state, { terminalId, source, receivedAt })
    const row = fleet.rows.get(terminalId)
    if (!snapshot || row === undefined) return false
    const fault = applyTold(fleet.table, row, snapshot, number)
    if (fault) metrics.add('watch_clock_faults_total', { source, fault })
    metrics.add('watch_messages_total', { source, kind: 'snapshot' })
    return true
  }

  function known(): number {
    let count = 0
    for (let row = 0; row < fleet.table.size; row++) if (fleet.table.source[row] === number) count++
    return count
  }

  return { polled, told, known }
}
