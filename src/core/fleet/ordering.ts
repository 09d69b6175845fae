import { SECOND } from '../time.ts'
import { clientPlaces, NO_PLACE } from './client-order.ts'
import type { Fleet } from './fleet.ts'
import type { ListRoom } from './matching.ts'
import { compareNames } from './name-ranking.ts'
import type { TerminalSort } from './view.ts'
import type { Order } from './window.ts'

/** Rows between two pauses. */
const STEP = 4096

/** An order of places in a list of rows, in which a row can be found again that has moved on since or left the list. */
export type RowOrder = Order & {
  readonly sort: TerminalSort
  /** The instant in a key; 0 where names alone place a row. */
  readonly stampIn: (key: number) => number
  /** The key of a row that is placed by this stamp; undefined: there is no such place any more. */
  readonly keyAt: (row: number, stamp: number) => number | undefined
  /** Decides between rows with the same key. */
  readonly compareRows: (a: number, b: number) => number
}

/**
 * The order of the places in `rows`. Instants are those of now, since terminals speak while they are being sorted; of
 * two at the same one the name decides.
 */
export function* ordering(
  fleet: Fleet,
  rows: Uint32Array,
  sort: TerminalSort,
  room: ListRoom,
): Generator<number, RowOrder> {
  if (room.keys.length < rows.length) room.keys = new Float64Array(fleet.table.capacity)
  const keys = room.keys.subarray(0, rows.length)
  const { stampOf, stampIn, keyAt } = yield* keysOf(fleet, rows, sort)
  for (let from = 0; from < rows.length; from += STEP) {
    const to = Math.min(from + STEP, rows.length)
    for (let i = from; i < to; i++) {
      const row = rows[i] ?? 0
      keys[i] = keyAt(row, stampOf(row)) ?? 0
    }
    yield from
  }
  const sign = sort === '-name' ? -1 : 1
  const compareRows = (a: number, b: number): number => sign * compareNames(fleet, a, b)
  return {
    sort,
    keys,
    stampIn,
    keyAt,
    compareRows,
    compare: (a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || compareRows(rows[a] ?? 0, rows[b] ?? 0),
  }
}

type Keys = Pick<RowOrder, 'stampIn' | 'keyAt'> & {
  /** The instant that places a row now. */
  readonly stampOf: (row: number) => number
}

function* keysOf(
  { table, names, groups }: Fleet,
  rows: Uint32Array,
  sort: TerminalSort,
): Generator<number, Keys> {
  const sign = sort === '-name' || sort === '-dataAt' ? -1 : 1
  switch (sort) {
    case 'name':
    case '-name':
      // Who has no place among the names yet is compared by text.
      return { stampOf: () => 0, stampIn: () => 0, keyAt: (row) => sign * (names.rank[row] || Number.NaN) }
    case 'dataAt':
    case '-dataAt':
      return instants(table.dataAt, sign)
    case 'stateSince':
      return instants(table.stateSince, sign)
    case 'client': {
      const places = yield* clientPlaces({ groups }, rows)
      return {
        stampOf: (row) => Math.floor((table.stateSince[row] ?? 0) / SECOND),
        stampIn: (key) => key % PLACE,
        /** By client, of one client the longest in its state first: both are in one number. */
        keyAt(row, stamp) {
          const place = places[groups.client.of[row] ?? 0] ?? NO_PLACE
          return place === NO_PLACE ? undefined : place * PLACE + stamp
        },
      }
    }
  }
}

/** Instants in seconds are less. */
const PLACE = 2 ** 32

function instants(column: Float64Array, sign: 1 | -1): Keys {
  return {
    stampOf: (row) => column[row] ?? 0,
    stampIn: (key) => Math.abs(key),
    keyAt: (_, stamp) => sign * stamp,
  }
}
