import { DAY, HOUR, MINUTE } from '../time.ts'

const SHORTEST_MS = 10 * MINUTE
const LONGEST_MS = HOUR

/**
 * How long nothing is sent after an answer 429, ms. The length of a block is not documented, so it is long, and
 * longer with each block (`earlier`: those before this one with no good answer since). `retryAfterMs`: what the
 * server asked for; it counts where it is more, up to a day.
 */
export function blockMs(earlier: number, retryAfterMs: number | null): number {
  const own = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** Math.min(earlier, 10))
  return Math.max(own, Math.min(retryAfterMs ?? 0, DAY))
}
