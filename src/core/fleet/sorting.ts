/** Negative: `a` stands before `b`; never 0 for two different ones. */
export type Compare = (a: number, b: number) => number

/** Numbers that are sorted at once. */
const RUN = 256
/** Comparisons between two pauses; each may be one of texts. */
const STEP = 512

/**
 * Sorts, which of a million takes seconds: now and then it yields a number that grows. The array given is used up.
 * Merge sort: it reads in order, and what is in order already is found out soon.
 */
export function* sortedRows(rows: Uint32Array, compare: Compare): Generator<number, Uint32Array> {
  for (let from = 0; from < rows.length; from += RUN) {
    rows.subarray(from, from + RUN).sort(compare)
    yield from
  }
  let source: Uint32Array = rows
  let target: Uint32Array = new Uint32Array(rows.length)
  for (let width = RUN; width < rows.length; width *= 2) {
    for (let from = 0; from < rows.length; from += 2 * width) {
      const left = source.subarray(from, from + width)
      const right = source.subarray(from + width, from + 2 * width)
      yield* merge(left, right, target.subarray(from), compare)
      yield from
    }
    const free = source
    source = target
    target = free
  }
  return source
}

/** Two sorted runs as one; the second one is usually much the shorter. */
export function* joinedRuns(
  many: Uint32Array,
  few: Uint32Array,
  compare: Compare,
): Generator<number, Uint32Array> {
  const joined = new Uint32Array(many.length + few.length)
  let taken = 0
  for (let i = 0; i < few.length; i++) {
    const place = placeIn(many, taken, few[i] ?? 0, compare)
    joined.set(many.subarray(taken, place), taken + i)
    taken = place
    joined[taken + i] = few[i] ?? 0
    if (i % FEW === FEW - 1) yield i
  }
  joined.set(many.subarray(taken), taken + few.length)
  return joined
}

/** Searches between two pauses, of up to twenty comparisons each. */
const FEW = 32

/** The first place from `low` on that does not stand before `row`. */
function placeIn(rows: Uint32Array, from: number, row: number, compare: Compare): number {
  let low = from
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compare(rows[middle] ?? 0, row) < 0) low = middle + 1
    else high = middle
  }
  return low
}

function* merge(
  left: Uint32Array,
  right: Uint32Array,
  target: Uint32Array,
  compare: Compare,
): Generator<number> {
  let i = 0
  let j = 0
  while (i < left.length && j < right.length) {
    const a = left[i] ?? 0
    const b = right[j] ?? 0
    if (compare(a, b) <= 0) {
      target[i + j] = a
      i++
    } else {
      target[i + j] = b
      j++
    }
    if ((i + j) % STEP === 0) yield i + j
  }
  target.set(left.subarray(i), i + j)
  target.set(right.subarray(j), left.length + j)
}
