import { HOUR, MINUTE, SECOND } from '../time.ts'

/**
 * Buckets are 10^(1/40) apart, so what is read back is off by at most 3 %. They are spread so that what terminals are
 * set to is the middle of one, and is read back as what it is.
 */
const PER_DECADE = 40
export const BUCKETS = 255
/** With this bucket at 30 s the first one stands for 1.1 s and the last one for 29 days. */
const AT_30_S = 57

/** The intervals to which terminals are set. Below a minute they teach no threshold, which is two minutes at least. */
const USUAL_MS = [
  ...[30, 60, 90].map((seconds) => seconds * SECOND),
  ...[2, 3, 4, 5, 10, 15, 20, 30, 45].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 4, 6, 8, 12, 24].map((hours) => hours * HOUR),
]

const MIDDLES = spreadMiddles()

/** The bucket whose middle is the nearest by ratio; the first or the last one for what lies beyond them. */
export function bucketOf(ms: number): number {
  let low = 0
  let high = BUCKETS - 1
  while (low < high) {
    const bucket = (low + high) >> 1
    if (ms * ms < middleOf(bucket) * middleOf(bucket + 1)) high = bucket
    else low = bucket + 1
  }
  return low
}

/** What a bucket stands for, in whole ms. */
export function middleOf(bucket: number): number {
  return MIDDLES[bucket] ?? 0
}

/** From each usual interval to the next one by equal ratios. */
function spreadMiddles(): Float64Array {
  const middles = new Float64Array(BUCKETS)
  let from = 0
  let shortest = lengthAt(from)
  for (const longest of [...USUAL_MS, lengthAt(BUCKETS - 1)]) {
    const to = Math.round(placeOf(longest))
    for (let bucket = from; bucket <= to; bucket++) {
      middles[bucket] = Math.round(shortest * (longest / shortest) ** ((bucket - from) / (to - from)))
    }
    from = to
    shortest = longest
  }
  return middles
}

/** Where an interval would lie among buckets that are all equally wide. */
function placeOf(ms: number): number {
  return AT_30_S + PER_DECADE * Math.log10(ms / (30 * SECOND))
}

/** The interval that would lie there. */
function lengthAt(place: number): number {
  return 30 * SECOND * 10 ** ((place - AT_30_S) / PER_DECADE)
}
