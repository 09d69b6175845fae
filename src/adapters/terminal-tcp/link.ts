import type { Instant } from '../../core/time.ts'
import type { Hub } from './hub.ts'
import type { PortEvents } from './port.ts'
import { reasonOf } from './trouble.ts'

const NOT_STORED = 'what came cannot be stored'

/** Reports whether the source has its port. */
export function portEvents({ link, options, events, clock, log }: Hub): PortEvents {
  const { id, kind, host } = options
  const startedAt = clock.now()
  return {
    listening(port) {
      link.isListening = true
      link.trouble = null
      log.info('Listening for terminals', { source: id, kind, host, port })
      events.connected(clock.now(), false)
    },
    failed(error, retryInMs) {
      const reason = reasonOf(error, options)
      const isNew = reason !== link.trouble
      link.trouble = reason
      log[isNew ? 'error' : 'debug']('Cannot listen for terminals', { source: id, kind, reason, retryInMs })
      if (isNew) events.disconnected(startedAt, reason)
    },
  }
}

/**
 * Whether all that was reported so far is stored. Terminals that wait for it are cut off while it fails, some before
 * they said more than who they are: that they are silent then says nothing of them.
 */
export async function askStored(hub: Hub): Promise<boolean> {
  const askedAt = hub.clock.now()
  const isStored = await hub.events.stored().catch(() => false)
  noteStored(hub, isStored, askedAt)
  return isStored
}

/** `askedAt`: wall time of the question. */
function noteStored({ link, events, clock, stopped }: Hub, isStored: boolean, askedAt: Instant): void {
  if (stopped || isStored === link.isStoring) return
  link.isStoring = isStored
  link.trouble = isStored ? null : NOT_STORED
  if (isStored) events.connected(clock.now(), false)
  else events.disconnected(askedAt, NOT_STORED)
}
