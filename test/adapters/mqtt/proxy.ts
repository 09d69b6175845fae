import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export type Proxy = AsyncDisposable & {
  readonly port: number
  /** Connections accepted so far. */
  readonly accepted: () => number
  /** Bytes of that direction vanish from now on; the sockets stay open. */
  swallow(direction: 'up' | 'down' | 'both'): void
  /** What comes from upstream waits from now on, as for a reader that is too slow; false: it goes on. */
  hold(holding: boolean): void
  /** Resets what is connected; new connections are served, and nothing is swallowed any more. */
  cut(): void
  /** New connections are closed at once. */
  refuse(refusing: boolean): void
}

/**
 * A TCP relay in front of a broker that can break the link in ways a broker cannot. `admit` sees the first bytes of
 * each connection; false closes it without a word.
 */
export async function startProxy(
  upstreamPort: number,
  admit: (first: Buffer) => boolean = () => true,
): Promise<Proxy> {
  const sockets = new Set<Socket>()
  const upstreams = new Set<Socket>()
  const swallowed = { up: false, down: false }
  let refusing = false
  let accepted = 0

  function track(socket: Socket): Socket {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    return socket
  }

  const server = createServer((downstream) => {
    accepted += 1
    track(downstream)
    if (refusing) {
      downstream.destroy()
      return
    }
    downstream.once('data', (first: Buffer) => {
      if (!admit(first)) {
        downstream.destroy()
        return
      }
      const upstream = track(connect(upstreamPort, '127.0.0.1'))
      upstreams.add(upstream)
      upstream.on('close', () => upstreams.delete(upstream))
      upstream.write(first)
      downstream.on('data', (chunk: Buffer) => swallowed.up || upstream.write(chunk))
      upstream.on('data', (chunk: Buffer) => swallowed.down || downstream.write(chunk))
      upstream.on('close', () => downstream.destroy())
      downstream.on('close', () => upstream.destroy())
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')

  return {
    port: address.port,
    accepted: () => accepted,
    swallow(direction) {
      if (direction !== 'down') swallowed.up = true
      if (direction !== 'up') swallowed.down = true
    },
    hold(holding) {
      for (const upstream of upstreams) holding ? upstream.pause() : upstream.resume()
    },
    cut() {
      for (const socket of sockets) socket.resetAndDestroy()
      swallowed.up = false
      swallowed.down = false
    },
    refuse(value) {
      refusing = value
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The protocol level in an MQTT CONNECT (after the fixed header and the text `MQTT`). */
export function protocolLevel(connectPacket: Buffer): number | undefined {
  const name = connectPacket.indexOf('MQTT')
  return name < 0 ? undefined : connectPacket[name + 4]
}
