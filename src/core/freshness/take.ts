import type { Fleet } from '../fleet/fleet.ts'
import { placeInFirmware } from '../fleet/fleet-groups.ts'
import { draining } from '../telemetry/draining.ts'
import { type Judged, judge } from '../telemetry/judge.ts'
import { heard, type Observation } from '../telemetry/observation.ts'
import type { Instant } from '../time.ts'
import { closeGap, closePolledGap, openGap, openPolledGap, SHORTEST_GAP } from './contact-gap.ts'
import { noteConnect } from './diagnosis/connects.ts'
import { applyPolled, type Taken } from './polled.ts'
import type { Polls } from './polls.ts'
import { applyObservation, watchLag } from './registers.ts'
import { noteClockFault, noteLate, noteTraces } from './traces.ts'

/**
 * Takes an observation of a pushed source into everything that is kept of its terminal: registers, readings, and what
 * is learnt from the time between two contacts. `source`: its number. Returns what it was judged to be.
 */
export function takeObservation(fleet: Fleet, row: number, raw: Observation, source: number): Judged {
  const watch = fleet.sources[source - 1]
  if (!watch) throw new Error(`no source has the number ${source}`)
  const { table } = fleet
  const liveLagMs = fleet.thresholds.liveLagMs.get(row) ?? watch.liveLagMs
  const judged = judge(draining(watch, raw), { liveLagMs })
  const { observation } = judged
  const { kind, eventAt } = observation
  noteTraces(table, row, observation)
  if (judged.clock) noteClockFault(table, row, heard(observation))
  noteLate(table, row, observation)
  const known = table.contactAt[row] ?? 0
  const heardBy = table.source[row]
  if (kind === 'presence') noteConnect(fleet.traces.connects, row, observation, known)
  const gap = kind === 'live' || kind === 'archive' ? openGap(table, row) : undefined
  applyObservation(table, row, observation, source)
  if (gap) closeGap(fleet, row, gap, source, kind === 'live', liveLagMs)
  if (kind === 'live') countMessage(table, row, source, known, heardBy)
  if (eventAt !== undefined && (kind === 'live' || kind === 'archive')) {
    const at = heard(observation)
    watchLag(table, row, at - eventAt, at, liveLagMs)
  }
  if (observation.readings?.firmware !== undefined) placeInFirmware(fleet, row)
  return judged
}

/**
 * Counts a live message for its source, whose rate is compared with how often terminals usually make contact. Further
 * records of one message are none, and each of two sources that bring the same counts it.
 */
function countMessage(
  { contactAt, liveCounts }: Fleet['table'],
  row: number,
  source: number,
  contactBefore: Instant,
  sourceBefore: number | undefined,
): void {
  if ((contactAt[row] ?? 0) - contactBefore < SHORTEST_GAP && source === sourceBefore) return
  liveCounts[source] = (liveCounts[source] ?? 0) + 1
}

/** Takes a value of a good poll, as `applyPolled`, and learns from the time since the one that changed before. */
export function takePolled(
  fleet: Fleet,
  row: number,
  snapshot: Observation,
  source: number,
  polls: Polls,
): Taken {
  const gap = openPolledGap(fleet.table, row)
  const taken = applyPolled(fleet.table, row, snapshot, source, polls)
  if (gap && taken.seen === 'changed') {
    closePolledGap(fleet, row, gap, source, snapshot.receivedAt, polls.everyMs)
  }
  return taken
}
