import type { Connection, DisconnectReason } from './connection.ts'
import type { Hub } from './hub.ts'

/** Ends a connection at once; what was not sent yet is lost. Counted once, under the first reason. */
export function drop(hub: Hub, connection: Connection, reason: DisconnectReason, detail = ''): void {
  leave(hub, connection, reason, detail)
  connection.socket.destroy()
}

/**
 * Takes a connection out of use: nothing more is read, the replies given so far are still sent (those that wait for
 * the store once they may), then it is closed. The peer has a few seconds to take them: closed at once, bytes of its
 * own that nobody read would make the system throw the replies away.
 */
export function finish(hub: Hub, connection: Connection, reason: DisconnectReason, detail = ''): void {
  leave(hub, connection, reason, detail)
  hub.lingering.touch(connection, hub.clock.monotonic())
  endWhenSent(connection)
}

/** Closes our side of a connection that is ending, once no reply waits for the store. */
export function endWhenSent(connection: Connection): void {
  const isWaiting = (connection.replies?.groups.length ?? 0) > 0
  if (connection.end !== null && !isWaiting && connection.socket.writable) connection.socket.end()
}

/** Ends a connection as the listener stops: what has been written is sent if the peer takes it. */
export function leaveAtStop(hub: Hub, connection: Connection): void {
  leave(hub, connection, 'stopping', '')
  connection.socket.destroySoon()
}

/** The socket is closed: nothing is kept of it. */
export function gone(hub: Hub, connection: Connection, hadError: boolean): void {
  leave(hub, connection, hadError ? 'error' : 'peer', '')
  connection.replies = null
  hub.lingering.forget(connection)
  hub.connections.delete(connection.socket)
  hub.addresses.remove(connection.use, connection.socket, hub.clock.monotonic())
  hub.metrics.set('watch_terminal_connections', hub.connections.size, hub.labels)
}

/** It is no stranger any more. */
export function getToKnow(hub: Hub, connection: Connection): void {
  if (connection.known) return
  connection.known = true
  hub.addresses.recognize(connection.use, connection.socket)
  hub.strangers.forget(connection)
}

function leave(hub: Hub, connection: Connection, reason: DisconnectReason, detail: string): void {
  if (connection.end !== null) return
  connection.end = reason
  if (connection.terminalId !== null) hub.claims.release(connection.terminalId, connection)
  getToKnow(hub, connection)
  hub.quiet.forget(connection)
  hub.stalled.forget(connection)
  hub.metrics.add('watch_terminal_disconnects_total', { ...hub.labels, reason })
  hub.log.debug('A connection of a terminal ended', { ...about(hub, connection), reason, detail })
  tellFault(hub, connection, reason, detail)
}

function tellFault(hub: Hub, connection: Connection, reason: DisconnectReason, detail: string): void {
  const message = faultOf(reason)
  if (message === null) return
  hub.say(reason, (times) => hub.log.warn(message, { ...about(hub, connection), detail, times }))
}

/** What operators should know of an end; null where it is a part of ordinary life. */
function faultOf(reason: DisconnectReason): string | null {
  switch (reason) {
    case 'bad-checksum':
      return 'A connection was closed: a checksum is wrong'
    case 'garbage':
      return 'A connection was closed: what came is not this protocol'
    case 'no-identity':
      return 'A connection was closed: it did not say which terminal it is'
    case 'slow-reader':
      return 'A connection was closed: the peer does not take our replies'
    case 'not-stored':
      return 'A connection was closed: what it sent could not be stored, the terminal sends it again'
    case 'idle':
    case 'replaced':
    case 'limit':
    case 'peer':
    case 'error':
    case 'stopping':
      return null
  }
}

function about(hub: Hub, connection: Connection) {
  return { source: hub.options.id, terminal: connection.terminalId, remote: connection.use.address }
}
