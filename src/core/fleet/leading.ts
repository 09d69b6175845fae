import type { Instant } from '../time.ts'
import type { Fleet } from './fleet.ts'
import { seenIncidents } from './incident-scope.ts'
import { type ListRoom, matchingRows } from './matching.ts'
import { ordering } from './ordering.ts'
import { viewRow } from './query.ts'
import { type Compare, sortedRows } from './sorting.ts'
import type { TerminalFilter, TerminalView } from './view.ts'

/** The first terminals of each client, and how many match in all. */
export type Leading = { readonly items: readonly TerminalView[]; readonly total: number }

export type LeadingQuery = TerminalFilter & {
  /** Of each client at most, 1 or more. */
  readonly perClient: number
  readonly limit: number
}

/** Rows between two pauses. */
const STEP = 1024

/**
 * Of each client the first terminals that match, in the order `client`: one client with hundreds of them leaves room
 * for the others. Now and then it yields how far it is; until its end the room is its own.
 */
export function* leadingOfClients(
  fleet: Fleet,
  { perClient, limit, ...filter }: LeadingQuery,
  now: Instant,
  room: ListRoom,
): Generator<number, Leading> {
  const rows = yield* matchingRows(fleet, filter, now, room)
  const { compare } = yield* ordering(fleet, rows, 'client', room)
  const { of } = fleet.groups.client
  const first = new Map<number, number[]>()
  for (let place = 0; place < rows.length; place++) {
    const client = of[rows[place] ?? 0] ?? 0
    const known = first.get(client)
    if (known) insert(known, place, compare, perClient)
    else first.set(client, [place])
    if (place % STEP === STEP - 1) yield place
  }
  const places = yield* sortedRows(Uint32Array.from([...first.values()].flat()), compare)
  const incidentOf = seenIncidents(fleet, filter.scope ?? 'all')
  return {
    items: Array.from(places.subarray(0, limit), (place) =>
      viewRow(fleet, rows[place] ?? 0, now, incidentOf),
    ),
    total: rows.length,
  }
}

/** Keeps the places in their order and at most so many. */
function insert(places: number[], place: number, compare: Compare, most: number): void {
  const behind = places.findIndex((other) => compare(place, other) < 0)
  if (behind >= 0) places.splice(behind, 0, place)
  else if (places.length < most) places.push(place)
  if (places.length > most) places.pop()
}
