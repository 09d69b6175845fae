import { type Attention, countingAttention } from '../core/fleet/attention.ts'
import type { CauseCounts } from '../core/fleet/cause-counts.ts'
import { blindSpans, factsOf, type TerminalFacts } from '../core/fleet/facts.ts'
import type { Fleet } from '../core/fleet/fleet.ts'
import { seenIncidents } from '../core/fleet/incident-scope.ts'
import { type Leading, type LeadingQuery, leadingOfClients } from '../core/fleet/leading.ts'
import { listing, orderedRows, viewRows } from '../core/fleet/listing.ts'
import { createListRoom } from '../core/fleet/matching.ts'
import { viewRow } from '../core/fleet/query.ts'
import { isInScope, type Scope, seenSince } from '../core/fleet/scope.ts'
import { findingSources } from '../core/fleet/scope-sources.ts'
import { countingStates } from '../core/fleet/summary.ts'
import type {
  Summary,
  TerminalFilter,
  TerminalPage,
  TerminalQuery,
  TerminalSort,
  TerminalView,
} from '../core/fleet/view.ts'
import type { Transition } from '../core/freshness/state.ts'
import type { Span } from '../core/outage/planned-work.ts'
import type { Instant } from '../core/time.ts'
import type { Clock, FleetStore } from '../ports.ts'
import { createCauseLedger } from './cause-ledger.ts'
import { createInventoryDesk, type InventoryDeskDeps } from './inventory-desk.ts'
import { inSlices } from './slices.ts'
import { createTerminalDesk } from './terminal-desk.ts'
import { createTurns } from './turns.ts'

export type FleetDeskDeps = InventoryDeskDeps & {
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  readonly store: Pick<FleetStore, 'history'>
}

export type FleetDesk = ReturnType<typeof createFleetDesk>

/** The fleet for people: reading it and changing its inventory. */
export function createFleetDesk(deps: FleetDeskDeps) {
  const { clock, fleet, store } = deps
  /** Of the one list that is made at a time. */
  const room = createListRoom()
  const lists = createTurns()
  const causes = createCauseLedger(deps)
  return {
    ...createInventoryDesk(deps),
    ...createTerminalDesk(deps),
    /** What somebody may see of the fleet; the rest does not exist for him. */
    seenBy(scope: Scope) {
      const rowOf = (id: string): number | undefined => {
        const row = fleet.rows.get(id)
        return row !== undefined && isInScope(scope, groupsAt(fleet, row)) ? row : undefined
      }
      const sinceOf = (row: number): Instant =>
        seenSince(scope, { ...groupsAt(fleet, row), handedOver: fleet.inventory.rare(row).handedOver })
      return {
        list: (query: TerminalQuery): Promise<TerminalPage | 'bad-cursor'> =>
          lists.take(() => inSlices(listing(fleet, { ...query, scope }, clock.now(), room), { clock })),
        leading: (query: LeadingQuery): Promise<Leading> =>
          lists.take(() =>
            inSlices(leadingOfClients(fleet, { ...query, scope }, clock.now(), room), { clock }),
          ),
        /** All that match, in the order of the beginning, some at a time. */
        async *all(filter: TerminalFilter, sort: TerminalSort): AsyncGenerator<readonly TerminalView[]> {
          const rows = await inSlices(orderedRows(fleet, { ...filter, scope }, sort, clock.now()), { clock })
          const incidentOf = seenIncidents(fleet, scope)
          for (let from = 0; from < rows.length; from += VIEWED) {
            yield viewRows(fleet, rows.subarray(from, from + VIEWED), clock.now(), incidentOf)
          }
        },
        get: (id: string): TerminalView | undefined => {
          const row = rowOf(id)
          return row === undefined ? undefined : viewRow(fleet, row, clock.now(), seenIncidents(fleet, scope))
        },
        facts(id: string): TerminalFacts | undefined {
          const row = rowOf(id)
          const facts = row === undefined ? undefined : factsOf(fleet, row)
          if (row === undefined || !facts) return undefined
          return { ...facts, firstSeenAt: Math.max(facts.firstSeenAt, sinceOf(row)) }
        },
        /** When the source of the terminal could not have heard it, oldest first. */
        blind(id: string, from: Instant, to: Instant): readonly Span[] {
          const row = rowOf(id)
          return row === undefined ? [] : blindSpans(fleet, row, Math.max(from, sinceOf(row)), to)
        },
        /** Those of the sources that last heard one of its terminals; all of them where everything is seen. */
        heardBy: (ids: readonly string[]): Promise<ReadonlySet<string>> =>
          inSlices(findingSources(fleet, scope, ids), { clock }),
        summary: (): Promise<Summary> => inSlices(countingStates(fleet, scope), { clock }),
        /** `changed` of it counts the changes after that number. */
        attention: (after: number): Promise<Attention> =>
          inSlices(countingAttention(fleet, scope, clock.now(), after), { clock }),
        causes: (): Promise<CauseCounts> => causes.of(scope),
        async history(id: string, from: Instant, to: Instant): Promise<readonly Transition[]> {
          const row = rowOf(id)
          if (row === undefined) return []
          const start = Math.max(from, sinceOf(row))
          return store.history(fleet.inventory.text(row, 'id'), start, to, HISTORY_LIMIT)
        },
      }
    },
  }
}

function groupsAt({ inventory }: Fleet, row: number): { readonly client: string; readonly group: string } {
  return { client: inventory.text(row, 'client'), group: inventory.text(row, 'group') }
}

/** Terminals that are shown in one go. */
const VIEWED = 200

/** More than anybody reads; keeps one request from loading a year of an unstable link. */
const HISTORY_LIMIT = 100_000
