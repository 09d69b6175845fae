import type { Instant } from '../time.ts'

/** An instant per row in six bytes, exact to the millisecond for the next 8,000 years; 0: none. */
export type InstantColumn = {
  /** Milliseconds modulo 2^32. */
  readonly low: Uint32Array
  /** Whole turns of 2^32 ms. */
  readonly high: Uint16Array
}

const TURN_MS = 2 ** 32

export function createInstants(capacity: number): InstantColumn {
  return { low: new Uint32Array(capacity), high: new Uint16Array(capacity) }
}

export function widenInstants({ low, high }: InstantColumn, capacity: number): InstantColumn {
  const wider = createInstants(capacity)
  wider.low.set(low)
  wider.high.set(high)
  return wider
}

export function instantAt({ low, high }: InstantColumn, row: number): Instant {
  return (high[row] ?? 0) * TURN_MS + (low[row] ?? 0)
}

/** Makes all that is later than `now` (not negative) be now. */
export function clampInstants({ low, high }: InstantColumn, now: Instant): void {
  const turns = Math.floor(now / TURN_MS)
  const rest = now - turns * TURN_MS
  for (let row = 0; row < high.length; row++) {
    const turn = high[row] ?? 0
    if (turn < turns || (turn === turns && (low[row] ?? 0) <= rest)) continue
    low[row] = rest
    high[row] = turns
  }
}

/** `at` in whole milliseconds. */
export function setInstant({ low, high }: InstantColumn, row: number, at: Instant): void {
  low[row] = at >>> 0
  high[row] = Math.floor(at / TURN_MS)
}
