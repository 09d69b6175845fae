import { createServer, type Server, type Socket } from 'node:net'
import { Aedes, type Client } from 'aedes'
import { MINUTE, SECOND } from '../../core/time.ts'
import type { Clock, Log } from '../../ports.ts'
import { authenticateBy, boundedPublish, plainSubscriptions, remote } from './client-rules.ts'
import { createFrameGuard } from './frame-guard.ts'
import { numberInOrder } from './numbering.ts'
import { createPatience, FROZEN, type Patience } from './patience.ts'
import { readInTurn } from './reading.ts'
import { oncePerRun, sampled } from './seldom.ts'

export type BrokerOptions = {
  readonly host: string
  /** 0: a free one. */
  readonly port: number
  /** Name to password. Empty: everybody may connect, from this machine only. */
  readonly users: Readonly<Record<string, string>>
  readonly log: Log
  readonly clock: Pick<Clock, 'every'>
}

export type Broker = {
  readonly port: number
  /** Closes the port and every connection. */
  stop(): Promise<void>
}

const MAX_CONNECTIONS = 1000
const MAX_PACKET_BYTES = 1024 * 1024
const MAX_CLIENT_ID_LENGTH = 256
const CONNECT_TIMEOUT_MS = 10 * SECOND
/**
 * A subscriber that has not taken for so long what was sent to it is thrown out. Meanwhile everybody waits for it,
 * publishers included: nothing is queued for it beyond its socket.
 */
const PATIENCE_MS = 10 * SECOND
/** The longest that a timer can take: the timer of aedes would judge a process that stood still (patience.ts). */
const NEVER_MS = 2 ** 31 - 1

/**
 * The embedded broker, for small installations: MQTT 3.1.1, everything in memory and bounded, nothing stored for
 * clients that are away. It drops nothing: a subscriber that is slow slows down those who publish, and one that takes
 * nothing at all is thrown out.
 * @throws Error that names the setting to change: no users on an open address, port in use.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { host, port, users, log, clock } = options
  const open = Object.keys(users).length === 0
  if (open && !isLoopback(host)) {
    throw new Error(
      `broker.users: without users the broker listens on this machine only, not on ${host}. Add users, or set broker.host to 127.0.0.1`,
    )
  }
  const aedes = await Aedes.createBroker({
    connectTimeout: CONNECT_TIMEOUT_MS,
    // Their bytes are bounded instead (in-flight.ts).
    maxInflightInbound: 0,
    drainTimeout: NEVER_MS,
    preConnect: (client, packet, next) => {
      // Queues for absent clients would grow without bound, and die with this process all the same. The
      // CONNACK says honestly that no session is present.
      packet.clean = true
      const tooLong = packet.clientId.length > MAX_CLIENT_ID_LENGTH
      next(tooLong ? new Error('client id too long') : null, !tooLong)
      if (tooLong) log.debug('The embedded broker refused a client id that is too long', remote(client))
    },
    ...(open ? {} : { authenticate: authenticateBy(users, log) }),
    authorizePublish: boundedPublish(log),
    authorizeSubscribe: plainSubscriptions(log),
  })
  numberInOrder(aedes)
  watchErrors(aedes, log)
  const patience = createPatience(clock, PATIENCE_MS)
  const sockets = new Set<Socket>()
  const tooLarge = sampled((times, address: string | undefined) =>
    log.warn('The embedded broker closed a connection: packet too large', {
      maxBytes: MAX_PACKET_BYTES,
      remote: address,
      times,
    }),
  )
  const server = createServer((socket) => accept(socket, aedes, sockets, patience, tooLarge))
  server.maxConnections = MAX_CONNECTIONS
  server.on(
    'drop',
    oncePerRun(() => log.warn('The embedded broker is full', { connections: MAX_CONNECTIONS })),
  )
  try {
    await listen(server, host, port)
  } catch (error) {
    patience.stop()
    aedes.close()
    throw error
  }
  server.on('error', (error) => log.error('The embedded broker cannot accept connections', { error }))
  const bound = boundPort(server)
  log.info('Embedded MQTT broker listens: MQTT 3.1.1 only, no shared subscriptions, no stored sessions', {
    host,
    port: bound,
  })
  return {
    port: bound,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      patience.stop()
      aedes.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** True for the names and addresses that never leave this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

type TooLarge = (address: string | undefined) => void

function accept(
  socket: Socket,
  aedes: Aedes,
  sockets: Set<Socket>,
  patience: Patience,
  tooLarge: TooLarge,
): void {
  sockets.add(socket)
  socket.on('close', () => sockets.delete(socket))
  patience.watch(socket)
  // Finds peers that vanished without a word and asked for no MQTT keepalive.
  socket.setKeepAlive(true, MINUTE)
  guardReads(socket, tooLarge)
  readInTurn(aedes.handle(socket))
}

/** aedes reads by `read()`: what it would get is checked there, without a second stream in between. */
function guardReads(socket: Socket, tooLarge: TooLarge): void {
  const guard = createFrameGuard(MAX_PACKET_BYTES)
  const read = socket.read.bind(socket)
  socket.read = (size?: number): unknown => {
    const chunk: unknown = read(size)
    if (!(chunk instanceof Uint8Array) || guard(chunk)) return chunk
    tooLarge(socket.remoteAddress)
    socket.destroy()
    return null
  }
}

function watchErrors(aedes: Aedes, log: Log): void {
  const warnFrozen = sampled((times, client: Client) =>
    log.warn('The embedded broker threw out a subscriber that takes no messages; all others waited for it', {
      ...remote(client),
      times,
    }),
  )
  const failed = new WeakSet<Client>()
  aedes.on('clientError', (client, error) => {
    // It comes again for each message that was on its way to the client.
    if (failed.has(client)) return
    failed.add(client)
    if (error.message === FROZEN) warnFrozen(client)
    log.debug('Embedded broker: a client failed', { ...remote(client), error: error.message })
  })
  aedes.on('connectionError', (client, error) => {
    log.debug('Embedded broker: a connection failed', { ...remote(client), error: error.message })
  })
  // Not in its types: failures of the store, which lives in memory. Without a listener it would end the process.
  const emitter: NodeJS.EventEmitter = aedes
  emitter.on('error', (error: Error) => log.error('The embedded broker failed', { error: error.message }))
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)))
    server.listen(port, host, resolve)
  })
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const options = { cause: error }
  switch (error.code) {
    case 'EADDRINUSE':
      return new Error(
        `broker.port: port ${port} on ${host} is in use. Set broker.port to another one, or broker.enabled to false if the broker there is the one to use`,
        options,
      )
    case 'EACCES':
      return new Error(`broker.port: no right to listen on port ${port}. Set one above 1023`, options)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Error(`broker.host: ${host} is not an address of this machine`, options)
    default:
      return new Error(`broker: cannot listen on ${host} port ${port}: ${error.message}`, options)
  }
}

function boundPort(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('broker: no TCP address')
  return address.port
}
