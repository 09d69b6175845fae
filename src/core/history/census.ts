import type { Summary } from '../fleet/view.ts'
import { STATES, type State } from '../freshness/state.ts'
import type { Instant } from '../time.ts'
import type { HistoryPoint } from './point.ts'
import { NOTHING, tagText } from './tag-text.ts'

/** States with terminals by client, a bit for each place in STATES: what the next census must set to 0. */
export type Filled = ReadonlyMap<string, number>

type Counts = Summary['clients'][number]['states']

/** Silent terminals are drawn over years: what a run left must not stand until the next one that is silent. */
const SILENT = bitOf('stale') | bitOf('lost')

/**
 * A point for each client and state that has terminals, and a last one of 0 for each that had them at the last census.
 * The first census of a run (`before` is null) does not know what had: it counts the silent ones of each client, also none.
 * Clients whose names are the same tag have one point with the sum: of two of one time the database keeps the last. It
 * yields how many clients it is through with.
 */
export function* censusPoints(
  clients: Summary['clients'],
  before: Filled | null,
  at: Instant,
): Generator<number, { readonly points: readonly HistoryPoint[]; readonly filled: Filled }> {
  const points: HistoryPoint[] = []
  const filled = new Map<string, number>()
  const count = (client: string, state: string, terminals: number): void => {
    points.push({ measurement: 'fleet', tags: { client, state }, fields: { terminals }, at })
  }
  const byTag = new Map<string, Counts>()
  for (const { client, states } of clients) {
    const tag = tagText(client) || NOTHING
    const known = byTag.get(tag)
    byTag.set(tag, known ? sumOf(known, states) : states)
    yield byTag.size
  }
  for (const [client, states] of byTag) {
    const had = before === null ? SILENT : (before.get(client) ?? 0)
    let has = 0
    STATES.forEach((state, place) => {
      if (states[state] > 0) has |= 1 << place
      if (states[state] > 0 || (had & (1 << place)) !== 0) count(client, state, states[state])
    })
    filled.set(client, has)
    yield filled.size
  }
  for (const [client, had] of before ?? []) {
    if (filled.has(client)) continue
    STATES.forEach((state, place) => {
      if ((had & (1 << place)) !== 0) count(client, state, 0)
    })
    yield filled.size
  }
  return { points, filled }
}

function sumOf(a: Counts, b: Counts): Counts {
  return Object.fromEntries(STATES.map((state) => [state, a[state] + b[state]])) as Counts
}

function bitOf(state: State): number {
  return 1 << STATES.indexOf(state)
}
