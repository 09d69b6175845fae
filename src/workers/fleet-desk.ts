import { changeTerminal } from '../core/fleet/fleet.ts'
import type { TerminalChange } from '../core/fleet/inventory.ts'
import { listTerminals, viewTerminal } from '../core/fleet/query.ts'
import { countStates } from '../core/fleet/summary.ts'
import type { Summary, TerminalPage, TerminalQuery, TerminalView } from '../core/fleet/view.ts'
import type { Transition } from '../core/freshness/state.ts'
import type { Instant } from '../core/time.ts'
import type { FleetStore } from '../ports.ts'
import { createInventoryDesk, type InventoryDeskDeps } from './inventory-desk.ts'

export type FleetDeskDeps = InventoryDeskDeps & { readonly store: Pick<FleetStore, 'history'> }

export type FleetDesk = ReturnType<typeof createFleetDesk>

/** The fleet for people: reading it and changing its inventory. */
export function createFleetDesk(deps: FleetDeskDeps) {
  const { clock, fleet, store, save } = deps
  return {
    ...createInventoryDesk(deps),
    list: (query: TerminalQuery): TerminalPage | 'bad-cursor' => listTerminals(fleet, query, clock.now()),
    get: (id: string): TerminalView | undefined => viewTerminal(fleet, id, clock.now()),
    summary: (): Summary => countStates(fleet),
    async history(id: string, from: Instant, to: Instant): Promise<readonly Transition[]> {
      const known = fleet.inventory[fleet.rows.get(id) ?? -1]
      return store.history(known?.id ?? id, from, to, HISTORY_LIMIT)
    },
    async change(id: string, change: TerminalChange): Promise<boolean> {
      const row = fleet.rows.get(id)
      const terminal = row === undefined ? undefined : fleet.inventory[row]
      if (!terminal) return false
      changeTerminal(fleet, { ...terminal, ...change })
      await save()
      return true
    },
  }
}

/** More than anybody reads; keeps one request from loading a year of an unstable link. */
const HISTORY_LIMIT = 100_000
