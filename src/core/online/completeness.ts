import { HOUR } from '../time.ts'

/** What is known of the size of an answer that lists the whole account. Times on a clock that never goes back, ms. */
export type Completeness = {
  /** Rows of the last good answer; 0: there was none. */
  readonly rows: number
  /** Shrunken answers since then, with none of full size between them. */
  readonly shrunken: { readonly sinceMs: number; readonly count: number } | null
}

export type SizeJudgement = 'good' | 'empty' | 'shrunken'

export const UNSIZED: Completeness = { rows: 0, shrunken: null }

/** Below this many rows any answer that is not empty may be right: a few vehicles are sold or moved in one day. */
const SMALL_FLEET = 10

/** A fleet that stays so small for so long, and so many times in a row, has been moved away in earnest. */
const SHRUNKEN_TIMES = 3
const SHRUNKEN_MS = HOUR

/**
 * Whether an answer may be taken for the whole account (spec/freshness.md 3). An empty one never may. One with fewer
 * than half of the rows of the last good one may when that had fewer than ten, or when the answers have stayed so at
 * least three times in a row over at least an hour. Questions without an answer neither count nor break the row.
 */
export function judgeSize(
  before: Completeness,
  rows: number,
  nowMs: number,
): { readonly judgement: SizeJudgement; readonly after: Completeness } {
  if (rows === 0) return { judgement: 'empty', after: { ...before, shrunken: null } }
  const isShrunken = before.rows >= SMALL_FLEET && rows * 2 < before.rows
  if (!isShrunken) return { judgement: 'good', after: { rows, shrunken: null } }
  const { sinceMs, count } = before.shrunken ?? { sinceMs: nowMs, count: 0 }
  if (count + 1 >= SHRUNKEN_TIMES && nowMs - sinceMs >= SHRUNKEN_MS) {
    return { judgement: 'good', after: { rows, shrunken: null } }
  }
  return { judgement: 'shrunken', after: { ...before, shrunken: { sinceMs, count: count + 1 } } }
}
