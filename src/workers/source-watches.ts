import { addSource, type Fleet } from '../core/fleet/fleet.ts'
import { useAllLearnt } from '../core/fleet/fleet-thresholds.ts'
import { clampReadings } from '../core/fleet/reading-columns.ts'
import { addBlind } from '../core/freshness/blindness.ts'
import { setFlapsBack } from '../core/freshness/flaps.ts'
import { polledBefore } from '../core/freshness/polled.ts'
import { lookAtPolls, loseLink, noteJump, sourceBlindSince } from '../core/freshness/polled-watch.ts'
import { clampRegisters } from '../core/freshness/registers.ts'
import {
  type BlindCause,
  beginBlind,
  createSourceWatch,
  endCause,
  type SourceWatch,
  setBack,
  useWatchSettings,
  type WatchSettings,
} from '../core/freshness/source-watch.ts'
import {
  dataPlaneOf,
  SEEING,
  type ServiceBlindness,
  type ServiceBlindnesses,
} from '../core/outage/service-blindness.ts'
import { type Instant, SECOND, toIso } from '../core/time.ts'
import type { BlindRow, Clock, SettingsStore, Stop, StoredFleet } from '../ports.ts'
import { createBlindLedger } from './blind-ledger.ts'
import { createClockWatch } from './clock-watch.ts'
import { createKnownSources } from './known-sources.ts'
import { createSourceInputs, type SourceInputsDeps } from './source-inputs.ts'

export type SourceWatchesDeps = SourceInputsDeps & {
  readonly clock: Clock
  readonly fleet: Fleet
  readonly settings: SettingsStore
}

export type SourceWatches = ReturnType<typeof createSourceWatches>

/** Keeps what is known of each source's blindness, over restarts too (spec/freshness.md 3). */
export function createSourceWatches(deps: SourceWatchesDeps) {
  const { clock, fleet, log } = deps
  const known = createKnownSources(deps)
  const { pollFault, ...inputs } = createSourceInputs(deps)
  let ledger = createBlindLedger([])
  let service: () => ServiceBlindnesses = () => SEEING
  const clocks = createClockWatch(clock, READ_EVERY)
  let stopReading: Stop = () => {}

  /**
   * Numbers the sources and restores their blindness: what was stored, and from the last heartbeat until now this
   * program itself was dead. Until an input is opened for a source nothing is heard of it; those that are no longer
   * configured stay blind. The registers must be restored before: the clock may have been set back meanwhile.
   */
  async function restore(configured: readonly WatchSettings[], stored: StoredFleet): Promise<void> {
    await known.load()
    await known.number(configured)
    await known.setBack(clock.now())
    clocks.look()
    stopReading = clock.every(READ_EVERY, clocks.read)
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
        observedFrom,
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
    // It was noticed earlier where a judgement was under way: what was heard since then is not in the future.
    const now = clock.now()
    for (const watch of fleet.sources) setBack(watch, now)
    setFleetBack(now)
    ledger.unsettle()
    known.setBack(now).catch((error) => {
      const reason = String(error)
      log.warn('since when sources are configured is not stored; the next start tries again', { reason })
    })
  }

  function setFleetBack(now: Instant): void {
    clampRegisters(fleet.table, now)
    setFlapsBack(fleet.flaps, now)
    for (const row of fleet.inventory.setBack(now)) fleet.changedInventory.add(row)
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
      log.warn('source is not heard', { source: watch.id, reason: pollFault(watch) })
    }
  }

  /**
   * What hears through the watched service is blind in its outages, and while nothing new comes to the account that is
   * asked. The end is found out late.
   */
  function lookAtService(): void {
    const { outage, dataPlanes } = service()
    for (const watch of fleet.sources) {
      const account = watch.account ?? null
      noteService(watch, 'outage', account === null ? null : outage)
      noteService(watch, 'data-plane', account === null ? null : dataPlaneOf(dataPlanes, account))
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
    ...inputs,
    look,
    /** From now on each look asks when the watched service itself heard nothing. */
    followService(reader: () => ServiceBlindnesses): void {
      service = reader
    },
    takeBlind,
    blindSince: sourceBlindSince,
    /** The clocks are read no more. */
    stop: (): void => stopReading(),
  }
}

/** So often the clocks are read, however long a judgement takes. */
const READ_EVERY = SECOND / 2

function settingsOf(id: string, configured: readonly WatchSettings[]): WatchSettings {
  return configured.find((source) => source.id === id) ?? { id, intervalMs: 60_000, liveLagMs: 120_000 }
}
