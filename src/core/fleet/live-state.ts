import type { ServiceStatus } from '../outage/status.ts'
import type { Instant } from '../time.ts'
import type { Attention } from './attention.ts'

/** What a page that stays open is told of somebody's terminals and of the service: numbers only. */
export type LiveState = Pick<Attention, 'states' | 'needs'> & {
  readonly service: ServiceStatus['state']
  /** Id of the open outage. */
  readonly outage: string | null
  /** Changes of state so far; numbers of different epochs cannot be compared. */
  readonly changes: number
  readonly epoch: Instant
}

/** Gets the state every few seconds, whether it has changed or not; null: the service stops. */
export type LiveListener = (state: LiveState | null) => void | Promise<void>
