import type { DoneCallback, IPublishPacket } from 'mqtt'
import { SECOND } from '../../core/time.ts'
import type { Clock, Log, SourceEvents } from '../../ports.ts'

/** What has come in since the start; written for every packet, read by health. */
export type Traffic = {
  lastPacketAt: number | null
  retained: number
  duplicates: number
  /** Messages at which the receiver threw. */
  failures: number
  /** Set at stop: what comes now is left to the broker. */
  closed: boolean
}

export function createTraffic(): Traffic {
  return { lastPacketAt: null, retained: 0, duplicates: 0, failures: 0, closed: false }
}

/** A topic that is about the broker, not of the terminals. */
type BrokerTopic = { readonly topic: string; readonly read: (payload: Uint8Array) => void }

type Handle = (packet: IPublishPacket, done: DoneCallback) => void

/**
 * The hot path. `done` makes mqtt.js acknowledge and take the next packet, so it is called at once whatever
 * happens: holding it starves the keepalive, and an error in it makes the broker stop delivering unseen. Only where
 * more waits than is taken in at once it is held, for some turns of the event loop: mqtt.js reads no more meanwhile,
 * and would otherwise take apart in one turn all that the socket has.
 */
export function createReceiver(
  source: string,
  traffic: Traffic,
  events: Pick<SourceEvents, 'received' | 'room'>,
  broker: BrokerTopic,
  { clock, log }: { readonly clock: Pick<Clock, 'now'>; readonly log: Log },
): Handle {
  return (packet, done) => {
    if (traffic.closed) {
      done(NOT_TAKEN)
      return
    }
    const receivedAt = clock.now()
    traffic.lastPacketAt = receivedAt
    const { topic, retain: retained, dup: duplicate } = packet
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload
    if (topic === broker.topic) {
      broker.read(payload)
      done()
      return
    }
    try {
      events.received({ payload, envelope: envelopeOf(source, receivedAt, packet) })
    } catch (error) {
      if (traffic.failures === 0)
        log.error('A message could not be taken in: this is a bug', { source, error })
      traffic.failures += 1
    }
    if (retained) traffic.retained += 1
    if (duplicate) traffic.duplicates += 1
    const room = events.room()
    if (room === null) done()
    else void room.then(() => done())
  }
}

/** An error as the answer leaves the message unacknowledged, so the broker keeps it for the next connection. */
const NOT_TAKEN = new Error('stopping')

/** The time is that of the value, stored before or new: a queue of the broker may have kept it for an hour. */
function envelopeOf(source: string, receivedAt: number, packet: IPublishPacket) {
  const { topic, retain: retained, dup: duplicate, properties } = packet
  const envelope = { source, receivedAt, topic, retained, duplicate }
  const storedAt = readStoredAt(properties?.userProperties?.['timestamp'])
  return storedAt === undefined ? envelope : { ...envelope, storedAt }
}

/** flespi's user property `timestamp`: Unix seconds as text, with or without a fraction; undefined if it is none. */
export function readStoredAt(property: string | readonly string[] | undefined): number | undefined {
  const text = typeof property === 'string' ? property : property?.[0]
  if (text === undefined || !/^\d{1,11}(\.\d{1,9})?$/.test(text)) return undefined
  return Math.floor(Number(text) * SECOND)
}
