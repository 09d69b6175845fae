import type { Fleet } from '../fleet/fleet.ts'
import type { Incident, StoredIncident } from '../freshness/mass/incident.ts'
import { presentIncident } from '../freshness/mass/open-incident.ts'
import { isSilent } from '../freshness/state.ts'
import type { Instant } from '../time.ts'
import { countInScopes, isWholeFleet, type Scope } from './scope.ts'

/** An incident as those see it whose terminals are in it. */
export type IncidentNews = {
  readonly incident: Incident
  /** Members of theirs; null: all terminals are theirs. */
  readonly theirs: number | null
  /** Members of theirs that are silent now. */
  readonly stillSilent: number
  /** It began or ended since they were last told. */
  readonly isNew: boolean
}

/** Incidents that concern terminals of a scope and were open after `since`. */
export function incidentNews(
  fleet: Fleet,
  incidents: readonly StoredIncident[],
  scope: Scope,
  since: Instant,
): readonly IncidentNews[] {
  return incidents.flatMap((stored) => {
    const { closedAt } = stored.incident
    if (closedAt !== null && closedAt <= since) return []
    const news = newsFor(fleet, stored, [scope], since)
    return news === null ? [] : [news]
  })
}

/** An incident for somebody who has terminals of these scopes; null when none of them is in it. */
export function newsFor(
  fleet: Fleet,
  stored: StoredIncident,
  scopes: readonly Scope[],
  since: Instant,
): IncidentNews | null {
  const { rows } = stored
  const incident = presentIncident(fleet, stored.incident)
  const all = scopes.some(isWholeFleet)
  const until = incident.closedAt ?? Number.POSITIVE_INFINITY
  const theirs = countInScopes(fleet, rows, scopes, until)
  // Whose fault is ours or the service's concerns all, even where its members are not known.
  if (theirs === 0 && !(all && incident.dimension === 'ingest')) return null
  const silent = rows.filter((row) => isSilent(fleet.table.state[row] ?? 0))
  const isNew = incident.openedAt > since || (incident.closedAt !== null && incident.closedAt > since)
  return {
    incident,
    theirs: all ? null : theirs,
    stillSilent: countInScopes(fleet, silent, scopes, until),
    isNew,
  }
}
