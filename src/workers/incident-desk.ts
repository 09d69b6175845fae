import type { Fleet } from '../core/fleet/fleet.ts'
import { listMembers, type MemberView } from '../core/fleet/incident-members.ts'
import type { Incident } from '../core/freshness/mass/incident.ts'
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
  const open = (): readonly Incident[] => [...fleet.incidents.values()].sort(newestFirst)

  /** As it is now: what is stored of an open one is up to a flush old. */
  function present(stored: Incident): Incident {
    return stored.closedAt === null ? (open().find(({ id }) => id === stored.id) ?? stored) : stored
  }

  async function all(): Promise<readonly Incident[]> {
    const found: Incident[] = []
    for (;;) {
      const batch = await store.incidents(BATCH, found.at(-1)?.id)
      found.push(...batch)
      if (batch.length < BATCH) return found.map(present)
    }
  }

  return {
    /** Newest first. */
    open,
    /** Newest first. `cursor`: id of the last one of the page before. */
    async list(query: {
      readonly state?: 'open' | 'closed'
      readonly limit: number
      readonly cursor?: string
    }): Promise<Page | 'bad-cursor'> {
      const { state, limit, cursor } = query
      const after = cursor === undefined ? undefined : (await store.incident(cursor))?.incident
      if (cursor !== undefined && !after) return 'bad-cursor'
      const candidates = state === 'open' ? open() : await all()
      const wanted = candidates.filter(({ closedAt }) => state !== 'closed' || closedAt !== null)
      const rest = after ? wanted.filter((incident) => newestFirst(after, incident) < 0) : wanted
      const items = rest.slice(0, limit)
      return {
        items,
        next: rest.length > limit ? (items.at(-1)?.id ?? null) : null,
        total: wanted.length,
      }
    },
    /** With its members from the place `from` on. */
    async get(
      id: string,
      from: number,
      limit: number,
    ): Promise<
      | {
          readonly incident: Incident
          readonly members: { readonly items: readonly MemberView[]; readonly total: number }
        }
      | undefined
    > {
      const stored = await store.incident(id)
      const incident = open().find((each) => each.id === id) ?? stored?.incident
      if (!incident) return undefined
      // One that opened a moment ago is not stored yet.
      const rows = stored?.rows ?? new Uint32Array()
      return { incident, members: listMembers(fleet, rows, from, limit) }
    },
  }
}

function newestFirst(a: Incident, b: Incident): number {
  return b.openedAt - a.openedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)
}
