import { type Fleet, isFull } from '../core/fleet/fleet.ts'
import { rowFor } from '../core/fleet/spoken-names.ts'
import { applyTold } from '../core/freshness/polled.ts'
import { noteMissing, noteNamed, type Polls, toldUntil } from '../core/freshness/polls.ts'
import { takePolled } from '../core/freshness/take.ts'
import type { ActivityRow } from '../core/online/activity.ts'
import { stateObservation } from '../core/online/told-state.ts'
import type { VehicleState } from '../core/online/vehicle-state.ts'
import type { Instant } from '../core/time.ts'
import type { Clock, Metrics } from '../ports.ts'
import type { RecordingTap } from './recorder.ts'

export type OnlineIntakeDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly fleet: Fleet
  readonly metrics: Metrics
  /** Who records what is taken in. */
  readonly recording?: RecordingTap
}

/** Takes what a poller learns into the registers. */
export type OnlineIntake = {
  /** The rows of a good poll that was answered at `at`; terminals that are new are discovered. */
  polled(rows: readonly ActivityRow[], at: Instant): void
  /** Terminals with data that were last heard by this source, in earlier runs too. */
  known(): number
  /** What the service said of one terminal. False: it has no data of it. */
  told(terminalId: string, state: VehicleState): boolean
}

/** The intake of a polled source, which is numbered and watched already. */
export function createOnlineIntake(
  { clock, fleet, metrics, recording }: OnlineIntakeDeps,
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
  function noteAbsent(kept: Polls, newest: ReadonlyMap<number, ActivityRow>, at: Instant): void {
    const { table } = fleet
    for (let row = 0; row < table.size; row++) {
      if (table.source[row] !== number || newest.has(row)) continue
      const contactAt = table.contactAt[row] ?? 0
      if (contactAt === 0) continue
      if (isNewsOf(kept, row, false))
        recording?.current?.missing(source, fleet.inventory.at(row)?.id ?? '', at)
      noteMissing(kept, row, contactAt)
    }
  }

  /** Whether a recording must tell that the terminal is in an answer, or is not: it was otherwise in the last one. */
  function isNewsOf(kept: Polls, row: number, isNamed: boolean): boolean {
    const sink = recording?.current
    if (!sink) return false
    return sink.isNewTo(source) || (toldUntil(kept, row) === Infinity) !== isNamed
  }

  function polled(rows: readonly ActivityRow[], at: Instant): void {
    const kept = polls()
    if (!kept) return
    const newest = newestByRow(rows, at)
    noteAbsent(kept, newest, at)
    let moved = 0
    for (const [row, { terminalId, lastDataAt }] of newest) {
      const eventAt = lastDataAt === null ? {} : { eventAt: lastDataAt }
      const snapshot = { terminalId, source, receivedAt: at, kind: 'snapshot', ...eventAt } as const
      const { seen, clock: fault } = takePolled(fleet, row, snapshot, number, kept)
      if (seen !== 'unchanged' || isNewsOf(kept, row, true)) recording?.current?.observed(snapshot)
      noteNamed(kept, row)
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
    recording?.current?.observed(snapshot, true)
    if (fault) metrics.add('watch_clock_faults_total', { source, fault })
    metrics.add('watch_messages_total', { source, kind: 'snapshot' })
    return true
  }

  function known(): number {
    const { table } = fleet
    let count = 0
    for (let row = 0; row < table.size; row++) {
      if (table.source[row] === number && (table.contactAt[row] ?? 0) > 0) count++
    }
    return count
  }

  return { polled, told, known }
}
