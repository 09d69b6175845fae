import type { Instant } from '../time.ts'
import type { Round } from './verdict.ts'

/** Ids of the components whose failure makes a FAIL. */
export function failComponents({ components }: Round): readonly string[] {
  return components
    .filter(({ counts, result }) => counts === 'outage' && result.kind === 'failed')
    .map(({ id }) => id)
}

/**
 * Per component when it was last seen well; results kept from an earlier turn count from when they were made. One that
 * seems to be of later than the round was made before the clock was set back, and is known by the time of now.
 */
export function noteOks(
  lastOkOf: ReadonlyMap<string, Instant>,
  { at, components }: Round,
): ReadonlyMap<string, Instant> {
  const well = components.filter(({ checkedAt, result }) => result.kind === 'ok' && checkedAt <= at)
  if (well.length === 0) return lastOkOf
  const next = new Map(lastOkOf)
  for (const { id, checkedAt } of well) next.set(id, checkedAt)
  return next
}

/** The last time at which all of them were known to be well; undefined when one never was. */
export function lastOkOfAll(
  lastOkOf: ReadonlyMap<string, Instant>,
  ids: readonly string[],
): Instant | undefined {
  let earliest: Instant | undefined
  for (const id of ids) {
    const at = lastOkOf.get(id)
    if (at === undefined) return undefined
    earliest = Math.min(earliest ?? at, at)
  }
  return earliest
}
