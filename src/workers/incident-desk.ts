import type { Fleet } from '../core/fleet/fleet.ts'
import { listMembers, type MemberPage, type MemberQuery } from '../core/fleet/incident-members.ts'
import { incidentInScope, openRows, rowsOfIncident } from '../core/fleet/incident-scope.ts'
import type { Scope } from '../core/fleet/scope.ts'
import type { Incident } from '../core/freshness/mass/incident.ts'
import { presentIncident } from '../core/freshness/mass/open-incident.ts'
import type { FlagStore } from '../ports.ts'

export type IncidentDeskDeps = {
  readonly fleet: Fleet
  readonly store: Pick<FlagStore, 'incidents' | 'incident'>
}

type Page = { readonly items: readonly Incident[]; readonly next: string | null; readonly total: number }

/** Incidents that are read from the store at once. */
const BATCH = 1000

/** Incidents of mass silence for people: the open ones from memory, the past from the store. */
export function createIncidentDesk({ fleet, store }: IncidentDeskDeps) {
  const everybodys = (): readonly Incident[] => [...fleet.incidents.values()].sort(newestFirst)

  async function all(): Promise<readonly Incident[]> {
    const found: Incident[] = []
    for (;;) {
      const batch = await store.incidents(BATCH, found.at(-1)?.id)
      found.push(...batch)
      if (batch.length < BATCH) return found.map((incident) => presentIncident(fleet, incident))
    }
  }

  /** As somebody sees it; undefined: none of its terminals is his. */
  async function seen(incident: Incident, scope: Scope): Promise<Incident | undefined> {
    if (scope === 'all') return incident
    // What is stored of an open one is up to a flush old.
    const open = openRows(fleet, incident)
    const rows = open.length > 0 ? open : ((await store.incident(incident.id))?.rows ?? open)
    return incidentInScope(fleet, incident, rows, scope)
  }

  async function seenOnes(incidents: readonly Incident[], scope: Scope): Promise<readonly Incident[]> {
    if (scope === 'all') return incidents
    const views: Incident[] = []
    for (const incident of incidents) {
      const view = await seen(incident, scope)
      if (view) views.push(view)
    }
    return views
  }

  /** What somebody may see of incidents: those with terminals of his, and of those nobody else's numbers and names. */
  const seenBy = (scope: Scope) => ({
    /** Newest first. */
    open: (): readonly Incident[] =>
      everybodys().flatMap((incident) =>
        scope === 'all'
          ? incident
          : (incidentInScope(fleet, incident, openRows(fleet, incident), scope) ?? []),
      ),
    /** Newest first. `cursor`: id of the last one of the page before. */
    async list(query: {
      readonly state?: 'open' | 'closed'
      readonly limit: number
      readonly cursor?: string
    }): Promise<Page | 'bad-cursor'> {
      const { state, limit, cursor } = query
      const known = cursor === undefined ? undefined : (await store.incident(cursor))?.incident
      const after = known && (await seen(known, scope))
      if (cursor !== undefined && !after) return 'bad-cursor'
      const candidates = await seenOnes(state === 'open' ? everybodys() : await all(), scope)
      const wanted = candidates.filter(({ closedAt }) => state !== 'closed' || closedAt !== null)
      const rest = after ? wanted.filter((incident) => newestFirst(after, incident) < 0) : wanted
      const items = rest.slice(0, limit)
      return {
        items,
        next: rest.length > limit ? (items.at(-1)?.id ?? null) : null,
        total: wanted.length,
      }
    },
    /** With a page of its members. */
    async get(
      id: string,
      query: MemberQuery,
    ): Promise<{ readonly incident: Incident; readonly members: MemberPage } | 'bad-cursor' | undefined> {
      const stored = await store.incident(id)
      const known = everybodys().find((each) => each.id === id) ?? stored?.incident
      const incident = known && (await seen(known, scope))
      if (!incident) return undefined
      // One that opened a moment ago is not stored yet.
      const rows = stored?.rows ?? new Uint32Array()
      const members = listMembers(fleet, rowsOfIncident(fleet, incident, rows, scope), query)
      return members === 'bad-cursor' ? members : { incident, members }
    },
  })
  return { seenBy }
}

function newestFirst(a: Incident, b: Incident): number {
  return b.openedAt - a.openedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)
}
