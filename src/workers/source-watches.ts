import { addSource, type Fleet } from '../core/fleet/fleet.ts'
import { useAllLearnt } from '../core/fleet/fleet-thresholds.ts'
import { clampReadings } from '../core/fleet/reading-columns.ts'
import { addBlind } from '../core/freshness/blindness.ts'
import { setFlapsBack } from '../core/freshness/flaps.ts'
import { polledBefore } from '../core/freshness/polled.ts'
import {
  lookAtPolls,
  loseLink,
  noteJump,
  notePoll,
  sourceBlindSince,
} from '../core/freshness/polled-watch.ts'
import { clampRegisters } from '../core/freshness/registers.ts'
import {
  type BlindCause,
  beginBlind,
  beginDraining,
  createSourceWatch,
  endCause,
  type SourceWatch,
  setBack,
  useWatchSettings,
  type WatchSettings,
} from '../core/freshness/source-watch.ts'
import { SEEING, type ServiceBlindness, type ServiceBlindnesses } from '../core/outage/service-blindness.ts'
import { type Instant, SECOND, toIso } from '../core/time.ts'
import type {
  BlindRow,
  Clock,
  Log,
  PollEvents,
  SettingsStore,
  SourceEvents,
  StoredFleet,
  TerminalEvents,
} from '../ports.ts'
import { createBlindLedger } from './blind-ledger.ts'
import { createClockWatch } from './clock-watch.ts'
import type { Ingest } from './ingest.ts'
import { createKnownSources } from './known-sources.ts'
import type { RecordingTap } from './recorder.ts'

export type SourceWatchesDeps = {
  readonly clock: Clock
  readonly fleet: Fleet
  readonly settings: SettingsStore
  readonly log: Log
  /** Who records what is taken in. */
  readonly recording?: RecordingTap
}

export type SourceWatches = ReturnType<typeof createSourceWatches>

/** Keeps what is known of each source's blindness, over restarts too (spec/freshness.md 3). */
export function createSourceWatches(deps: SourceWatchesDeps) {
  const { clock, fleet, log } = deps
  const known = createKnownSources(deps)
  let ledger = createBlindLedger([])
  let service: () => ServiceBlindnesses = () => SEEING
  const clocks = createClockWatch(clock, LOOK_EVERY)
  /** Why the newest poll of a source was not good. */
  const pollFaults = new Map<string, string>()

  /**
   * Numbers the sources and restores their blindness: what was stored, and from the last heartbeat until now this
   * program itself was dead. Until an input is opened for a source nothing is heard of it; those that are no longer
   * configured stay blind. The registers must be restored before: the clock may have been set back meanwhile.
   */
  async function restore(configured: readonly WatchSettings[], stored: StoredFleet): Promise<void> {
    await known.load()
    await known.number(configured)
    clocks.look()
    const now = clock.now()
    const { heartbeatAt } = stored
    const deadFrom = Math.min(heartbeatAt ?? now, now)
    ledger = createBlindLedger(stored.blind)
    // The heartbeat is stored with the registers, and nothing in them is later; readings are stored less often.
    if (heartbeatAt === null || heartbeatAt > now) setFleetBack(now)
    else clampReadings(fleet.table.readings, now)
    for (const { id, observedFrom } of known.all()) {
      const earlier = (kind: BlindRow['kind']) =>
        stored.blind
          .filter((row) => row.source === id && row.kind === kind)
          .map(({ from, to }) => ({ from, to: Math.min(to ?? deadFrom, now) }))
      const watch = createSourceWatch(
        settingsOf(id, configured),
        now,
        Math.min(observedFrom, now),
        [...earlier('own'), { from: deadFrom, to: now }],
        earlier('service'),
      )
      addSource(fleet, watch)
      beginBlind(watch, 'link', now)
    }
    noteRetired(configured)
    useAllLearnt(fleet)
    fleet.sources.forEach(({ polls }, index) => {
      if (polls) polls.sentAt = Math.min(polledBefore(fleet, index + 1), now)
    })
  }

  /** After a reload: new sources are numbered, removed ones go blind, intervals are taken over. */
  async function reconfigure(configured: readonly WatchSettings[]): Promise<void> {
    await known.number(configured)
    const now = clock.now()
    for (const { id, observedFrom } of known.all().slice(fleet.sources.length)) {
      const watch = createSourceWatch(settingsOf(id, configured), now, Math.max(observedFrom, now), [])
      addSource(fleet, watch)
      beginBlind(watch, 'link', now)
    }
    for (const source of configured) {
      const watch = find(source.id)
      if (watch) useWatchSettings(watch, source, now)
    }
    noteRetired(configured)
    for (const watch of fleet.sources) if (watch.retired) loseLink(watch, now)
  }

  function noteRetired(configured: readonly WatchSettings[]): void {
    for (const watch of fleet.sources) watch.retired = !configured.some(({ id }) => id === watch.id)
  }

  function find(id: string): SourceWatch | undefined {
    return fleet.sources[(fleet.sourceNumbers.get(id) ?? 0) - 1]
  }

  /** Where an adapter with a link of its own reports to; the source is blind until it is connected. */
  function events(watch: SourceWatch, ingest: Pick<Ingest, 'received' | 'room'>): SourceEvents {
    beginBlind(watch, 'link', clock.now())
    return {
      received: ingest.received,
      room: () => ingest.room(watch.id),
      connected(at, resumed) {
        if (watch.causes.has('link')) log.info('source is heard', { source: watch.id, resumed })
        endCause(watch, 'link', at)
        if (resumed) beginDraining(watch, at)
      },
      disconnected(since, reason) {
        if (!watch.causes.has('link')) log.warn('source is not heard', { source: watch.id, reason })
        beginBlind(watch, 'link', Math.min(since, clock.now()))
      },
      dropped: (since) => beginBlind(watch, 'dropped', Math.min(since, clock.now())),
      dropsEnded: (at) => endCause(watch, 'dropped', at),
    }
  }

  /** Where a listener for terminals reports to; the source is blind until it takes connections. */
  function terminalEvents(
    watch: SourceWatch,
    ingest: Pick<Ingest, 'observed' | 'counted' | 'reject'>,
    stored: () => Promise<boolean>,
  ): TerminalEvents {
    const { connected, disconnected } = events(watch, { received: () => {}, room: () => null })
    return {
      connected,
      disconnected,
      observed: ingest.observed,
      counted: ingest.counted,
      rejected: (reason, detail) => ingest.reject(watch.id, reason, detail),
      stored,
    }
  }

  /** Where a poller reports to; the source is blind until its first good poll. */
  function pollEvents(watch: SourceWatch): PollEvents {
    loseLink(watch, clock.now())
    return {
      good(poll) {
        if (watch.causes.has('link')) log.info('source is heard', { source: watch.id })
        notePoll(watch, poll)
        deps.recording?.current?.polled(watch.id, poll)
        pollFaults.delete(watch.id)
      },
      failed(reason) {
        pollFaults.set(watch.id, reason)
      },
    }
  }

  /** A source without a link of its own is heard as long as this program runs. */
  function heard(watch: SourceWatch): void {
    endCause(watch, 'link', clock.now())
  }

  /** The input of the source was closed: nothing is heard of it from now on. */
  function closed(watch: SourceWatch): void {
    const now = clock.now()
    loseLink(watch, now)
    // Who began these is gone and cannot end them.
    for (const cause of ['lag', 'dropped'] as const) endCause(watch, cause, now)
  }

  /** Nothing was heard in [from, to): the process stood still. */
  function stall(from: Instant, to: Instant): void {
    for (const watch of fleet.sources) addBlind(watch.blindness, from, to)
  }

  /** The wall clock was stepped. Forward is time that nobody observed; back, nothing may lie in the future. */
  function step(at: Instant, deltaMs: number): void {
    if (deltaMs > 0) {
      for (const watch of fleet.sources) noteJump(watch, at - deltaMs, at)
      return
    }
    for (const watch of fleet.sources) setBack(watch, at)
    setFleetBack(at)
    ledger.unsettle()
  }

  function setFleetBack(at: Instant): void {
    clampRegisters(fleet.table, at)
    setFlapsBack(fleet.flaps, at)
  }

  /**
   * What the clocks say of the time since the last look. To be called right before each judgement: after a stand-still
   * or a step nothing may be judged until it is known as blindness, and no other timer is sure to come first.
   */
  function look(): void {
    for (const event of clocks.look()) {
      if (event.kind === 'step') {
        log.warn('the wall clock was stepped', { at: toIso(event.at), deltaMs: event.deltaMs })
        step(event.at, event.deltaMs)
      } else {
        log.warn('the process stood still', { from: toIso(event.from), to: toIso(event.to) })
        stall(event.from, event.to)
      }
    }
    lookAtService()
    for (const watch of fleet.sources) {
      if (!lookAtPolls(watch, clock.now())) continue
      const reason = pollFaults.get(watch.id) ?? 'no answer yet'
      log.warn('source is not heard', { source: watch.id, reason })
    }
  }

  /** Sources that depend on the watched service are blind while that hears nothing; its end is found out late. */
  function lookAtService(): void {
    const { outage, dataPlane } = service()
    for (const watch of fleet.sources) {
      const depends = watch.dependsOnService === true
      noteService(watch, 'outage', depends ? outage : null)
      noteService(watch, 'data-plane', depends ? dataPlane : null)
    }
  }

  function noteService(watch: SourceWatch, cause: BlindCause, stretch: ServiceBlindness | null): void {
    const now = clock.now()
    if (stretch !== null && stretch.to === null) {
      beginBlind(watch, cause, Math.min(stretch.from, now))
    } else if (watch.causes.has(cause)) {
      endCause(watch, cause, Math.min(stretch?.to ?? now, now))
      ledger.unsettle()
    }
  }

  /** Stretches that are new or changed since the last call, to be stored. */
  function takeBlind(): readonly BlindRow[] {
    return ledger.take(fleet.sources, clock.now())
  }

  return {
    restore,
    reconfigure,
    find,
    heard,
    closed,
    events,
    terminalEvents,
    pollEvents,
    look,
    /** From now on each look asks when the watched service itself heard nothing. */
    followService(reader: () => ServiceBlindnesses): void {
      service = reader
    },
    takeBlind,
    blindSince: sourceBlindSince,
  }
}

/** The sweep, which looks, runs so often. */
const LOOK_EVERY = SECOND / 2

function settingsOf(id: string, configured: readonly WatchSettings[]): WatchSettings {
  return configured.find((source) => source.id === id) ?? { id, intervalMs: 60_000, liveLagMs: 120_000 }
}
