import type { Instant } from '../time.ts'
import type { Fleet } from './fleet.ts'
import { type SeenIncident, seenIncidents } from './incident-scope.ts'
import { createListRoom, type ListRoom, matchingRows } from './matching.ts'
import { ordering, type RowOrder } from './ordering.ts'
import { viewRow } from './query.ts'
import { isShown } from './said.ts'
import { rowsInScope, type Scope } from './scope.ts'
import { sortedRows } from './sorting.ts'
import type { TerminalFilter, TerminalPage, TerminalQuery, TerminalSort, TerminalView } from './view.ts'
import { windowOf } from './window.ts'

/** Rows between two pauses. */
const STEP = 4096

/**
 * A page of terminals. A cursor goes on behind the place that its terminal had, wherever that is now and whether it is
 * still in the list. Now and then it yields how far it is; until its end the room is its own.
 */
export function* listing(
  fleet: Fleet,
  query: TerminalQuery,
  now: Instant,
  room: ListRoom,
): Generator<number, TerminalPage | 'bad-cursor'> {
  const { cursor, limit, sort, scope = 'all' } = query
  const from = cursor === undefined ? null : readCursor(cursor, sort)
  if (from === undefined) return 'bad-cursor'
  const rows = yield* matchingRows(fleet, query, now, room)
  const order = yield* ordering(fleet, rows, sort, room)
  const start = from === null ? 0 : yield* positionAfter(fleet, rows, order, from, scope)
  const places = yield* windowOf(order, start, start + limit)
  const page = Array.from(places, (place) => rows[place] ?? 0)
  const last = places.at(-1)
  const end = start + page.length
  const incidentOf = seenIncidents(fleet, scope)
  return {
    items: page.map((row) => viewRow(fleet, row, now, incidentOf)),
    next: end < rows.length && last !== undefined ? cursorOf(fleet, end, order, rows, last) : null,
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

/** Where a page goes on even if the order has shifted since. */
type Cursor = { readonly position: number; readonly stamp: number; readonly id: string }

/** `last`: the place in `rows` of the last terminal of a page, as it was when the keys were made. */
function cursorOf(
  fleet: Fleet,
  position: number,
  { sort, keys, stampIn }: RowOrder,
  rows: Uint32Array,
  last: number,
): string {
  return `${sort}~${position}~${stampIn(keys[last] ?? 0)}~${fleet.inventory.text(rows[last] ?? 0, 'id')}`
}

/** Undefined: it is none of a list in this order. */
function readCursor(text: string, sort: TerminalSort): Cursor | undefined {
  const [, by, position, stamp, id] = /^([^~]*)~(\d{1,9})~(\d{1,16})~(.+)$/s.exec(text) ?? []
  if (by !== sort || id === undefined) return undefined
  return { position: Number(position), stamp: Number(stamp), id }
}

function* positionAfter(
  fleet: Fleet,
  rows: Uint32Array,
  order: RowOrder,
  { position, stamp, id }: Cursor,
  scope: Scope,
): Generator<number, number> {
  const last = fleet.rows.get(id) ?? -1
  // What is not its own tells a dealer nothing, not even where it would stand.
  const isKnown = fleet.inventory.is(last, 'id', id) && (rowsInScope(fleet, scope)?.(last) ?? true)
  const key = isKnown ? order.keyAt(last, stamp) : undefined
  // Where it was there is one less: rather one of them twice than one never.
  if (key === undefined) return Math.max(0, position - 1)
  let passed = 0
  for (let from = 0; from < rows.length; from += FEW) {
    passed += countUpTo(order, rows, key, last, from, Math.min(from + FEW, rows.length))
    yield from
  }
  return passed
}

/** How many of the places in [from, to) stand before the row `last` with that key, or are it. */
function countUpTo(
  { keys, compareRows }: RowOrder,
  rows: Uint32Array,
  lastKey: number,
  last: number,
  from: number,
  to: number,
): number {
  let count = 0
  for (let i = from; i < to; i++) {
    const key = keys[i] ?? 0
    if (key < lastKey || (!(key > lastKey) && compareRows(rows[i] ?? 0, last) <= 0)) count++
  }
  return count
}

/** Comparisons between two pauses; each may be one of texts. */
const FEW = 1024
