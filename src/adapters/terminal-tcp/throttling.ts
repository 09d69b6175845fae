import { SECOND } from '../../core/time.ts'
import type { AddressUse } from './address-budget.ts'
import type { Hub } from './hub.ts'
import { adjustReading } from './replying.ts'

/** An address that used up its bytes waits at least so long, that it is not stopped and started all the time. */
const THROTTLE_MS = SECOND / 4

/** Reads nothing from an address until its budget has grown again. */
export function throttle(hub: Hub, use: AddressUse): void {
  for (const socket of use.sockets) socket.pause()
  hub.say('throttled', (times) =>
    hub.log.warn('An address sends more than it may and is slowed down', {
      source: hub.options.id,
      remote: use.address,
      connections: use.sockets.size,
      times,
    }),
  )
  hub.throttleTimer ??= hub.clock.after(THROTTLE_MS, () => readAgain(hub))
}

function readAgain(hub: Hub): void {
  hub.throttleTimer = null
  if (hub.stopped) return
  for (const use of hub.addresses.released(hub.clock.monotonic())) {
    for (const socket of use.sockets) {
      const connection = hub.connections.get(socket)
      if (connection) adjustReading(hub, connection)
    }
  }
  if (hub.addresses.throttled() > 0) hub.throttleTimer = hub.clock.after(THROTTLE_MS, () => readAgain(hub))
}
