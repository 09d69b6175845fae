import type { Fleet } from './fleet.ts'
import { sortedRows } from './sorting.ts'

const collator = new Intl.Collator('ru', { numeric: true, sensitivity: 'base' })

/** The place of a client that has none of the rows. */
export const NO_PLACE = 2 ** 32 - 1

/** Rows between two pauses. */
const STEP = 4096

/**
 * The place of each client, by its number: those with most of the rows first, of as many by name; those without a
 * client last. Now and then it yields how far it is.
 */
export function* clientPlaces(
  { groups }: Pick<Fleet, 'groups'>,
  rows: Uint32Array,
): Generator<number, Uint32Array> {
  const { of, names } = groups.client
  const counts = new Uint32Array(names.length)
  for (let i = 0; i < rows.length; i++) {
    const client = of[rows[i] ?? 0] ?? 0
    counts[client] = (counts[client] ?? 0) + 1
    if (i % STEP === STEP - 1) yield i
  }
  const those = Uint32Array.from(counts.keys()).filter((client) => (counts[client] ?? 0) > 0)
  const sorted = yield* sortedRows(those, (a, b) => {
    if (a === 0 || b === 0) return a === 0 ? 1 : -1
    return (counts[b] ?? 0) - (counts[a] ?? 0) || collator.compare(names[a] ?? '', names[b] ?? '') || a - b
  })
  const places = new Uint32Array(names.length).fill(NO_PLACE)
  sorted.forEach((client, place) => {
    places[client] = place
  })
  return places
}
