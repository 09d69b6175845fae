/** Keys of many rows, and their bytes one after the other: as arrays of their own they would cross slowly. */
export type PackedRows<Key> = {
  readonly keys: readonly Key[]
  /** Where the bytes of each row end. */
  readonly ends: Uint32Array
  readonly bytes: Uint8Array
}

/** Small enough to unpack between two other tasks. */
const PAGE_ROWS = 10_000

/** Packs rows of an endless many into pages. */
export function packRows<Key>(rows: Iterable<readonly [Key, Uint8Array]>): PackedRows<Key>[] {
  const pages: PackedRows<Key>[] = []
  let page: (readonly [Key, Uint8Array])[] = []
  for (const row of rows) {
    page.push(row)
    if (page.length < PAGE_ROWS) continue
    pages.push(packPage(page))
    page = []
  }
  if (page.length > 0) pages.push(packPage(page))
  return pages
}

/** The rows of a page; their bytes are parts of its bytes. */
export function unpackRows<Key>({ keys, ends, bytes }: PackedRows<Key>): (readonly [Key, Uint8Array])[] {
  return keys.map((key, index) => [key, bytes.subarray(ends[index - 1] ?? 0, ends[index])] as const)
}

function packPage<Key>(rows: readonly (readonly [Key, Uint8Array])[]): PackedRows<Key> {
  const ends = new Uint32Array(rows.length)
  let length = 0
  rows.forEach(([, bytes], index) => {
    length += bytes.length
    ends[index] = length
  })
  const packed = new Uint8Array(length)
  rows.forEach(([, bytes], index) => {
    packed.set(bytes, ends[index - 1] ?? 0)
  })
  return { keys: rows.map(([key]) => key), ends, bytes: packed }
}
