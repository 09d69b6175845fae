import type { Socket } from 'node:net'
import type { Session } from '../../core/telemetry/session.ts'
import { type AddressUse, plainAddress } from './address-budget.ts'
import type { Connection } from './connection.ts'
import { drop } from './ending.ts'
import type { Bound, Hub } from './hub.ts'
import { adjustReading } from './replying.ts'

/** Takes a new connection into use; false when it was refused and closed. */
export function admit(hub: Hub, socket: Socket, createSession: () => Session): boolean {
  const { remoteAddress } = socket
  // It is gone already.
  if (hub.stopped || remoteAddress === undefined) {
    socket.destroy()
    return false
  }
  if (hub.connections.size >= hub.share.most()) return refuse(hub, socket, 'total')
  const now = hub.clock.monotonic()
  const admission = hub.addresses.admit(plainAddress(remoteAddress), now)
  if (admission === null) return refuse(hub, socket, 'address')
  const { use, outgoing } = admission
  if (outgoing !== undefined) makeRoom(hub, outgoing)
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
    afterwards: null,
    end: null,
  }
  hub.addresses.add(use, socket)
  hub.connections.set(socket, connection)
  hub.metrics.add('watch_terminal_connections_total', hub.labels)
  hub.metrics.set('watch_terminal_connections', hub.connections.size, hub.labels)
  return connection
}

function refuse(hub: Hub, socket: Socket, bound: 'total' | 'address'): false {
  const { remoteAddress = '' } = socket
  socket.destroy()
  hub.metrics.add('watch_terminal_disconnects_total', { ...hub.labels, reason: 'limit' })
  noteBound(hub, bound, plainAddress(remoteAddress))
  return false
}

function makeRoom(hub: Hub, outgoing: Socket): void {
  const connection = hub.connections.get(outgoing)
  if (connection === undefined) return
  drop(hub, connection, 'limit')
  noteBound(hub, 'unidentified', connection.use.address)
}

function noteBound(hub: Hub, bound: Bound, remote: string): void {
  hub.refused[bound] += 1
  hub.say(`refused-${bound}`, (times) =>
    hub.log.warn(refusalText(bound), {
      source: hub.options.id,
      remote,
      connections: hub.connections.size,
      times,
    }),
  )
}

function refusalText(bound: Bound): string {
  switch (bound) {
    case 'total':
      return 'A connection was refused: this source has as many as it may have (maxConnections, limit of open files)'
    case 'address':
      return 'A connection was refused: its address has as many as it may have (maxPerAddress)'
    case 'unidentified':
      return 'A connection was closed for a newer one of its address: it had not said which terminal it is, and there is no room for more'
  }
}
