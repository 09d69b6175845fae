import type { Socket } from 'node:net'
import type { Session } from '../../core/telemetry/session.ts'
import { type AddressUse, plainAddress, type Refusal } from './address-budget.ts'
import type { Connection } from './connection.ts'
import type { Hub } from './hub.ts'
import { adjustReading } from './replying.ts'

/** Takes a new connection into use; false when it was refused and closed. */
export function admit(hub: Hub, socket: Socket, createSession: () => Session): boolean {
  const { remoteAddress } = socket
  // It is gone already.
  if (hub.stopped || remoteAddress === undefined) {
    socket.destroy()
    return false
  }
  const now = hub.clock.monotonic()
  const use = hub.addresses.admit(plainAddress(remoteAddress), now)
  if (typeof use === 'string') {
    socket.destroy()
    refuse(hub, use, remoteAddress)
    return false
  }
  const connection = take(hub, socket, use, createSession())
  hub.strangers.touch(connection, now)
  hub.quiet.touch(connection, now)
  adjustReading(hub, connection)
  return true
}

function take(hub: Hub, socket: Socket, use: AddressUse, session: Session): Connection {
  const connection: Connection = {
    socket,
    session,
    use,
    terminalId: null,
    known: false,
    replies: null,
    deferred: false,
    end: null,
  }
  hub.addresses.add(use, socket)
  use.strangers += 1
  hub.connections.set(socket, connection)
  hub.metrics.add('watch_terminal_connections_total', hub.labels)
  hub.metrics.set('watch_terminal_connections', hub.connections.size, hub.labels)
  return connection
}

/** Counts a connection that was closed at once. */
export function refuse(hub: Hub, bound: Refusal | 'total', remoteAddress: string | undefined): void {
  hub.refused[bound] += 1
  hub.metrics.add('watch_terminal_disconnects_total', { ...hub.labels, reason: 'limit' })
  hub.say(`refused-${bound}`, (times) =>
    hub.log.warn(refusalText(bound), {
      source: hub.options.id,
      remote: plainAddress(remoteAddress ?? ''),
      connections: hub.connections.size,
      times,
    }),
  )
}

function refusalText(bound: Refusal | 'total'): string {
  switch (bound) {
    case 'total':
      return 'A connection was refused: this source has as many as it may have (maxConnections)'
    case 'address':
      return 'A connection was refused: its address has as many as it may have (maxPerAddress)'
    case 'unidentified':
      return 'A connection was refused: too many of its address have not said which terminal they are'
  }
}
