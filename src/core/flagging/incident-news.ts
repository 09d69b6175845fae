import type { Fleet } from '../fleet/fleet.ts'
import { partOfIncident, silentRows } from '../fleet/incident-scope.ts'
import type { Incident, IncidentGroup, StoredIncident } from '../freshness/mass/incident.ts'
import { presentIncident } from '../freshness/mass/open-incident.ts'
import { isExcused } from '../freshness/mass/talking.ts'
import type { DigestState } from './digest-state.ts'
import { ownRows } from './own-rows.ts'
import { isWholeFleet, type Scope } from './scope.ts'

/** An incident as those see it whose terminals are in it. */
export type IncidentNews = {
  /** With the numbers of their own terminals and without the names of others, as on the pages. */
  readonly incident: Incident
  /** All terminals are theirs. */
  readonly isWhole: boolean
  /** Members of theirs that are silent now; of an incident that is over: since before its end. */
  readonly stillSilent: number
}

/** `isNew`: it began, concerns them for the first time or ended since they were last told. */
export type DigestedIncident = IncidentNews & { readonly isNew: boolean }

/** Incidents that concern terminals of a scope and were open after its last digest. */
export function incidentNews(
  fleet: Fleet,
  incidents: readonly StoredIncident[],
  scope: Scope,
  last: Pick<DigestState, 'at' | 'begun'>,
): readonly DigestedIncident[] {
  const told = new Set(last.begun)
  const isNew = ({ id, openedAt, closedAt, silent }: Incident): boolean =>
    closedAt !== null || (!told.has(id) && (openedAt > last.at || silent > 0))
  return incidents.flatMap((stored) => {
    const { closedAt } = stored.incident
    if (closedAt !== null && closedAt <= last.at) return []
    const news = newsFor(fleet, stored, [scope])([scope])
    return news === null ? [] : [{ ...news, isNew: isNew(news.incident) }]
  })
}

/**
 * Looks at an incident for readers who have terminals of these scopes. What it gives tells what somebody sees who has
 * some of them; null when none of his terminals is in it.
 */
export function newsFor(
  fleet: Fleet,
  stored: StoredIncident,
  scopes: readonly Scope[],
): (theirs: readonly Scope[]) => IncidentNews | null {
  const { rows } = stored
  const incident = presentIncident(fleet, stored.incident)
  const until = incident.closedAt ?? Number.POSITIVE_INFINITY
  const silent = silentRows(fleet, incident, rows)
  const membersOf = ownRows(fleet, rows, scopes, until)
  const silentOf = ownRows(fleet, silent, scopes, until)
  return (theirs) => {
    if (theirs.some(isWholeFleet)) {
      // Whose fault is ours or the service's concerns all, even where its members are not known.
      if (rows.length === 0 && incident.dimension !== 'ingest') return null
      return { incident, isWhole: true, stillSilent: stillSilent(fleet, incident, silent) }
    }
    const [members, missing] = [membersOf(theirs), silentOf(theirs)]
    if (members.size === 0) return null
    const counts = { members: members.size, silent: missing.size }
    const part = partOfIncident(incident, counts, (group) => isNamedTo(fleet, theirs, members, group))
    return { incident: part, isWhole: false, stillSilent: stillSilent(fleet, part, missing) }
  }
}

/** Of those that were silent when it ended, the ones that have not spoken since and are still expected to. */
function stillSilent({ table }: Fleet, { closedAt, silent }: Incident, rows: Iterable<number>): number {
  if (closedAt === null) return silent
  let count = 0
  for (const row of rows) {
    const contactAt = table.contactAt[row] ?? 0
    if (contactAt > 0 && contactAt < closedAt && !isExcused(table, row)) count++
  }
  return count
}

/** Names of clients and dealers are those of people: somebody learns those of his terminals, and of his own dealer. */
function isNamedTo(
  { groups }: Fleet,
  theirs: readonly Scope[],
  members: ReadonlySet<number>,
  { dimension, group }: IncidentGroup,
): boolean {
  if (dimension === 'dealer') return theirs.some(({ dealer }) => dealer === group)
  if (dimension !== 'client') return true
  const number = groups.client.numbers.get(group)
  for (const row of members) if (groups.client.of[row] === number) return true
  return false
}
