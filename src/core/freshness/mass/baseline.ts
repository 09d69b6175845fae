import { DAY, type Instant, MINUTE } from '../../time.ts'

const SLOT = 15 * MINUTE
const SLOTS_PER_DAY = DAY / SLOT
const SLOTS = 7 * SLOTS_PER_DAY

/** Share of a new week in what is usual. */
const ALPHA = 1 / 4
/**
 * What a share tells: some members fell silent each for itself, or many at once, or many while something was wrong in
 * the fleet, which is not usual unless it recurs.
 */
export type ShareKind = 'single' | 'many' | 'exceptional'

/**
 * What share of a group's members usually falls silent, by quarter of an hour of the UTC week (spec/freshness.md 7).
 * What was told of the present slot is kept apart until it ends.
 */
export type Baseline = {
  /** Since when it is learnt. */
  since: Instant
  /** Usual share by slot as a byte; UNSEEN: the slot was never seen. */
  readonly usual: Uint8Array
  /** Highest share of many at once when the slot was last seen, incidents too, as a byte. */
  readonly peaks: Uint8Array
  sum: number
  count: number
  /** The highest shares of many, without and with something wrong. */
  many: number
  exceptional: number
  /** What is usual in the present slot, worked out at its beginning. */
  now: number
}

const UNSEEN = 255
const MOST = 254

export function createBaseline(since: Instant): Baseline {
  return {
    since,
    usual: new Uint8Array(SLOTS).fill(UNSEEN),
    peaks: new Uint8Array(SLOTS),
    sum: 0,
    count: 0,
    many: 0,
    exceptional: 0,
    now: 0,
  }
}

/** Slot of the week, 0 to 671; the week begins on a Thursday, as time did in 1970. */
export function slotAt(now: Instant): number {
  return Math.floor(now / SLOT) % SLOTS
}

/** Notes the share at one evaluation. */
export function noteShare(baseline: Baseline, share: number, kind: ShareKind): void {
  if (kind === 'exceptional') {
    baseline.exceptional = Math.max(baseline.exceptional, share)
    return
  }
  baseline.sum += share
  baseline.count++
  if (kind === 'many') baseline.many = Math.max(baseline.many, share)
}

/**
 * Ends the slot: its mean goes into the usual share, or where many fell silent at once its highest share, which a mean
 * over the quarter of an hour would hide. True: what must be stored has changed.
 */
export function endSlot(baseline: Baseline, slot: number): boolean {
  const { sum, count, many, exceptional } = baseline
  const seen = baseline.usual[slot] ?? UNSEEN
  const before = baseline.peaks[slot] ?? 0
  if (count > 0) {
    const share = many > 0 ? many : sum / count
    baseline.usual[slot] = toByte(seen === UNSEEN ? share : fromByte(seen) + ALPHA * (share - fromByte(seen)))
  }
  if (count > 0 || exceptional > 0) baseline.peaks[slot] = toByte(Math.max(many, exceptional))
  Object.assign(baseline, { sum: 0, count: 0, many: 0, exceptional: 0 })
  return baseline.usual[slot] !== seen || baseline.peaks[slot] !== before
}

/**
 * What is usual in a slot: what was learnt for it, or the mean of all slots where it was never seen. What happened
 * around the same time on two days of the last week is usual too, even if it was taken for an incident: the end of a
 * shift is, an outage of an operator is not.
 */
export function usualShare({ usual, peaks }: Baseline, slot: number): number {
  const own = usual[slot] ?? UNSEEN
  return Math.max(own === UNSEEN ? meanShare(usual) : fromByte(own), recurring(peaks, slot))
}

/** The second highest of the seven days' peaks at that time of day, one slot earlier or later. */
function recurring(peaks: Uint8Array, slot: number): number {
  let first = 0
  let second = 0
  for (let day = 0; day < 7; day++) {
    const at = slot + day * SLOTS_PER_DAY + SLOTS
    const peak = Math.max(peaks[(at - 1) % SLOTS] ?? 0, peaks[at % SLOTS] ?? 0, peaks[(at + 1) % SLOTS] ?? 0)
    second = Math.max(second, Math.min(first, peak))
    first = Math.max(first, peak)
  }
  return fromByte(second)
}

function meanShare(usual: Uint8Array): number {
  let sum = 0
  let count = 0
  for (const byte of usual) {
    if (byte === UNSEEN) continue
    sum += fromByte(byte)
    count++
  }
  return count === 0 ? 0 : sum / count
}

/** By the square root, so that small shares keep their digits. */
function toByte(share: number): number {
  return Math.round(Math.sqrt(Math.min(1, Math.max(0, share))) * MOST)
}

function fromByte(byte: number): number {
  return (byte / MOST) ** 2
}

/** Bytes of `since` before those of the slots. */
const HEAD = 8

/** Bytes to be stored. */
export function encodeBaseline({ since, usual, peaks }: Baseline): Uint8Array {
  const bytes = new Uint8Array(HEAD + 2 * SLOTS)
  new DataView(bytes.buffer).setFloat64(0, since)
  bytes.set(usual, HEAD)
  bytes.set(peaks, HEAD + SLOTS)
  return bytes
}

/** Throws on damaged bytes. */
export function decodeBaseline(bytes: Uint8Array): Baseline {
  const since = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat64(0)
  if (bytes.length !== HEAD + 2 * SLOTS || !Number.isFinite(since)) {
    throw new Error(`a baseline of ${bytes.length} bytes is damaged`)
  }
  const baseline = createBaseline(since)
  baseline.usual.set(bytes.subarray(HEAD, HEAD + SLOTS))
  baseline.peaks.set(bytes.subarray(HEAD + SLOTS))
  return baseline
}
