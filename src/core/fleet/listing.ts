import type { Instant } from '../time.ts'
import type { Fleet } from './fleet.ts'
import { type SeenIncident, seenIncidents } from './incident-scope.ts'
import { createListRoom, type ListRoom, matchingRows } from './matching.ts'
import { ordering } from './ordering.ts'
import { viewRow } from './query.ts'
import { isShown } from './said.ts'
import { sortedRows } from './sorting.ts'
import type { TerminalFilter, TerminalPage, TerminalQuery, TerminalSort, TerminalView } from './view.ts'
import { type Order, windowOf } from './window.ts'

/** Rows between two pauses. */
const STEP = 4096

/**
 * A page of terminals. A cursor goes on after its terminal, or at its position when that terminal is gone. Now and then
 * it yields how far it is; until its end the room is its own.
 */
export function* listing(
  fleet: Fleet,
  query: TerminalQuery,
  now: Instant,
  room: ListRoom,
): Generator<number, TerminalPage | 'bad-cursor'> {
  const { cursor, limit, sort, scope = 'all' } = query
  if (cursor !== undefined && !/^\d{1,9}~./.test(cursor)) return 'bad-cursor'
  const rows = yield* matchingRows(fleet, query, now, room)
  const order = yield* ordering(fleet, rows, sort, room)
  const start = cursor === undefined ? 0 : yield* positionAfter(fleet, rows, order, cursor)
  const places = yield* windowOf(order, start, start + limit)
  const page = Array.from(places, (place) => rows[place] ?? 0)
  const last = page.at(-1)
  const end = start + page.length
  const incidentOf = seenIncidents(fleet, scope)
  return {
    items: page.map((row) => viewRow(fleet, row, now, incidentOf)),
    next: end < rows.length && last !== undefined ? cursorOf(end, fleet.inventory.text(last, 'id')) : null,
    total: rows.length,
  }
}

/** Rows of all terminals that match, in the order that is asked for. Now and then it yields how far it is. */
export function* orderedRows(
  fleet: Fleet,
  filter: TerminalFilter,
  sort: TerminalSort,
  now: Instant,
): Generator<number, Uint32Array> {
  const room = createListRoom()
  const rows = yield* matchingRows(fleet, filter, now, room)
  const { compare } = yield* ordering(fleet, rows, sort, room)
  const places = new Uint32Array(rows.length)
  for (let place = 0; place < places.length; place++) {
    places[place] = place
    if (place % STEP === STEP - 1) yield place
  }
  const sorted = yield* sortedRows(places, compare)
  for (let i = 0; i < sorted.length; i++) {
    sorted[i] = rows[sorted[i] ?? 0] ?? 0
    if (i % STEP === STEP - 1) yield i
  }
  return sorted
}

/** Some rows as they are shown at `now`; without those that were merged into others since they were ordered. */
export function viewRows(
  fleet: Fleet,
  rows: Uint32Array,
  now: Instant,
  incidentOf: SeenIncident,
): readonly TerminalView[] {
  const shown = Array.from(rows).filter((row) => isShown(fleet.said, row))
  return shown.map((row) => viewRow(fleet, row, now, incidentOf))
}

/** Position and last id: where a page goes on even if the order has shifted since. */
function cursorOf(position: number, id: string): string {
  return `${position}~${id}`
}

function* positionAfter(
  fleet: Fleet,
  rows: Uint32Array,
  order: Order,
  cursor: string,
): Generator<number, number> {
  const separator = cursor.indexOf('~')
  const position = Number(cursor.slice(0, separator))
  const last = rows.indexOf(fleet.rows.get(cursor.slice(separator + 1)) ?? -1)
  if (last < 0) return position
  let passed = 0
  for (let from = 0; from < rows.length; from += FEW) {
    passed += countUpTo(order, last, from, Math.min(from + FEW, rows.length))
    yield from
  }
  return passed
}

/** How many of the places in [from, to) stand before `last`, or are it. */
function countUpTo({ keys, compare }: Order, last: number, from: number, to: number): number {
  const lastKey = keys[last] ?? 0
  let count = 0
  for (let i = from; i < to; i++) {
    const key = keys[i] ?? 0
    if (key < lastKey || (!(key > lastKey) && compare(i, last) <= 0)) count++
  }
  return count
}

/** Comparisons between two pauses; each may be one of texts. */
const FEW = 1024
