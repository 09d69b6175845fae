import type { Incident } from '../../core/freshness/mass/incident.ts'
import { CODE, isSilent } from '../../core/freshness/state.ts'
import type { FlagChange, FlagStore } from '../../ports.ts'
import type { FleetTables } from './fleet-store.ts'

/** What the digests read of the past, while the process lasts. `tables`: those of the store of the fleet. */
export function createMemoryFlagStore(
  tables: Pick<FleetTables, 'transitions' | 'newest' | 'incidents'>,
): FlagStore {
  return {
    changes: async (after, limit) =>
      [...tables.transitions.values()]
        .flat()
        .filter((change) => change.number > after && isFlag(change))
        .sort((a, b) => a.number - b.number)
        .slice(0, limit),
    newest: async () => tables.newest,
    incidents: async (limit, before) => {
      const all = [...tables.incidents.values()].map(({ incident }) => incident).sort(newestFirst)
      if (before === undefined) return all.slice(0, limit)
      const index = all.findIndex(({ id }) => id === before)
      return index < 0 ? [] : all.slice(index + 1, index + 1 + limit)
    },
    incidentsSince: async (after, limit) => {
      const all = [...tables.incidents.values()].map(({ incident }) => incident)
      const open = all.filter(({ closedAt }) => closedAt === null).sort(newestFirst)
      const ended = all.filter(({ closedAt }) => closedAt !== null && closedAt > after).sort(newestEndFirst)
      return [...open, ...ended].slice(0, limit)
    },
    incident: async (id) => {
      const found = tables.incidents.get(id)
      return found && { incident: found.incident, rows: found.rows.slice() }
    },
  }
}

function isFlag({ alertId, note, from, to }: FlagChange): boolean {
  if (alertId !== undefined || note !== undefined) return true
  return from !== null && isSilent(CODE[from]) && !isSilent(CODE[to])
}

function newestFirst(a: Incident, b: Incident): number {
  return b.openedAt - a.openedAt || (a.id < b.id ? 1 : -1)
}

function newestEndFirst(a: Incident, b: Incident): number {
  return (b.closedAt ?? 0) - (a.closedAt ?? 0) || (a.id < b.id ? 1 : -1)
}
