import { BUCKETS, bucketOf, middleOf } from './gap-buckets.ts'

/** Room of a histogram, in buckets: it moves on to the next size when it is full. */
const SIZES = [4, 8, 16, 32, 64, 128, BUCKETS] as const

/** Histograms of one size, one after the other: a bucket and its count, the longest gaps first; count 0: no more. */
type Shelf = { readonly size: number; buckets: Uint8Array; counts: Uint16Array; used: number; free: number[] }

/**
 * Many small histograms of gaps, in three bytes per bucket that is used. What is shorter than 1.1 s or longer than 29
 * days counts as that.
 */
export type GapPool = readonly Shelf[]

/** Where a histogram stands in the pool; 0: nowhere, it is empty. It may move with each gap that is added. */
export type GapPlace = number

/** What a histogram says: how many gaps it knows, and the one that 99 of 100 do not pass, ms. */
export type GapSummary = { readonly gaps: number; readonly q99Ms: number }

export function createGapPool(): GapPool {
  return SIZES.map((size) => ({
    size,
    buckets: new Uint8Array(0),
    counts: new Uint16Array(0),
    used: 0,
    free: [],
  }))
}

/**
 * Adds a gap to a histogram and tells where it stands now. With more than `most` gaps, at most 65,534, all counts are
 * halved, so that old habits fade.
 */
export function addGap(pool: GapPool, place: GapPlace, ms: number, most: number): GapPlace {
  const bucket = bucketOf(ms)
  const at = place === 0 ? newPlace(pool, 0) : place
  const shelf = shelfOf(pool, at)
  let i = firstOf(shelf, at)
  const end = i + shelf.size
  while (i < end && shelf.counts[i] !== 0 && (shelf.buckets[i] ?? 0) > bucket) i++
  if (i < end && shelf.counts[i] !== 0 && shelf.buckets[i] === bucket) {
    shelf.counts[i] = (shelf.counts[i] ?? 0) + 1
  } else if (shelf.counts[end - 1] === 0) insert(shelf, i, end, bucket)
  else return addGap(pool, moveOn(pool, at), ms, most)
  if (total(shelf, at) > most) halve(shelf, at)
  return at
}

/** Gaps and their 99th percentile by the nearest-rank rule; a bucket stands for its middle. */
export function summaryOf(pool: GapPool, place: GapPlace): GapSummary {
  if (place === 0) return { gaps: 0, q99Ms: 0 }
  const shelf = shelfOf(pool, place)
  const gaps = total(shelf, place)
  // Of n gaps the one with rank ceil(0.99 n) has floor(n / 100) after it.
  let after = Math.floor(gaps / 100)
  for (let i = firstOf(shelf, place); ; i++) {
    after -= shelf.counts[i] ?? 0
    if (after < 0) return { gaps, q99Ms: middleOf(shelf.buckets[i] ?? 0) }
  }
}

/** Forgets a histogram; its place goes to another one. */
export function freePlace(pool: GapPool, place: GapPlace): void {
  if (place === 0) return
  const shelf = shelfOf(pool, place)
  const first = firstOf(shelf, place)
  shelf.counts.fill(0, first, first + shelf.size)
  shelf.free.push(place)
}

/** Bytes of a stored histogram: u8 buckets, and of each u8 bucket and little-endian u16 count. */
export function storedBytes(pool: GapPool, place: GapPlace): number {
  return 1 + 3 * (place === 0 ? 0 : usedOf(shelfOf(pool, place), place))
}

/** Writes a histogram to where `storedBytes` have room. */
export function writeHistogram(pool: GapPool, place: GapPlace, bytes: Uint8Array, at: number): void {
  if (place === 0) {
    bytes[at] = 0
    return
  }
  const shelf = shelfOf(pool, place)
  const first = firstOf(shelf, place)
  const used = usedOf(shelf, place)
  bytes[at] = used
  for (let i = 0; i < used; i++) {
    const count = shelf.counts[first + i] ?? 0
    bytes[at + 1 + 3 * i] = shelf.buckets[first + i] ?? 0
    bytes[at + 2 + 3 * i] = count & 0xff
    bytes[at + 3 + 3 * i] = count >>> 8
  }
}

/** Reads a stored histogram into the pool; null when it is none of ours. */
export function readHistogram(pool: GapPool, bytes: Uint8Array, at: number): GapPlace | null {
  const used = bytes[at] ?? Infinity
  if (at + 1 + 3 * used > bytes.length) return null
  if (used === 0) return 0
  const place = newPlace(
    pool,
    SIZES.findIndex((size) => size >= used),
  )
  const shelf = shelfOf(pool, place)
  const first = firstOf(shelf, place)
  let before = Infinity
  for (let i = 0; i < used; i++) {
    const bucket = bytes[at + 1 + 3 * i] ?? 0
    const count = (bytes[at + 2 + 3 * i] ?? 0) + (bytes[at + 3 + 3 * i] ?? 0) * 256
    if (bucket >= before || count === 0) return null
    before = bucket
    shelf.buckets[first + i] = bucket
    shelf.counts[first + i] = count
  }
  return place
}

/** A place is its number on the shelf, then three bits of the shelf's own, plus 1. */
function shelfOf(pool: GapPool, place: GapPlace): Shelf {
  const shelf = pool[(place - 1) & 7]
  if (!shelf) throw new Error(`no histogram stands at ${place}`)
  return shelf
}

function firstOf(shelf: Shelf, place: GapPlace): number {
  return ((place - 1) >>> 3) * shelf.size
}

function newPlace(pool: GapPool, size: number): GapPlace {
  const shelf = pool[size]
  if (!shelf) throw new Error('no histogram has more buckets than there are')
  const freed = shelf.free.pop()
  if (freed !== undefined) return freed
  const number = shelf.used++
  if (shelf.used * shelf.size > shelf.counts.length) widen(shelf)
  return number * 8 + size + 1
}

function widen(shelf: Shelf): void {
  const length = shelf.size * Math.max(16, Math.ceil(shelf.used * 1.5))
  const buckets = new Uint8Array(length)
  const counts = new Uint16Array(length)
  buckets.set(shelf.buckets)
  counts.set(shelf.counts)
  shelf.buckets = buckets
  shelf.counts = counts
}

/** To the next size. */
function moveOn(pool: GapPool, place: GapPlace): GapPlace {
  const next = newPlace(pool, ((place - 1) & 7) + 1)
  const [from, to] = [shelfOf(pool, place), shelfOf(pool, next)]
  const [first, target] = [firstOf(from, place), firstOf(to, next)]
  to.buckets.set(from.buckets.subarray(first, first + from.size), target)
  to.counts.set(from.counts.subarray(first, first + from.size), target)
  freePlace(pool, place)
  return next
}

function usedOf(shelf: Shelf, place: GapPlace): number {
  const first = firstOf(shelf, place)
  let used = 0
  while (used < shelf.size && shelf.counts[first + used] !== 0) used++
  return used
}

function insert(shelf: Shelf, at: number, end: number, bucket: number): void {
  shelf.buckets.copyWithin(at + 1, at, end - 1)
  shelf.counts.copyWithin(at + 1, at, end - 1)
  shelf.buckets[at] = bucket
  shelf.counts[at] = 1
}

function total(shelf: Shelf, place: GapPlace): number {
  const { counts, size } = shelf
  const first = firstOf(shelf, place)
  let sum = 0
  for (let i = first; i < first + size && counts[i] !== 0; i++) sum += counts[i] ?? 0
  return sum
}

/** What a count loses by rounding goes to the next shorter bucket, so that many rare long gaps do not vanish at once. */
function halve(shelf: Shelf, place: GapPlace): void {
  const { buckets, counts, size } = shelf
  const first = firstOf(shelf, place)
  let kept = first
  let rest = 0
  for (let i = first; i < first + size && counts[i] !== 0; i++) {
    const sum = (counts[i] ?? 0) + rest
    rest = sum & 1
    if (sum < 2) continue
    buckets[kept] = buckets[i] ?? 0
    counts[kept++] = sum >>> 1
  }
  counts.fill(0, kept, first + size)
}
