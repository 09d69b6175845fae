import { SECOND } from '../time.ts'
import { clientPlaces } from './client-order.ts'
import type { Fleet } from './fleet.ts'
import type { ListRoom } from './matching.ts'
import { compareNames } from './name-ranking.ts'
import type { TerminalSort } from './view.ts'
import type { Order } from './window.ts'

/** Rows between two pauses. */
const STEP = 4096

/**
 * The order of the places in `rows`. Instants are those of now, since terminals speak while they are being sorted; of
 * two at the same one the name decides.
 */
export function* ordering(
  fleet: Fleet,
  rows: Uint32Array,
  sort: TerminalSort,
  room: ListRoom,
): Generator<number, Order> {
  if (room.keys.length < rows.length) room.keys = new Float64Array(fleet.table.capacity)
  const keys = room.keys.subarray(0, rows.length)
  const places = sort === 'client' ? yield* clientPlaces(fleet, rows) : null
  for (let from = 0; from < rows.length; from += STEP) {
    const to = Math.min(from + STEP, rows.length)
    if (places) fillByClient(fleet, rows, places, keys, from, to)
    else fillKeys(fleet, rows, sort, keys, from, to)
    yield from
  }
  const last = sort === '-name' ? -1 : 1
  return {
    keys,
    compare: (a, b) =>
      (keys[a] ?? 0) - (keys[b] ?? 0) || last * compareNames(fleet, rows[a] ?? 0, rows[b] ?? 0),
  }
}

function fillKeys(
  { table, names }: Fleet,
  rows: Uint32Array,
  sort: TerminalSort,
  keys: Float64Array,
  from: number,
  to: number,
): void {
  const sign = sort === '-name' || sort === '-dataAt' ? -1 : 1
  if (sort === 'name' || sort === '-name') fillPlaces(names.rank, rows, sign, keys, from, to)
  else fillInstants(table[sort === 'stateSince' ? 'stateSince' : 'dataAt'], rows, sign, keys, from, to)
}

/** By client, of one client the longest in its state first; the second that it began in is part of the same number. */
function fillByClient(
  { table, groups }: Fleet,
  rows: Uint32Array,
  places: Uint32Array,
  keys: Float64Array,
  from: number,
  to: number,
): void {
  for (let i = from; i < to; i++) {
    const row = rows[i] ?? 0
    const place = places[groups.client.of[row] ?? 0] ?? 0
    keys[i] = place * 2 ** 32 + Math.floor((table.stateSince[row] ?? 0) / SECOND)
  }
}

/** Who has no place among the names yet is compared by text. */
function fillPlaces(
  rank: Uint32Array,
  rows: Uint32Array,
  sign: number,
  keys: Float64Array,
  from: number,
  to: number,
): void {
  for (let i = from; i < to; i++) keys[i] = sign * (rank[rows[i] ?? 0] || Number.NaN)
}

function fillInstants(
  column: Float64Array,
  rows: Uint32Array,
  sign: number,
  keys: Float64Array,
  from: number,
  to: number,
): void {
  for (let i = from; i < to; i++) keys[i] = sign * (column[rows[i] ?? 0] ?? 0)
}
