import type { Summary } from '../fleet/view.ts'
import { STATES } from '../freshness/state.ts'
import type { Instant } from '../time.ts'
import type { HistoryPoint } from './point.ts'

/** States with terminals by client, a bit for each place in STATES: what the next census must set to 0. */
export type Filled = ReadonlyMap<string, number>

/** A tag cannot be empty. */
const NO_CLIENT = '-'

/**
 * A point for each client and state that has terminals, and a last one of 0 for each that had them at the last census.
 * It yields how many clients it is through with.
 */
export function* censusPoints(
  clients: Summary['clients'],
  before: Filled,
  at: Instant,
): Generator<number, { readonly points: readonly HistoryPoint[]; readonly filled: Filled }> {
  const points: HistoryPoint[] = []
  const filled = new Map<string, number>()
  const count = (client: string, state: string, terminals: number): void => {
    const tags = { client: client === '' ? NO_CLIENT : client, state }
    points.push({ measurement: 'fleet', tags, fields: { terminals }, at })
  }
  for (const { client, states } of clients) {
    const had = before.get(client) ?? 0
    let has = 0
    STATES.forEach((state, place) => {
      if (states[state] > 0) has |= 1 << place
      if (states[state] > 0 || (had & (1 << place)) !== 0) count(client, state, states[state])
    })
    filled.set(client, has)
    yield filled.size
  }
  for (const [client, had] of before) {
    if (filled.has(client)) continue
    STATES.forEach((state, place) => {
      if ((had & (1 << place)) !== 0) count(client, state, 0)
    })
    yield filled.size
  }
  return { points, filled }
}
