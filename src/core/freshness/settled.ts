import type { Fleet } from '../fleet/fleet.ts'
import type { Instant } from '../time.ts'
import { isParked } from './registers.ts'
import type { SourceNow } from './source-now.ts'
import { CODE } from './state.ts'

// Looked up once: this is asked two million times a second.
const { fresh, sleeping, stale, lost } = CODE

/**
 * Whether a judgement of the row at `now` can only find the state in which it is, told from a few numbers: this saves
 * the whole judgement for nearly all rows. False: it must be judged. Nothing is said of the terminal.
 *
 * Observed time never passes faster than the clock, so who was heard within a limit is within it whatever its source
 * has heard. Instants come in objects, where they need no memory of their own with each call.
 */
export function isSettled(
  { table, thresholds }: Fleet,
  row: number,
  state: number,
  { now }: { readonly now: Instant },
  source: Pick<SourceNow, 'hearsSince'> | undefined,
): boolean {
  const contactAt = table.contactAt[row] ?? 0
  if (contactAt === 0) return false
  const movingMs = thresholds.movingMs[row] ?? 0
  switch (state) {
    case fresh: {
      const least = Math.min(movingMs, thresholds.parkedMs[row] ?? 0)
      if (now - contactAt > least || now - (table.dataAt[row] ?? 0) > least) return false
      const fixAt = table.fixAt[row] ?? 0
      return fixAt === 0 || now - fixAt <= movingMs || isParked(table, row)
    }
    case sleeping: {
      const parkedMs = thresholds.parkedMs[row] ?? 0
      if (!source || contactAt < source.hearsSince || !isParked(table, row)) return false
      return now - contactAt > movingMs && now - Math.min(contactAt, table.dataAt[row] ?? 0) <= parkedMs
    }
    // Who has not spoken since it fell silent stays so, and becomes lost at most.
    case stale:
      return (table.leaveAt[row] ?? 0) === 0 && now - contactAt <= (thresholds.lostMs[row] ?? 0)
    case lost:
      return (table.leaveAt[row] ?? 0) === 0
    default:
      return false
  }
}
