/** Texts of neighbouring rows that are hardly ever the same: one long text, and where each of them ends in it. */
export type OwnColumn = {
  readonly text: string
  /** By row; null: all are empty. */
  readonly ends: Uint16Array | Uint32Array | null
}

/** Texts of neighbouring rows that are often the same, each once. */
export type SharedColumn = {
  /** In the order in which they come first. */
  readonly texts: readonly string[]
  /** Place in `texts` by row; null: every row has the first one. */
  readonly of: Uint8Array | Uint16Array | null
}

export function packOwn(texts: readonly string[]): OwnColumn {
  const text = texts.join('')
  if (text === '') return EMPTY_COLUMN
  const ends = endsFor(text.length, texts.length)
  let end = 0
  texts.forEach((each, n) => {
    end += each.length
    ends[n] = end
  })
  return { text, ends }
}

export const EMPTY_COLUMN: OwnColumn = { text: '', ends: null }

function endsFor(length: number, rows: number): Uint16Array | Uint32Array {
  return length <= 0xffff ? new Uint16Array(rows) : new Uint32Array(rows)
}

/** `share` gives the one copy of a text that many columns have. */
export function packShared(texts: readonly string[], share: (text: string) => string): SharedColumn {
  const places = new Map<string, number>()
  const of = new Uint16Array(texts.length)
  texts.forEach((text, n) => {
    const place = places.get(text) ?? places.size
    if (place === places.size) places.set(text, place)
    of[n] = place
  })
  const distinct = Array.from(places.keys(), share)
  if (distinct.length <= 1) return { texts: distinct, of: null }
  return { texts: distinct, of: distinct.length <= 256 ? Uint8Array.from(of) : of }
}

/** Where the text of row `n` begins. */
export function startOf({ ends }: OwnColumn, n: number): number {
  return n === 0 || ends === null ? 0 : (ends[n - 1] ?? 0)
}

/** Where the text of row `n` ends. */
export function endOf({ ends }: OwnColumn, n: number): number {
  return ends === null ? 0 : (ends[n] ?? 0)
}

export function ownText(column: OwnColumn, n: number): string {
  return column.text.slice(startOf(column, n), endOf(column, n))
}

/** Whether row `n` has this text; nothing is made for it. */
export function isOwnText(column: OwnColumn, n: number, text: string): boolean {
  const start = startOf(column, n)
  return endOf(column, n) - start === text.length && column.text.startsWith(text, start)
}

export function sharedText(column: SharedColumn, n: number): string {
  return column.texts[placeIn(column, n)] ?? ''
}

/** Place of row `n`'s text among the texts. */
export function placeIn({ of }: SharedColumn, n: number): number {
  return of === null ? 0 : (of[n] ?? 0)
}
