import type { Fleet } from '../fleet/fleet.ts'
import type { TerminalTable } from '../fleet/terminal-table.ts'
import { type Judged, judge } from '../telemetry/judge.ts'
import type { Observation } from '../telemetry/observation.ts'
import type { Instant } from '../time.ts'
import { instantAfter } from './blindness.ts'
import { deafness } from './polled-watch.ts'
import { type Polls, type Seen, seeValue } from './polls.ts'
import { applyObservation, applyPolledChange, isParked, judgeAnew } from './registers.ts'
import { CODE, isSilent } from './state.ts'
import { noteClockFault, noteTraces } from './traces.ts'

/** What became of a polled value. `clock`: what is wrong with the terminal's clock. */
export type Taken = { readonly seen: Seen; readonly clock?: NonNullable<Judged['clock']> }

/**
 * Takes one value of a good poll (spec/freshness.md 2): another value than in the previous poll is a contact, an
 * unchanged one moves nothing, the first one of this run counts by its own time. The value is the snapshot's `eventAt`
 * as it was told, `receivedAt` the time of the poll. Of one poll a terminal must be given once.
 */
export function applyPolled(
  table: TerminalTable,
  row: number,
  snapshot: Observation,
  source: number,
  polls: Polls,
): Taken {
  const seen = seeValue(polls, row, snapshot.eventAt)
  if (seen === 'unchanged') return { seen }
  const { observation, clock } = judge(snapshot, NO_LAG)
  noteTraces(table, row, observation)
  if (clock) noteClockFault(table, row, snapshot.receivedAt)
  if (seen === 'changed') applyPolledChange(table, row, observation, source)
  else applyObservation(table, row, observation, source)
  return clock ? { seen, clock } : { seen }
}

/** The lag is that of live data, and a snapshot is none. */
const NO_LAG = { liveLagMs: Infinity }

/**
 * Takes what the service said of one terminal when it was asked: a snapshot that is compared with no other. When this
 * shows that a silent terminal is parked, or is not, other limits hold for it than those by which it was judged.
 */
export function applyTold(
  table: TerminalTable,
  row: number,
  snapshot: Observation,
  source: number,
): Judged['clock'] {
  const wasParked = isParked(table, row)
  const { observation, clock } = judge(snapshot, NO_LAG)
  noteTraces(table, row, observation)
  if (clock) noteClockFault(table, row, snapshot.receivedAt)
  applyObservation(table, row, observation, source)
  if (isSilent(table.state[row] ?? 0) && isParked(table, row) !== wasParked) judgeAnew(table, row)
  return clock
}

/**
 * Up to when a polled source had surely been polled in earlier runs, from what its terminals went through: before the
 * first good poll of this run their silence is told by that, and is rather too short than too long. -Infinity: unknown.
 */
export function polledBefore(fleet: Fleet, source: number): Instant {
  const watch = fleet.sources[source - 1]
  const { table, thresholds } = fleet
  let until = -Infinity
  for (let row = 0; row < table.size; row++) {
    const contactAt = table.contactAt[row] ?? 0
    if (watch === undefined || table.source[row] !== source || contactAt === 0) continue
    const isSleeping = table.state[row] === CODE.sleeping
    const proven = isSleeping
      ? instantAfter(deafness(watch), contactAt, thresholds.movingMs[row] ?? 0) + 1
      : contactAt
    if (proven > until) until = proven
  }
  return until
}
