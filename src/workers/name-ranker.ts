import type { Fleet } from '../core/fleet/fleet.ts'
import { rankNames } from '../core/fleet/name-ranking.ts'
import { MINUTE, SECOND } from '../core/time.ts'
import type { Clock, Stop } from '../ports.ts'
import { inSlices } from './slices.ts'

export type NameRankerDeps = { readonly clock: Pick<Clock, 'monotonic' | 'every'>; readonly fleet: Fleet }

const LOOK_EVERY = 2 * SECOND
/** The list compares so many new names by text without anybody noticing; fewer may wait. */
const MANY = 1000
const WAIT_AT_MOST = MINUTE

/** Keeps the order of names up to date in the background, so that a page of a large fleet is found at once. */
export function createNameRanker({ clock, fleet }: NameRankerDeps) {
  const ending = new AbortController()
  let rankedChanges = 0
  let rankedAt = -Infinity
  let stopTimer: Stop = () => {}

  async function rank(): Promise<void> {
    const { changes } = fleet.names
    const waited = clock.monotonic() - rankedAt
    if (changes === rankedChanges || (changes - rankedChanges < MANY && waited < WAIT_AT_MOST)) return
    await inSlices(rankNames(fleet), { clock, until: ending.signal })
    rankedChanges = changes
    rankedAt = clock.monotonic()
  }

  return {
    start(): void {
      stopTimer = clock.every(LOOK_EVERY, () => rank().catch(endedOr))
    },
    stop(): void {
      stopTimer()
      ending.abort()
    },
  }

  /** Work that is given up at the end rejects; anything else is a bug. */
  function endedOr(error: unknown): void {
    if (!ending.signal.aborted) throw error
  }
}
