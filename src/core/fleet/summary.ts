import { CODE, STATES, type State } from '../freshness/state.ts'
import type { Instant } from '../time.ts'
import type { Fleet } from './fleet.ts'
import type { GroupColumn } from './groups.ts'
import { isShown } from './said.ts'
import { rowsInScope, type Scope } from './scope.ts'
import type { StateCounts, Summary } from './view.ts'

/** Rows between two pauses. */
const STEP = 4096
/** Codes of states, 0 for "not judged yet". */
const CODES = STATES.length + 1

/** Terminals by number of their group and code of their state. */
type Tally = { counts: Uint32Array; contactAt: Float64Array }

/**
 * Counts per state of the terminals in the scope, of each client and of each dealer, in the order of their names. Now
 * and then it yields how many rows were counted so far.
 */
export function* countingStates(fleet: Fleet, scope: Scope): Generator<number, Summary> {
  const seen = rowsInScope(fleet, scope)
  const clients = emptyTally(fleet.groups.client)
  const dealers = emptyTally(fleet.groups.dealer)
  for (let from = 0; from < fleet.inventory.length; from += STEP) {
    countRows(fleet, from, Math.min(from + STEP, fleet.inventory.length), seen, clients, dealers)
    yield from
  }
  const states = sums(clients.counts)
  return {
    total: totalOf(states),
    states,
    clients: listed(fleet.groups.client, clients).map(({ name, ...counts }) => ({ client: name, ...counts })),
    dealers: listed(fleet.groups.dealer, dealers).map(({ name, total, states: counted }) => ({
      dealer: name,
      total,
      states: counted,
    })),
  }
}

function emptyTally({ names }: GroupColumn): Tally {
  return { counts: new Uint32Array(names.length * CODES), contactAt: new Float64Array(names.length) }
}

function countRows(
  fleet: Fleet,
  from: number,
  to: number,
  seen: ((row: number) => boolean) | null,
  clients: Tally,
  dealers: Tally,
): void {
  const { table, said, groups } = fleet
  // A client may have come up during a pause.
  widen(clients, groups.client)
  widen(dealers, groups.dealer)
  for (let row = from; row < to; row++) {
    if (!isShown(said, row) || seen?.(row) === false) continue
    const code = table.state[row] ?? 0
    const client = groups.client.of[row] ?? 0
    bump(clients.counts, client * CODES + code)
    bump(dealers.counts, (groups.dealer.of[row] ?? 0) * CODES + code)
    const contactAt = table.contactAt[row] ?? 0
    if (contactAt > (clients.contactAt[client] ?? 0)) clients.contactAt[client] = contactAt
  }
}

function bump(counts: Uint32Array, place: number): void {
  counts[place] = (counts[place] ?? 0) + 1
}

function widen(tally: Tally, column: GroupColumn): void {
  if (tally.contactAt.length >= column.names.length) return
  const wider = emptyTally(column)
  wider.counts.set(tally.counts)
  wider.contactAt.set(tally.contactAt)
  Object.assign(tally, wider)
}

/** Between its first message and the next sweep a terminal is not judged yet. */
function statesAt(counts: Uint32Array, group: number): Record<State, number> {
  const countOf = (code: number): number => counts[group * CODES + code] ?? 0
  const states = STATES.map((state) => [state, countOf(CODE[state]) + (state === 'unknown' ? countOf(0) : 0)])
  return Object.fromEntries(states)
}

function sums(counts: Uint32Array): StateCounts {
  const all = new Uint32Array(CODES)
  for (let i = 0; i < counts.length; i++) all[i % CODES] = (all[i % CODES] ?? 0) + (counts[i] ?? 0)
  return statesAt(all, 0)
}

type Listed = {
  readonly name: string
  readonly total: number
  readonly states: StateCounts
  readonly contactAt: Instant | null
}

/** Groups that have terminals, by name. */
function listed({ names }: GroupColumn, { counts, contactAt }: Tally): Listed[] {
  const all = names.map((name, group) => {
    const states = statesAt(counts, group)
    return { name, total: totalOf(states), states, contactAt: contactAt[group] || null }
  })
  return all.filter(({ total }) => total > 0).sort((a, b) => (a.name < b.name ? -1 : 1))
}

function totalOf(counts: StateCounts): number {
  return STATES.reduce((total, state) => total + counts[state], 0)
}
