/** Rows in a typed array that grows: long arrays of numbers hold up everything else when they are collected. */
export type RowList = { of: Uint32Array; count: number }

export function createRowList(): RowList {
  return { of: new Uint32Array(16), count: 0 }
}

export function addRow(list: RowList, row: number): void {
  if (list.count === list.of.length) {
    const wider = new Uint32Array(2 * list.of.length)
    wider.set(list.of)
    list.of = wider
  }
  list.of[list.count++] = row
}

/** The rows as they are now, without a copy. */
export function rowsOf({ of, count }: RowList): Uint32Array {
  return of.subarray(0, count)
}
