import { createServer, type Server, type Socket } from 'node:net'
import type { Session } from '../../core/telemetry/session.ts'
import { admit } from './admission.ts'
import { finish, gone } from './ending.ts'
import { type Hub, KEEP_ALIVE_AFTER_MS } from './hub.ts'
import { afterBytes, receive } from './receiving.ts'
import { caughtUp } from './replying.ts'

/** A server that does not listen yet and gives each connection that may stay a session of its own. */
export function createTerminalServer(hub: Hub, createSession: () => Session): Server {
  const handlers = socketHandlers(hub)
  const server = createServer(
    {
      // A peer that has closed its side may still wait for replies.
      allowHalfOpen: true,
      pauseOnConnect: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS,
      // A paused socket reads on until it holds this much: so it holds one chunk and no more.
      highWaterMark: 1,
    },
    (socket) => {
      socket.on('error', handlers.error)
      if (!admit(hub, socket, createSession)) return
      socket.on('data', handlers.data).on('end', handlers.end)
      socket.on('drain', handlers.drain).on('close', handlers.close)
    },
  )
  server.on('error', (error) => {
    // Before it listens, the port is at fault (port.ts).
    if (server.listening) tellAcceptFailure(hub, error)
  })
  return server
}

/** The same functions for every socket: ten thousand sets of them would be megabytes. */
function socketHandlers(hub: Hub) {
  return {
    data(this: Socket, bytes: Uint8Array): void {
      const connection = hub.connections.get(this)
      if (connection) receive(hub, connection, bytes)
    },
    end(this: Socket): void {
      const connection = hub.connections.get(this)
      if (connection) afterBytes(connection, () => finish(hub, connection, 'peer'))
    },
    drain(this: Socket): void {
      const connection = hub.connections.get(this)
      if (connection) caughtUp(hub, connection)
    },
    /** `close` follows and says that there was one. */
    error(): void {},
    close(this: Socket, hadError: boolean): void {
      const connection = hub.connections.get(this)
      if (connection) afterBytes(connection, () => gone(hub, connection, hadError))
    },
  }
}

function tellAcceptFailure({ say, log, options }: Hub, error: Error): void {
  say('accept', (times) =>
    log.error('A connection could not be accepted', { source: options.id, error, times }),
  )
}
