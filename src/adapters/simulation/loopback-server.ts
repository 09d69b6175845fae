import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'

/** A server at a port of 127.0.0.1; port 0 takes a free one. Rejects when the port is taken. */
export async function listen(answer: RequestListener, port: number): Promise<Server> {
  const server = createServer(answer)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** Undefined: the port is taken. */
export async function listenIfFree(answer: RequestListener, port: number): Promise<Server | undefined> {
  try {
    return await listen(answer, port)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined
    throw error
  }
}

/** Resolves when nothing is served any longer; open connections are cut. */
export async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

/** The port that a server listens at. */
export function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the simulated server has no port')
  return address.port
}
