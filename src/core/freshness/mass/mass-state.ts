import type { Fleet } from '../../fleet/fleet.ts'
import type { Dimension } from '../../fleet/groups.ts'
import type { Instant } from '../../time.ts'
import type { Group } from './attribute.ts'
import type { Baseline } from './baseline.ts'
import type { Census } from './census.ts'
import type { Observer } from './guard.ts'
import type { IncidentGroup } from './incident.ts'
import type { OpenIncident } from './open-incident.ts'
import { createRates } from './rates.ts'

/** What one evaluation of mass silence leaves for the next (spec/freshness.md 7). */
export type Mass = {
  readonly census: Census
  /** For how many evaluations in a row a group has fired, by its key. */
  streaks: Map<string, number>
  /** Open incidents by number. */
  readonly open: Map<number, OpenIncident>
  /** By number of the group. */
  readonly baselines: Readonly<Record<Dimension, (Baseline | undefined)[]>>
  baselineCount: number
  /** By number of the source; none at 0. */
  readonly observers: Observer[]
  /** Baselines that are still to be stored. */
  readonly unstored: Map<Baseline, IncidentGroup>
  evaluatedAt: Instant
}

/** Number of the open incident for which a source is blind by its rate; 0: it is not. */
export function blindBy({ open }: Mass, source: number): number {
  for (const { number, incident, group } of open.values()) {
    if (incident.dimension === 'ingest' && group === source) return number
  }
  return 0
}

/** The observer of each source; sources may have been added. */
export function observersOf({ observers }: Mass, fleet: Fleet): readonly Observer[] {
  while (observers.length <= fleet.sources.length) observers.push({ rates: createRates(), baseline: null })
  return observers
}

/** What share of a group is usual in this quarter of an hour. */
export function usualIn({ baselines }: Mass, { dimension, number }: Group): number {
  return baselines[dimension][number]?.now ?? 0
}
