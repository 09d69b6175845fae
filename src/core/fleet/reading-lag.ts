import { type Instant, MINUTE } from '../time.ts'
import type { ReadingView } from './view.ts'

/** Readings come with some messages only; one a little older than the newest data is none that is old. */
const OLD_MS = MINUTE

/** How far a reading is behind the newest data, ms; 0: it is as good as new. */
export function readingLag({ at }: Pick<ReadingView, 'at'>, dataAt: Instant | null): number {
  const behind = (dataAt ?? at) - at
  return behind > OLD_MS ? behind : 0
}
