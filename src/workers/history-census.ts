import type { Fleet } from '../core/fleet/fleet.ts'
import { countingStates } from '../core/fleet/summary.ts'
import { censusPoints, type Filled } from '../core/history/census.ts'
import { SECOND } from '../core/time.ts'
import type { Clock, Stop } from '../ports.ts'
import type { HistoryOffer } from './history-queue.ts'
import { inSlices } from './slices.ts'

const CENSUS_EVERY = 30 * SECOND

/** Tells the history how many terminals of each client are in which state, at every half of a minute. */
export function startHistoryCensus(fleet: Fleet, offer: HistoryOffer, clock: Clock): Stop {
  let filled: Filled | null = null
  return clock.every(CENSUS_EVERY, async () => {
    const at = Math.floor(clock.now() / CENSUS_EVERY) * CENSUS_EVERY
    const { clients } = await inSlices(countingStates(fleet, 'all'), { clock })
    const census = await inSlices(censusPoints(clients, filled, at), { clock })
    filled = census.filled
    offer(census.points, (point) => point)
  })
}
