import { createServer, type Server, type Socket } from 'node:net'
import { Aedes, type AuthenticateError, type Client } from 'aedes'
import { MINUTE, SECOND } from '../../core/time.ts'
import type { Log } from '../../ports.ts'
import { createFrameGuard } from './frame-guard.ts'
import { createRetainedBudget } from './retained-budget.ts'
import { createUserCheck } from './users.ts'

export type BrokerOptions = {
  readonly host: string
  /** 0: a free one. */
  readonly port: number
  /** Name to password. Empty: everybody may connect, from this machine only. */
  readonly users: Readonly<Record<string, string>>
  readonly log: Log
  /** A subscriber that takes nothing for so long is thrown out. Default 10 s. */
  readonly patienceMs?: number
}

export type Broker = {
  readonly port: number
  /** Closes the port and every connection. */
  stop(): Promise<void>
}

const MAX_CONNECTIONS = 1000
const MAX_PACKET_BYTES = 1024 * 1024
const MAX_CLIENT_ID_LENGTH = 256
const MAX_TOPIC_LENGTH = 1024
/** Of one client. */
const MAX_SUBSCRIPTIONS = 100
const MAX_RETAINED = 10_000
const MAX_RETAINED_BYTES = 64 * 1024 * 1024
const CONNECT_TIMEOUT_MS = 10 * SECOND
/** Meanwhile everybody waits for it, publishers included: nothing is queued for it beyond its socket. */
const PATIENCE_MS = 10 * SECOND

/**
 * The embedded broker, for small installations: MQTT 3.1.1, everything in memory and bounded, nothing stored for
 * clients that are away. It drops nothing: a subscriber that is slow slows down those who publish, and one that takes
 * nothing at all is thrown out.
 * @throws Error that names the setting to change: no users on an open address, port in use.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { host, port, users, log } = options
  const open = Object.keys(users).length === 0
  if (open && !isLoopback(host)) {
    throw new Error(
      `broker.users: without users the broker listens on this machine only, not on ${host}. Add users, or set broker.host to 127.0.0.1`,
    )
  }
  const aedes = await Aedes.createBroker({
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxInflightInbound: 20,
    drainTimeout: options.patienceMs ?? PATIENCE_MS,
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
  watchErrors(aedes, log)
  const sockets = new Set<Socket>()
  const tooLarge = sampled((times, address: string | undefined) =>
    log.warn('The embedded broker closed a connection: packet too large', {
      maxBytes: MAX_PACKET_BYTES,
      remote: address,
      times,
    }),
  )
  const server = createServer((socket) => accept(socket, aedes, sockets, tooLarge))
  server.maxConnections = MAX_CONNECTIONS
  server.on(
    'drop',
    oncePerRun(() => log.warn('The embedded broker is full', { connections: MAX_CONNECTIONS })),
  )
  try {
    await listen(server, host, port)
  } catch (error) {
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

function accept(socket: Socket, aedes: Aedes, sockets: Set<Socket>, tooLarge: TooLarge): void {
  sockets.add(socket)
  socket.on('close', () => sockets.delete(socket))
  // Finds peers that vanished without a word and asked for no MQTT keepalive.
  socket.setKeepAlive(true, MINUTE)
  guardReads(socket, tooLarge)
  aedes.handle(socket)
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

function authenticateBy(users: BrokerOptions['users'], log: Log): Aedes['authenticate'] {
  const check = createUserCheck(users)
  const warnRefused = sampled((refused, client: Client, name: string | undefined) =>
    log.warn('The embedded broker refused a login: compare the user with broker.users', {
      ...remote(client),
      user: name?.slice(0, 64),
      refused,
    }),
  )
  return (client, name, password, done) => {
    if (check(name, password)) {
      done(null, true)
      return
    }
    warnRefused(client, name)
    const error: AuthenticateError = Object.assign(new Error('bad user name or password'), { returnCode: 4 })
    done(error, false)
  }
}

function boundedPublish(log: Log): Aedes['authorizePublish'] {
  const retained = createRetainedBudget(MAX_RETAINED, MAX_RETAINED_BYTES)
  const warnFull = oncePerRun(() =>
    log.warn('The embedded broker keeps no further retained values', { topics: MAX_RETAINED }),
  )
  return (_client, packet, done) => {
    if (packet.topic.startsWith('$SYS/')) return done(new Error('$SYS topics are reserved'))
    if (packet.topic.length > MAX_TOPIC_LENGTH) return done(new Error('topic too long'))
    if (packet.retain && !retained.admit(packet.topic, packet.payload.length)) {
      packet.retain = false
      warnFull()
    }
    return done(null)
  }
}

function plainSubscriptions(log: Log): Aedes['authorizeSubscribe'] {
  const filters = new WeakMap<Client, Set<string>>()
  const warnShared = oncePerRun(() =>
    log.warn(
      'The embedded broker has no shared subscriptions and refused one: use a full broker such as Mosquitto',
    ),
  )
  return (client, subscription, done) => {
    const { topic } = subscription
    const own = filters.get(client) ?? new Set()
    filters.set(client, own)
    const bounded = topic.length <= MAX_TOPIC_LENGTH && (own.has(topic) || own.size < MAX_SUBSCRIPTIONS)
    // aedes would grant it and never deliver anything.
    const shared = topic.startsWith('$share/')
    if (shared) warnShared()
    if (shared || !bounded) {
      done(null, null)
      return
    }
    own.add(topic)
    done(null, subscription)
  }
}

function watchErrors(aedes: Aedes, log: Log): void {
  const warnFrozen = sampled((times, client: Client) =>
    log.warn('The embedded broker threw out a subscriber that takes no messages; all others waited for it', {
      ...remote(client),
      times,
    }),
  )
  aedes.on('clientError', (client, error) => {
    if (error.message === 'drain timeout') warnFrozen(client)
    log.debug('Embedded broker: a client failed', { ...remote(client), error: error.message })
  })
  aedes.on('connectionError', (client, error) => {
    log.debug('Embedded broker: a connection failed', { ...remote(client), error: error.message })
  })
  // Not in its types: failures of the store, which lives in memory. Without a listener it would end the process.
  const emitter: NodeJS.EventEmitter = aedes
  emitter.on('error', (error: Error) => log.error('The embedded broker failed', { error: error.message }))
}

function remote(client: Client): { readonly client: string | null; readonly remote: string | undefined } {
  const address = 'remoteAddress' in client.conn ? client.conn.remoteAddress : undefined
  return { client: client.id?.slice(0, 64) ?? null, remote: address }
}

/** Says the 1st, 10th, 100th ... time: a device with a fault comes again every few seconds. */
function sampled<Args extends readonly unknown[]>(say: (times: number, ...args: Args) => void) {
  let times = 0
  return (...args: Args): void => {
    times += 1
    if (Number.isInteger(Math.log10(times))) say(times, ...args)
  }
}

function oncePerRun(say: () => void): () => void {
  let said = false
  return () => {
    if (!said) say()
    said = true
  }
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
