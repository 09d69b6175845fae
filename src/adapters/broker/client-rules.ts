import type { Aedes, AuthenticateError, Client } from 'aedes'
import type { Log } from '../../ports.ts'
import { createInFlight } from './in-flight.ts'
import { createRetainedBudget } from './retained-budget.ts'
import { oncePerRun, sampled } from './seldom.ts'
import { createUserCheck } from './users.ts'

const MAX_TOPIC_LENGTH = 1024
/** Of one client. */
const MAX_SUBSCRIPTIONS = 100
/** Of one client, with QoS 2. */
const MAX_IN_FLIGHT_BYTES = 16 * 1024 * 1024
const MAX_RETAINED = 10_000
const MAX_RETAINED_BYTES = 64 * 1024 * 1024

/** Lets in who has a name and password of these. */
export function authenticateBy(users: Readonly<Record<string, string>>, log: Log): Aedes['authenticate'] {
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

/** Bounds topics, what is retained, and what is in flight. */
export function boundedPublish(log: Log): Aedes['authorizePublish'] {
  const retained = createRetainedBudget(MAX_RETAINED, MAX_RETAINED_BYTES)
  const warnFull = oncePerRun(() =>
    log.warn('The embedded broker keeps no further retained values', { topics: MAX_RETAINED }),
  )
  const inFlight = createInFlight(MAX_IN_FLIGHT_BYTES)
  return (client, packet, done) => {
    if (packet.topic.startsWith('$SYS/')) return done(new Error('$SYS topics are reserved'))
    if (packet.topic.length > MAX_TOPIC_LENGTH) return done(new Error('topic too long'))
    if (client && packet.qos === 2 && !inFlight.admit(unreleasedBy(client), packet))
      return done(new Error('too much with QoS 2 is in flight'))
    if (packet.retain && !retained.admit(packet.topic, packet.payload.length)) {
      packet.retain = false
      warnFull()
    }
    return done(null)
  }
}

/** Not in the types of aedes: the packet ids of what a client has sent with QoS 2 and not released, in one set. */
function unreleasedBy(client: Client): ReadonlySet<number> {
  return (client as Client & { readonly _inboundInflight: ReadonlySet<number> })._inboundInflight
}

/** Bounds subscriptions, and refuses shared ones. */
export function plainSubscriptions(log: Log): Aedes['authorizeSubscribe'] {
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

/** Who it is, for the log. */
export function remote(client: Client): {
  readonly client: string | null
  readonly remote: string | undefined
} {
  const address = 'remoteAddress' in client.conn ? client.conn.remoteAddress : undefined
  return { client: client.id?.slice(0, 64) ?? null, remote: address }
}
