import { type Fleet, placeInGroups } from '../fleet/fleet.ts'
import { draining } from '../telemetry/draining.ts'
import { type Judged, judge } from '../telemetry/judge.ts'
import { heard, type Observation } from '../telemetry/observation.ts'
import { applyObservation, watchLag } from './registers.ts'

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
  applyObservation(table, row, observation, source)
  const { kind, eventAt } = observation
  if (kind === 'live') table.liveCounts[source] = (table.liveCounts[source] ?? 0) + 1
  if (eventAt !== undefined && (kind === 'live' || kind === 'archive')) {
    const at = heard(observation)
    watchLag(table, row, at - eventAt, at, liveLagMs)
  }
  if (observation.readings?.firmware !== undefined) placeInGroups(fleet, row)
  return judged
}
