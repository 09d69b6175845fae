import { STATES, type State, stateOf } from '../freshness/state.ts'
import type { Instant } from '../time.ts'
import { type Fleet, terminalCount } from './fleet.ts'
import type { StateCounts, Summary } from './view.ts'

/** Counts per state of the whole fleet, of each client and of each dealer, in the order of their names. */
export function countStates(fleet: Fleet): Summary {
  const states = noCounts()
  const clients = new Map<string, Record<State, number>>()
  const dealers = new Map<string, Record<State, number>>()
  const contacts = new Map<string, Instant>()
  for (const terminal of fleet.inventory) {
    if (terminal.mergedInto !== '') continue
    // Between its first message and the next sweep a terminal is not judged yet.
    const state = stateOf(fleet.table.state[terminal.row] ?? 0) ?? 'unknown'
    states[state]++
    countsOf(clients, terminal.client)[state]++
    countsOf(dealers, terminal.dealer)[state]++
    const contactAt = fleet.table.contactAt[terminal.row] ?? 0
    if (contactAt > (contacts.get(terminal.client) ?? 0)) contacts.set(terminal.client, contactAt)
  }
  return {
    total: terminalCount(fleet),
    states,
    clients: listed(clients).map(([client, counts]) => ({
      client,
      total: sum(counts),
      states: counts,
      contactAt: contacts.get(client) ?? null,
    })),
    dealers: listed(dealers).map(([dealer, counts]) => ({ dealer, total: sum(counts), states: counts })),
  }
}

function noCounts(): Record<State, number> {
  return Object.fromEntries(STATES.map((state) => [state, 0])) as Record<State, number>
}

function countsOf(groups: Map<string, Record<State, number>>, name: string): Record<State, number> {
  const known = groups.get(name)
  if (known) return known
  const counts = noCounts()
  groups.set(name, counts)
  return counts
}

function listed(groups: Map<string, Record<State, number>>): [string, Record<State, number>][] {
  return [...groups].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

function sum(counts: StateCounts): number {
  return STATES.reduce((total, state) => total + counts[state], 0)
}
