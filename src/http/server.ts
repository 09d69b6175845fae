import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { SECOND } from '../core/time.ts'
import type { HttpEnv } from './env.ts'

/** How long a request that is running may go on when the service stops. */
const CLOSE_MS = 1.5 * SECOND

/** This site where a request names none (HTTP/1.0): no page can come from here, so that no Origin is the same. */
const UNNAMED = 'unnamed.invalid'

/** A bound HTTP server. */
export type Listening = {
  /** The port in use, also when port 0 was asked for. */
  readonly port: number
  /** Takes no more connections, lets running requests end, and is done within two seconds. */
  close(): Promise<void>
}

/** Binds the application. Rejects with a message for people that names the setting to change. */
export function listen(app: Hono<HttpEnv>, host: string, port: number): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch, hostname: UNNAMED })
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new Error(bindFault(error, host, port), { cause: error })))
    server.listen(port, host, () => {
      const address = server.address()
      resolve({
        port: typeof address === 'object' && address ? address.port : port,
        close: () => closeServer(server),
      })
    })
  })
}

function closeServer(server: ReturnType<typeof createAdaptorServer>): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => {
      if ('closeAllConnections' in server) server.closeAllConnections()
    }, CLOSE_MS)
    server.close(() => {
      clearTimeout(force)
      resolve()
    })
    if ('closeIdleConnections' in server) server.closeIdleConnections()
  })
}

function bindFault(error: Error & { code?: string }, host: string, port: number): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `http.port: ${port} on ${host} is in use by another program; stop it or set another port (0 picks a free one)`
    case 'EACCES':
      return `http.port: no right to listen on ${port} of ${host}; set a port above 1023`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `http.host: ${host} is no address of this machine; set 127.0.0.1 or 0.0.0.0`
    default:
      return `http.host, http.port: cannot listen on ${host}:${port}: ${error.message}`
  }
}
