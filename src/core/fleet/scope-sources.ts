import { type Fleet, MOST_SOURCES } from './fleet.ts'
import { isShown } from './said.ts'
import { rowsInScope, type Scope } from './scope.ts'

/** Rows between two pauses. */
const STEP = 4096

/**
 * Which of these sources last heard a terminal of the scope; whoever may see everything sees them all. Now and then it
 * yields how many rows were looked at so far, and it ends when every source is found.
 */
export function* findingSources(
  fleet: Fleet,
  scope: Scope,
  ids: readonly string[],
): Generator<number, ReadonlySet<string>> {
  const seen = rowsInScope(fleet, scope)
  if (seen === null) return new Set(ids)
  const sought = new Map(ids.map((id) => [fleet.sourceNumbers.get(id) ?? 0, id]))
  sought.delete(0)
  const isSought = new Uint8Array(MOST_SOURCES + 1)
  for (const number of sought.keys()) isSought[number] = 1
  const found = new Set<string>()
  for (let from = 0; from < fleet.inventory.length && found.size < sought.size; from += STEP) {
    const to = Math.min(from + STEP, fleet.inventory.length)
    for (let row = from; row < to; row++) {
      const number = fleet.table.source[row] ?? 0
      // A byte tells it of most rows, and there may be a million.
      if (isSought[number] !== 1 || !isShown(fleet.said, row) || !seen(row)) continue
      isSought[number] = 0
      found.add(sought.get(number) ?? '')
    }
    yield to
  }
  return found
}
