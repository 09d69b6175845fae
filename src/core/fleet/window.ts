import { type Compare, sortedRows } from './sorting.ts'

/** An order of the numbers 0 to n - 1. */
export type Order = {
  /** Of two numbers with different keys that with the lower one stands before the other; NaN says nothing. */
  readonly keys: Float64Array
  /** Decides also where keys do not. */
  readonly compare: Compare
}

/** As many are simply sorted. */
const FEW = 1024
/** So many are looked at to guess where the window lies. */
const SAMPLE = 512
/** Numbers between two pauses; each may cost a comparison of texts. */
const STEP = 1024

/**
 * Of all numbers in an order those with places in [start, end), without sorting the others: again and again a sample
 * tells two of them between which the window surely lies, and only what is between these is kept. Now and then it
 * yields how far it is.
 */
export function* windowOf(order: Order, start: number, end: number): Generator<number, Uint32Array> {
  const count = order.keys.length
  const from = Math.min(start, count)
  const to = Math.min(end, count)
  if (from >= to) return new Uint32Array(0)
  /** Null: all. */
  let kept: Uint32Array | null = null
  let size = count
  /** How many stand before those that are kept. */
  let before = 0
  for (let care = 1; size > FEW; ) {
    const [low, high] = bounds(kept, size, order.compare, from - before, to - before, care)
    if (low === null && high === null) break
    const part: Part = { low, high, passed: 0, between: [] }
    for (let i = 0; i < size; i += STEP) {
      split(order, kept, i, Math.min(i + STEP, size), part)
      yield i
    }
    const isInside = before + part.passed <= from && to <= before + part.passed + part.between.length
    // The window reaches nearly from end to end: nothing is gained by looking again.
    if (isInside && part.between.length === size) break
    if (isInside) {
      kept = new Uint32Array(part.between)
      size = kept.length
      before += part.passed
    } else care *= 4
  }
  const rest = kept ?? Uint32Array.from({ length: size }, (_, i) => i)
  return (yield* sortedRows(rest, order.compare)).subarray(from - before, to - before)
}

type Part = {
  /** Null: no bound. */
  readonly low: number | null
  readonly high: number | null
  /** How many stand before `low`. */
  passed: number
  /** Those from `low` to `high`: few, so that no room is made for all. */
  readonly between: number[]
}

/** Adds the numbers at [from, to) of `kept`. */
function split(
  { keys, compare }: Order,
  kept: Uint32Array | null,
  from: number,
  to: number,
  part: Part,
): void {
  const { low, high, between } = part
  const lowKey = low === null ? -Infinity : (keys[low] ?? 0)
  const highKey = high === null ? Infinity : (keys[high] ?? 0)
  let { passed } = part
  for (let i = from; i < to; i++) {
    const one = kept === null ? i : (kept[i] ?? 0)
    const key = keys[one] ?? 0
    if (key > highKey) continue
    if (key < lowKey || (low !== null && !(key > lowKey) && compare(one, low) < 0)) passed++
    else if (high === null || key < highKey || compare(one, high) <= 0) between.push(one)
  }
  part.passed = passed
}

/** Numbers between which the places [start, end) surely lie; null: none that is sure. */
function bounds(
  kept: Uint32Array | null,
  size: number,
  compare: Compare,
  start: number,
  end: number,
  care: number,
): readonly [number | null, number | null] {
  const at = (i: number): number => (kept === null ? i : (kept[i] ?? 0))
  const sample = Uint32Array.from({ length: SAMPLE }, (_, i) => at(placeOf(i, size))).sort(compare)
  const low = Math.floor((start / size) * SAMPLE - margin(start / size, care))
  const high = Math.ceil((end / size) * SAMPLE + margin(end / size, care))
  return [sample[low] ?? null, sample[high] ?? null]
}

/** How far the share of a sample may be from that of all: a few standard deviations, and a few more for the ends. */
function margin(share: number, care: number): number {
  return care * (3 * Math.sqrt(share * (1 - share) * SAMPLE) + 3)
}

/** Spread evenly, but in no step that an order by row could share (Weyl's sequence by the golden ratio). */
function placeOf(i: number, size: number): number {
  return Math.floor(((i * 0.618_033_988_749_895) % 1) * size)
}
