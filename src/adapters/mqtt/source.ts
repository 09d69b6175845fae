import type { IConnackPacket } from 'mqtt'
import { MINUTE } from '../../core/time.ts'
import type { Clock, Log, Metrics, SettingsStore, Source, SourceEvents, Stop } from '../../ports.ts'
import { checkGrants, checkTerms } from './broker-terms.ts'
import { createBrokerWatch, DROPPED_TOPIC } from './broker-watch.ts'
import { type Link, openLink } from './link.ts'
import type { LinkEnd } from './link-end.ts'
import { createReceiver, createTraffic } from './message.ts'
import { type MqttSourceOptions, planLink } from './options.ts'
import { decide, firstTry } from './retry.ts'
import { createSessionTopics } from './session-topics.ts'
import { createSourceLog } from './source-log.ts'

export type MqttSourceDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** Remembers which topics our session at the broker holds. */
  readonly settings: SettingsStore
  /** From [0, 1), for the jitter of the back-off. */
  readonly random?: () => number
}

/**
 * Subscribes to a broker and stays subscribed until stopped. The source is connected while every topic is granted;
 * before the first `connected` and after a `disconnected` nothing can be said about its terminals. A resumed session
 * counts as connected from the CONNACK on, so that `connected` comes before the messages it had stored. After
 * `stop` no event is reported any more. Between `dropped` and `dropsEnded` the broker loses messages. It never publishes.
 */
export function createMqttSource(
  options: MqttSourceOptions,
  events: SourceEvents,
  { clock, log, metrics, settings, random = Math.random }: MqttSourceDeps,
): Source {
  const plan = planLink(options)
  const labels = { source: plan.id }
  const traffic = createTraffic()
  const broker = createBrokerWatch(plan, {
    clock,
    log,
    metrics,
    events,
    ask: (answer) => {
      if (upSince !== null) link?.ask(DROPPED_TOPIC, answer)
      return upSince !== null && link !== null
    },
  })
  const receive = createReceiver(
    plan.id,
    traffic,
    events,
    { topic: DROPPED_TOPIC, read: broker.read },
    { clock, log },
  )
  const report = createSourceLog(log, plan)
  const topics = createSessionTopics(plan, { settings, log })
  let retry = firstTry(plan.preferredVersion)
  let link: Link | null = null
  let timer: Stop = () => {}
  let upSince: number | null = null
  let resumed = false
  let grantedQos: number | null = null
  let refused = false
  let connects = 0
  let lastTrouble: string | null = null

  function open(): void {
    try {
      link = openLink(
        plan,
        retry.version.current,
        { clock, traffic, receive },
        { accepted, subscribed, ended },
      )
    } catch (error) {
      ended({ kind: 'unreachable', detail: error instanceof Error ? error.message : String(error) })
    }
  }

  function accepted(connack: IConnackPacket): boolean {
    if (traffic.closed) return false
    connects += 1
    metrics.add('watch_mqtt_connects_total', labels)
    resumed = connack.sessionPresent
    report.findings(checkTerms(plan, connack.properties))
    if (resumed && !refused) up()
    // A 3.1.1 broker answers every SUBSCRIBE with all stored values; a session that this run has subscribed
    // is left alone.
    const isSubscribed = resumed && grantedQos !== null && !refused && topics.settled()
    return !(isSubscribed && retry.version.current === 4)
  }

  function subscribed(codes: readonly number[]): void {
    if (traffic.closed) return
    if (link !== null) void topics.settle(resumed, link.unsubscribe)
    const grants = checkGrants(plan, codes)
    report.findings(grants.findings)
    grantedQos = grants.qos
    refused = grants.refused
    if (!refused) {
      up()
      broker.granted()
      return
    }
    lastTrouble = 'a subscription was refused'
    if (upSince !== null) down(upSince, lastTrouble)
    timer = clock.after(MINUTE, () => link?.subscribe())
  }

  function ended(end: LinkEnd): void {
    timer()
    link = null
    if (traffic.closed) return
    lastTrouble = end.detail
    broker.linkEnded(end)
    metrics.add('watch_mqtt_disconnects_total', { ...labels, reason: reasonOf(end) })
    const next = decide(retry, end, plan.preferredVersion, clock.monotonic(), random())
    retry = next.state
    report.ended(end, next)
    if (upSince !== null) down(traffic.lastPacketAt ?? upSince, end.detail)
    timer = clock.after(next.delayMs, open)
  }

  function up(): void {
    if (upSince !== null) return
    upSince = clock.now()
    lastTrouble = null
    report.connected({ protocolVersion: versionName(), grantedQos, resumed })
    events.connected(upSince, resumed)
  }

  function down(since: number, reason: string): void {
    upSince = null
    events.disconnected(since, reason)
  }

  function versionName(): string {
    return retry.version.current === 5 ? '5' : '3.1.1'
  }

  open()
  return {
    id: plan.id,
    health: () => ({
      id: plan.id,
      connected: upSince !== null,
      detail: {
        url: plan.endpoint.label,
        clientId: plan.clientId,
        protocolVersion: versionName(),
        grantedQos,
        resumed,
        lastPacketAt: traffic.lastPacketAt,
        reconnects: Math.max(0, connects - 1),
        retained: traffic.retained,
        duplicates: traffic.duplicates,
        failures: traffic.failures,
        takenOver: retry.contested,
        ...broker.health(),
        trouble: lastTrouble,
      },
    }),
    async stop(forGood = false) {
      traffic.closed = true
      timer()
      broker.stop()
      upSince = null
      await link?.close(forGood)
    },
  }
}

function reasonOf(end: LinkEnd): string {
  switch (end.kind) {
    case 'unreachable':
    case 'silent':
      return end.kind
    case 'refused':
      return `refused-${end.cause}`
    case 'lost':
      return end.kicked ? 'taken-over' : 'lost'
  }
}
