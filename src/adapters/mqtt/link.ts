import type { IConnackPacket, MqttClient, Packet } from 'mqtt'
import { SECOND } from '../../core/time.ts'
import type { Clock } from '../../ports.ts'
import { openClient } from './client.ts'
import { gatherWrites } from './gather-writes.ts'
import { type LinkEnd, linkEnd, NO_CONNACK } from './link-end.ts'
import type { Traffic } from './message.ts'
import type { LinkPlan, ProtocolVersion } from './options.ts'

/** What a connection tells its owner. `ended` comes exactly once and last. */
export type LinkEvents = {
  /** CONNACK accepted us; queued messages of a stored session come right after it. True: subscribe now. */
  accepted(connack: IConnackPacket): boolean
  /** SUBACK codes in the order of the filters. */
  subscribed(codes: readonly number[]): void
  ended(end: LinkEnd): void
}

export type LinkDeps = {
  readonly clock: Clock
  readonly traffic: Traffic
  readonly receive: MqttClient['handleMessage']
}

/** One connection, from CONNECT to close. It never reconnects. */
export type Link = {
  /** Asks for all filters once more; the answer is `subscribed`, or the end of the link. */
  subscribe(): void
  /**
   * Asks for one more topic, QoS 0, with its stored value each time. The code of the SUBACK, null when there was none;
   * whatever it is, the link goes on.
   */
  ask(topic: string, answer: (code: number | null) => void): void
  /** Takes filters out of the session; false: the link ended before the broker has said that it did. */
  unsubscribe(filters: readonly string[]): Promise<boolean>
  /**
   * Sends DISCONNECT and closes, within a second whatever the other side does. `forGood`: after it the broker keeps
   * nothing more for us.
   */
  close(forGood: boolean): Promise<void>
}

const SUBACK_TIMEOUT_MS = 30 * SECOND
const CLOSE_TIMEOUT_MS = SECOND

/** Begins a connection. Throws where the options cannot even be tried (a broken certificate). */
export function openLink(plan: LinkPlan, version: ProtocolVersion, deps: LinkDeps, events: LinkEvents): Link {
  const { clock } = deps
  const client = openClient(plan, version)
  // In the same turn: a stored session is sent right after CONNACK, and what nobody handles is
  // acknowledged all the same.
  client.handleMessage = deps.receive
  gatherWrites(client)
  const watch = watchLink(client, version, deps, events)
  function subscribe(): void {
    const overdue = clock.after(SUBACK_TIMEOUT_MS, () => watch.abort('no answer to SUBSCRIBE in time'))
    askForTopics(client, plan, version, (codes, reason) => {
      overdue()
      if (codes) events.subscribed(codes)
      else watch.abort(reason)
    })
  }
  client.once('connect', () => {
    if (watch.wantsTopics()) subscribe()
  })
  return {
    subscribe,
    ask(topic, answer) {
      const options = version === 5 ? { qos: 0 as const, nl: false, rap: false, rh: 0 } : { qos: 0 as const }
      client.subscribe(topic, options, (_error, _subscriptions, suback) =>
        answer(suback ? toCode(suback.granted[0]) : null),
      )
    },
    unsubscribe: (filters) =>
      new Promise((resolve) => {
        if (client.connected) client.unsubscribe([...filters], (error) => resolve(!error))
        else resolve(false)
      }),
    async close(forGood) {
      if (watch.ended()) return
      const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
      if (client.connected) {
        clock.after(CLOSE_TIMEOUT_MS, () => watch.abort('stopping'))
        if (forGood) client.unsubscribe([...plan.filters])
        client.end()
      } else {
        watch.abort('stopping')
      }
      await closed
    },
  }
}

/**
 * rh 1: stored values once per session, not again at each reconnect. rap false: only then does the retain flag
 * mean "stored value". Both exist in MQTT 5 only; 3.1.1 replays on every SUBSCRIBE, flagged the same way.
 */
function askForTopics(
  client: MqttClient,
  plan: LinkPlan,
  version: ProtocolVersion,
  answer: (codes: readonly number[] | null, reason: string) => void,
): void {
  const options = version === 5 ? { qos: plan.qos, nl: false, rap: false, rh: 1 } : { qos: plan.qos }
  client.subscribe([...plan.filters], options, (error, _subscriptions, suback) => {
    if (suback) answer(suback.granted.map(toCode), '')
    else answer(null, error?.message ?? 'no SUBACK')
  })
}

function toCode(granted: unknown): number {
  return typeof granted === 'number' ? granted : 0x80
}

function watchLink(
  client: MqttClient,
  version: ProtocolVersion,
  { clock, traffic }: LinkDeps,
  events: LinkEvents,
): { abort(reason: string): void; ended(): boolean; wantsTopics(): boolean } {
  let acceptedAt: number | null = null
  let connackCode: number | null = null
  let disconnectCode: number | null = null
  let socketError: { code: string | undefined; message: string } | null = null
  let ownReason: string | null = null
  let wantsTopics = false
  let ended = false

  function abort(reason: string): void {
    ownReason ??= reason
    client.stream.destroy()
  }

  function onPacket(packet: Packet): void {
    // Messages are counted where they are handled, so that the clock is read once for each.
    if (packet.cmd === 'publish') return
    traffic.lastPacketAt = clock.now()
    if (packet.cmd === 'disconnect') disconnectCode = packet.reasonCode ?? 0
    if (packet.cmd !== 'connack' || connackCode !== null) return
    connackCode = (version === 5 ? packet.reasonCode : packet.returnCode) ?? 0
    if (connackCode !== 0) return
    acceptedAt = clock.monotonic()
    // Not at the `connect` event: that one comes some turns later, after the first messages of the session.
    wantsTopics = events.accepted(packet)
  }

  client.on('packetreceive', onPacket)
  // Every error ends the connection: after a malformed packet nothing that follows can be trusted.
  client.on('error', (error) => {
    if (socketError === null && connackCode === null && error.message === 'connack timeout') abort(NO_CONNACK)
    else if (socketError === null && (connackCode ?? 0) === 0) abort(error.message)
  })
  client.stream.on('error', (error: NodeJS.ErrnoException) => {
    socketError ??= { code: error.code, message: error.message }
  })
  client.once('close', () => {
    ended = true
    const upMs = acceptedAt === null ? null : clock.monotonic() - acceptedAt
    events.ended(linkEnd({ upMs, connackCode, disconnectCode, socketError, ownReason }))
  })
  return { abort, ended: () => ended, wantsTopics: () => wantsTopics }
}
