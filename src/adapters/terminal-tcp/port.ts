import type { Server } from 'node:net'
import { MINUTE, SECOND } from '../../core/time.ts'
import type { Clock, Stop } from '../../ports.ts'

export type PortEvents = {
  listening(port: number): void
  /** The port could not be taken; it is tried again in `retryInMs`. */
  failed(error: NodeJS.ErrnoException, retryInMs: number): void
}

/** A server that listens as soon as it can. */
export type Port = {
  /** Null while it does not listen. */
  bound(): number | null
  /** Listens no more; resolves when every connection is closed. */
  close(): Promise<void>
}

const LONGEST_RETRY_MS = MINUTE
/** Connections that wait to be taken: after a restart a whole fleet comes at once. */
const BACKLOG = 4096

/** Listens at once; while that fails, again after 1 s, 2 s, 4 s ... 60 s. */
export function keepListening(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
  clock: Clock,
  events: PortEvents,
): Port {
  let failures = 0
  let closed = false
  let timer: Stop = () => {}
  let trying = attempt()

  async function attempt(): Promise<void> {
    const error = await listen(server, host, port)
    if (closed) return
    if (error === null) {
      events.listening(boundPort(server) ?? port)
      return
    }
    const retryInMs = Math.min(LONGEST_RETRY_MS, SECOND * 2 ** failures)
    failures += 1
    timer = clock.after(retryInMs, () => {
      trying = attempt()
      return trying
    })
    events.failed(error, retryInMs)
  }

  return {
    bound: () => boundPort(server),
    async close() {
      closed = true
      timer()
      // A server that is just beginning to listen would begin after it was closed.
      await trying
      await closeServer(server)
    },
  }
}

async function listen(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const settle = (error: NodeJS.ErrnoException | null): void => {
      server.off('listening', succeed).off('error', settle)
      resolve(error)
    }
    const succeed = (): void => settle(null)
    server.on('listening', succeed).on('error', settle)
    server.listen({ host, port, backlog: BACKLOG })
  })
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
}

function boundPort(server: Server): number | null {
  const address = server.address()
  return address === null || typeof address === 'string' ? null : address.port
}
