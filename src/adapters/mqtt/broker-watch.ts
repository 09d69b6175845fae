import { HOUR, SECOND } from '../../core/time.ts'
import type { Clock, Fields, Log, Metrics, SourceEvents, Stop } from '../../ports.ts'
import { type DropEvent, decide, noDrops, readCount } from './broker-drops.ts'
import type { LinkEnd } from './link-end.ts'
import type { LinkPlan } from './options.ts'

/** Mosquitto's count of messages that it dropped since its start, whoever they were for; stored, renewed when it changes. */
export const DROPPED_TOPIC = '$SYS/broker/publish/messages/dropped'

/** Watches whether the broker drops messages behind our back. */
export type BrokerWatch = {
  /** Every topic of the source is granted: the counter may be asked for. */
  granted(): void
  linkEnded(end: LinkEnd): void
  /** A message on DROPPED_TOPIC; it never reaches the source's own data. */
  read(payload: Uint8Array): void
  health(): Fields
  stop(): void
}

type BrokerWatchDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** Subscribes to DROPPED_TOPIC once more; the code of the SUBACK, null without one. False: there is no link now. */
  readonly ask: (answer: (code: number | null) => void) => boolean
  readonly events: Pick<SourceEvents, 'dropped' | 'dropsEnded'>
}

/**
 * `off`: by configuration, or a broker that is known to have none. `open`: not answered yet. `offending`: the broker
 * ended the connection at the question, as brokers with closed lists of topics do. Not asked again after `refused`
 * and `offending`.
 */
type Offer = 'off' | 'open' | 'granted' | 'refused' | 'offending'

const SAID: Readonly<Record<Offer, string>> = {
  off: 'off',
  open: 'not answered yet',
  granted: 'granted, no value yet',
  refused: 'not offered',
  offending: 'not offered: the broker ended the connection',
}

/**
 * Each SUBSCRIBE brings the stored value: a reading although nothing changed, and one after the broker has dropped its
 * own count on a link that is behind.
 */
const ASK_EVERY_MS = 30 * SECOND
/** A connection that ends this soon after the question, without an answer, ended because of it. */
const AT_ONCE_MS = 5 * SECOND

/**
 * In a shared group too: the counter is of the whole broker, the slow member may be any of the group, and a terminal's
 * message may have gone to that one. Each member asks for itself, outside of the group. flespi has no such counter: it
 * ends a session that is behind by a gigabyte, which is seen as such.
 */
export function createBrokerWatch(plan: LinkPlan, deps: BrokerWatchDeps): BrokerWatch {
  const { clock, log, metrics, events } = deps
  const about: Fields = { source: plan.id, url: plan.endpoint.label }
  let offer: Offer = plan.watchBroker && !isFlespi(plan.endpoint.host) ? 'open' : 'off'
  let drops = noDrops(clock.monotonic())
  let askedAt: number | null = null
  let warnedAt = Number.NEGATIVE_INFINITY
  const stopTimer: Stop = offer === 'off' ? () => {} : clock.every(ASK_EVERY_MS, tick)
  // For Prometheus what first exists with its first growth has not grown.
  if (offer === 'open') metrics.add('watch_broker_dropped_total', { source: plan.id }, 0)

  function tick(): void {
    apply(null)
    ask()
  }

  function ask(): void {
    if (askedAt !== null || (offer !== 'open' && offer !== 'granted')) return
    askedAt = clock.monotonic()
    const asked = deps.ask((code) => {
      // Without a code the link is about to end.
      if (code === null) return
      askedAt = null
      if (offer !== 'open') return
      offer = code < 0x80 ? 'granted' : 'refused'
      log.debug('The MQTT broker was asked for its counter of dropped messages', { ...about, answer: offer })
    })
    if (!asked) askedAt = null
  }

  function apply(reading: number | null): void {
    const decision = decide(drops, reading, clock.monotonic())
    drops = decision.drops
    for (const event of decision.events) tell(event)
  }

  function tell(event: DropEvent): void {
    switch (event.kind) {
      case 'dropped':
        metrics.add('watch_broker_dropped_total', { source: plan.id }, event.count)
        if (!event.marked) return
        warn(event.count)
        events.dropped(clock.now() - event.withinMs, event.count)
        return
      case 'ended':
        events.dropsEnded(clock.now())
        return
      case 'exhausted':
        log.error(
          'The MQTT broker goes on dropping messages; terminals of this source are judged again, by what gets through. Find the client that it drops for (often an abandoned stored session: persistent_client_expiration), or set watchBroker to false',
          { ...about, dropped: drops.count },
        )
        return
    }
  }

  /** The first time, and then once an hour: losses come in bursts. */
  function warn(count: number): void {
    const level = clock.monotonic() - warnedAt >= HOUR ? 'warn' : 'debug'
    if (level === 'warn') warnedAt = clock.monotonic()
    log[level](
      'The MQTT broker drops messages, perhaps ours: terminals of this source are not judged meanwhile. Set max_queued_messages 0 and max_inflight_messages 0 in mosquitto.conf, or look for a subscriber that is too slow',
      { ...about, dropped: count },
    )
  }

  return {
    granted: ask,
    linkEnded(end) {
      const unanswered = askedAt !== null && clock.monotonic() - askedAt < AT_ONCE_MS
      askedAt = null
      if (offer !== 'open' || !unanswered || end.kind !== 'lost') return
      offer = 'offending'
      log.info(
        'The MQTT broker ended the connection at the question for its dropped messages; not asked again',
        {
          ...about,
          reason: end.detail,
        },
      )
    },
    read(payload) {
      const count = readCount(payload)
      if (count !== undefined && offer !== 'off') apply(count)
    },
    health: () => ({
      brokerDropped: drops.count,
      brokerWatch: drops.count === null ? SAID[offer] : drops.exhausted ? 'given up' : 'watched',
    }),
    stop: stopTimer,
  }
}

function isFlespi(host: string): boolean {
  return host === 'flespi.io' || host.endsWith('.flespi.io')
}
