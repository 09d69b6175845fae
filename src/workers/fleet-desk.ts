import { listing, orderedRows, viewRows } from '../core/fleet/listing.ts'
import { createListRoom } from '../core/fleet/matching.ts'
import { viewTerminal } from '../core/fleet/query.ts'
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
import type { Instant } from '../core/time.ts'
import type { Clock, FleetStore } from '../ports.ts'
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
  return {
    ...createInventoryDesk(deps),
    ...createTerminalDesk(deps),
    list: (query: TerminalQuery): Promise<TerminalPage | 'bad-cursor'> =>
      lists.take(() => inSlices(listing(fleet, query, clock.now(), room), { clock })),
    /** All that match, in the order of the beginning, some at a time. */
    async *all(filter: TerminalFilter, sort: TerminalSort): AsyncGenerator<readonly TerminalView[]> {
      const rows = await inSlices(orderedRows(fleet, filter, sort), { clock })
      for (let from = 0; from < rows.length; from += VIEWED) {
        yield viewRows(fleet, rows.subarray(from, from + VIEWED), clock.now())
      }
    },
    get: (id: string): TerminalView | undefined => viewTerminal(fleet, id, clock.now()),
    summary: (): Promise<Summary> => inSlices(countingStates(fleet), { clock }),
    async history(id: string, from: Instant, to: Instant): Promise<readonly Transition[]> {
      const known = fleet.inventory[fleet.rows.get(id) ?? -1]
      return store.history(known?.id ?? id, from, to, HISTORY_LIMIT)
    },
  }
}

/** Terminals that are shown in one go. */
const VIEWED = 200

/** More than anybody reads; keeps one request from loading a year of an unstable link. */
const HISTORY_LIMIT = 100_000
