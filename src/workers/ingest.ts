import { type Fleet, isFull } from '../core/fleet/fleet.ts'
import { identify } from '../core/fleet/identify.ts'
import { beginBlind, endCause, type SourceWatch } from '../core/freshness/source-watch.ts'
import { takeObservation } from '../core/freshness/take.ts'
import type { Decoded, Decoder, Envelope, PayloadDecoder } from '../core/telemetry/decoder.ts'
import type { Observation, RejectReason } from '../core/telemetry/observation.ts'
import type { ArchiveCounter } from '../core/telemetry/session.ts'
import { type Instant, MINUTE, SECOND } from '../core/time.ts'
import type { Clock, IncomingMessage, Log, Metrics } from '../ports.ts'
import { createHoldback } from './ingest-holdback.ts'
import { createIngestQueue } from './ingest-queue.ts'
import { createTally } from './ingest-tally.ts'
import { createNameLog } from './name-log.ts'
import type { RecordingTap } from './recorder.ts'

/** A source that data may come from. */
export type Feed = {
  readonly watch: SourceWatch
  /** Its number in the register table. */
  readonly number: number
  /** Of whole messages; absent where the source brings none. */
  readonly payload?: PayloadDecoder
  /** Of parsed records; absent where the source brings none. */
  readonly record?: Decoder
}

/** One parsed record; a reason when it was rejected. */
export type TakeRecord = (record: unknown, envelope: Envelope) => RejectReason | null

export type IngestDeps = {
  readonly clock: Clock
  readonly fleet: Fleet
  readonly feeds: ReadonlyMap<string, Feed>
  readonly log: Log
  readonly metrics: Metrics
  /** Who records what is taken in. */
  readonly recording?: RecordingTap
}

export type Ingest = {
  /** Queues a message and returns at once; over the bounds of the queue it is dropped and counted. */
  received(message: IncomingMessage): void
  /** Null: the source's next message may come at once. Otherwise enough waits, and it should come when this resolves. */
  room(source: string): Promise<void> | null
  /**
   * Takes parsed records of a source as it is configured now, each at once; a reason when one was rejected. Undefined:
   * the source takes none. For callers that answer their sender.
   */
  records(source: string): TakeRecord | undefined
  /** What a source has decoded itself, at once; a reason when it was rejected. */
  observed(observation: Observation): RejectReason | null
  /** How far the archive of a terminal was taken in. */
  counted(counter: ArchiveCounter): void
  /** Counts a record that could not even be parsed. */
  reject(source: string, reason: RejectReason, sample: string): void
  /** Messages that wait. */
  depth(): number
  /** Writes the counters of the last second; called by the sweeper. */
  report(): void
  /** Works off what waits. */
  drain(): void
}

/** No message of a terminal is larger; it must not even wait. */
const PAYLOAD_LIMIT = 256 * 1024
const LAGGING = 30 * SECOND
const CAUGHT_UP = 5 * SECOND
/** What is taken in between two turns for everything else. */
const SLICE_MS = 1
/** Bytes of messages between two looks at the clock, and what the shortest one counts. */
const STEP_BYTES = 16 * 1024
const MESSAGE_BYTES = 1024

/** Takes messages of pushed sources into the registers. */
export function createIngest(deps: IngestDeps): Ingest {
  const { clock, fleet, feeds, recording } = deps
  const tally = createTally(deps)
  const names = createNameLog(deps)
  const queue = createIngestQueue()
  const saidLagMs = new Map<string, number>()
  const holdback = createHoldback(clock)
  let scheduled = false

  function received(message: IncomingMessage): void {
    const { source, receivedAt } = message.envelope
    if (message.payload.length > PAYLOAD_LIMIT) {
      tally.reject(source, 'too-large', '')
      return
    }
    if (!queue.offer(message)) {
      tally.reject(source, 'dropped', '')
      lag(source, receivedAt)
      return
    }
    schedule()
  }

  function schedule(): void {
    if (scheduled) return
    scheduled = true
    setImmediate(work)
  }

  /** A slice of what waits. While there is more the sources hold back, so that the queue does not overflow by it. */
  function work(): void {
    scheduled = false
    watchQueue()
    takeSlice()
    if (queue.depth() > 0) schedule()
    if (!queue.isLong()) holdback.release(queue.depth() === 0)
  }

  function takeSlice(): void {
    const endMs = clock.monotonic() + SLICE_MS
    do {
      for (let left = STEP_BYTES; left > 0; ) {
        const next = queue.take()
        if (next === undefined) return
        takeMessage(next)
        left -= Math.max(next.payload.length, MESSAGE_BYTES)
      }
    } while (clock.monotonic() < endMs)
  }

  function takeAll(): void {
    for (let next = queue.take(); next !== undefined; next = queue.take()) takeMessage(next)
    holdback.release(true)
  }

  function takeMessage({ envelope, payload }: IncomingMessage): void {
    const feed = feeds.get(envelope.source)
    for (const decoded of feed?.payload?.(payload, envelope) ?? []) if (feed) take(feed, decoded)
  }

  function records(source: string): TakeRecord | undefined {
    const feed = feeds.get(source)
    const decode = feed?.record
    return feed && decode && ((record, envelope) => take(feed, decode(record, envelope)))
  }

  function observed(observation: Observation): RejectReason | null {
    const feed = feeds.get(observation.source)
    return feed ? observe(feed, observation) : 'unknown-shape'
  }

  function take(feed: Feed, decoded: Decoded): RejectReason | null {
    if (decoded.kind === 'rejected') {
      tally.reject(feed.watch.id, decoded.reason, decoded.detail)
      return decoded.reason
    }
    let reason: RejectReason | null = null
    for (const observation of decoded.observations) reason = observe(feed, observation) ?? reason
    return reason
  }

  function observe(feed: Feed, raw: Observation): RejectReason | null {
    const { watch } = feed
    if (isFull(fleet) && !fleet.rows.has(raw.terminalId)) {
      tally.reject(watch.id, 'bad-value', 'the limit of 2,000,000 terminals is reached')
      return 'bad-value'
    }
    const row = identify(fleet, raw, feed.number)
    const isDrained = watch.drainingUntil !== 0
    const { observation, clock: fault } = takeObservation(fleet, row, raw, feed.number)
    // What waited in a broker is told as what it was taken for.
    recording?.current?.observed(isDrained ? observation : raw)
    if (fault) tally.fault(watch.id, fault)
    tally.count(watch.id, observation.kind)
    return null
  }

  /** A source whose messages wait too long, here or before, is blind: what it did not deliver yet is no silence. */
  function watchQueue(): void {
    const { source, since } = longestWait()
    const ageMs = clock.now() - since
    if (ageMs > LAGGING) lag(source, since)
    // Also of sources that bring nothing more: a message that is taken in ends the lag of all.
    else if (ageMs < CAUGHT_UP) for (const feed of feeds.values()) endCause(feed.watch, 'lag', clock.now())
  }

  function longestWait(): { readonly source: string; readonly since: Instant } {
    const { source, receivedAt: since } = queue.oldest()?.envelope ?? { source: '', receivedAt: clock.now() }
    const held = holdback.longest()
    return held && held.since < since ? held : { source, since }
  }

  function lag(source: string, since: Instant): void {
    const feed = feeds.get(source)
    if (!feed || feed.watch.causes.has('lag')) return
    beginBlind(feed.watch, 'lag', since)
    // It may begin and end with every turn of the event loop.
    if (clock.monotonic() - (saidLagMs.get(source) ?? Number.NEGATIVE_INFINITY) < MINUTE) return
    saidLagMs.set(source, clock.monotonic())
    deps.log.warn('source is lagging: more arrives than can be taken in; its terminals are not judged', {
      source,
    })
  }

  return {
    received,
    room: (source) => (queue.isLong() ? holdback.hold(source) : null),
    records,
    observed,
    counted(counter) {
      // Of a terminal beyond the limit nothing is kept.
      if (!fleet.rows.has(counter.terminalId)) return
      fleet.counters.set(counter.terminalId, counter)
      fleet.changedCounters.add(counter.terminalId)
    },
    reject: tally.reject,
    depth: queue.depth,
    report() {
      watchQueue()
      const age = (clock.now() - longestWait().since) / SECOND
      for (const id of feeds.keys()) deps.metrics.set('watch_source_lag_seconds', age, { source: id })
      deps.metrics.set('watch_queue_messages', queue.depth())
      tally.report(feeds.keys())
      names.report()
    },
    drain: takeAll,
  }
}
