import {
  encodeGaps,
  type GapTable,
  markGaps,
  takeChangedGaps,
  takeForgottenGaps,
} from '../core/freshness/gaps.ts'
import { MINUTE } from '../core/time.ts'
import type { Clock, StoredGaps } from '../ports.ts'

const ROUND_EVERY = MINUTE
/** Nearly every message of a terminal that learns changes its histograms, and a crash may lose the last of them. */
const MOST_PER_FLUSH = 2000
/** The service has to end in time; what was stored a few minutes before is as good. */
const MOST_AT_STOP = 50_000

/** When what terminals have learnt is stored: what changed in rounds, at most one a minute, a part with each flush. */
export function createGapRounds(gaps: GapTable, clock: Pick<Clock, 'monotonic'>) {
  let begunAt = clock.monotonic()
  /** Rows of the present round, and how many of them were taken. */
  let round: readonly number[] = []
  let taken = 0

  function part(most: number): readonly number[] {
    const rows = round.slice(taken, taken + most)
    taken += rows.length
    return rows
  }

  function begin(): void {
    begunAt = clock.monotonic()
    round = takeChangedGaps(gaps)
    taken = 0
  }

  return {
    /** Those of which nothing is known any more. */
    forgotten: (): readonly StoredGaps[] => encodeGaps(gaps, takeForgottenGaps(gaps)),
    take(stopping: boolean): readonly StoredGaps[] {
      const rows = [...takeForgottenGaps(gaps), ...part(stopping ? MOST_AT_STOP : MOST_PER_FLUSH)]
      const isOver = taken === round.length
      if (isOver && (stopping || clock.monotonic() - begunAt >= ROUND_EVERY)) {
        begin()
        rows.push(...part(stopping ? MOST_AT_STOP : MOST_PER_FLUSH))
      }
      return encodeGaps(gaps, rows)
    },
    /** They could not be stored. */
    giveBack(stored: readonly StoredGaps[]): void {
      for (const { row, bytes } of stored) {
        if (bytes.length === 0) gaps.forgotten.add(row)
        else markGaps(gaps, row)
      }
    },
  }
}
