import type { InventoryRow } from './inventory.ts'

/**
 * Places of terminals in the order of their names. To compare a million texts takes seconds, to compare their places
 * does not. The places are given in the background (name-ranking.ts); who has none yet is compared by text.
 */
export type NameOrder = {
  /** Place by row, from 1; 0: none, or the name is newer than the order. */
  rank: Uint32Array
  /** Names that have come, gone or changed so far: tells whether the order is that of now. */
  changes: number
  /** Rows whose names changed since the giving of places began; null: none are being given. */
  renamed: number[] | null
}

export function createNameOrder(): NameOrder {
  return { rank: new Uint32Array(1024), changes: 0, renamed: null }
}

/** Takes the place of a terminal away if its inventory row changes its name; to be called whenever one is placed. */
export function noteName(order: NameOrder, before: InventoryRow | undefined, after: InventoryRow): void {
  const { row, id, name, mergedInto } = after
  const isSame =
    before?.id === id && before.name === name && (before.mergedInto === '') === (mergedInto === '')
  if (isSame) return
  if (row >= order.rank.length) order.rank = wider(order.rank, Math.max(row + 1, order.rank.length * 2))
  order.rank[row] = 0
  order.changes++
  order.renamed?.push(row)
}

/** Notes so many names in rows below `rows` that had none. */
export function noteNewNames(order: NameOrder, rows: number, names: number): void {
  if (rows > order.rank.length) order.rank = wider(order.rank, rows)
  order.changes += names
}

/** A copy with more room. */
export function wider(column: Uint32Array, capacity: number): Uint32Array {
  const grown = new Uint32Array(capacity)
  grown.set(column)
  return grown
}
