import { addSource, type Fleet } from '../core/fleet/fleet.ts'
import { addBlind, blindSince, clipBlindness } from '../core/freshness/blindness.ts'
import { clampRegisters } from '../core/freshness/registers.ts'
import {
  beginBlind,
  beginDraining,
  createSourceWatch,
  endCause,
  type SourceWatch,
  type WatchSettings,
} from '../core/freshness/source-watch.ts'
import type { Instant } from '../core/time.ts'
import type { BlindRow, Clock, Log, SettingsStore, SourceEvents, StoredFleet } from '../ports.ts'
import type { Ingest } from './ingest.ts'

export type SourceWatchesDeps = {
  readonly clock: Clock
  readonly fleet: Fleet
  readonly settings: SettingsStore
  readonly log: Log
}

/** A source and the moment from which it has been configured, in the order of its number. */
type KnownSource = { readonly id: string; readonly observedFrom: Instant }

const SETTING = 'sources'

export type SourceWatches = ReturnType<typeof createSourceWatches>

/** Keeps what is known of each source's blindness, over restarts too (spec/freshness.md 3). */
export function createSourceWatches(deps: SourceWatchesDeps) {
  const { clock, fleet, settings, log } = deps
  const reported = new Map<string, string>()
  let reportedUntil: Instant = -Infinity

  /**
   * Numbers the sources and restores their blindness: what was stored, and from the last heartbeat until now this
   * program itself was dead. Sources that are no longer configured stay blind.
   */
  async function restore(configured: readonly WatchSettings[], stored: StoredFleet): Promise<void> {
    const now = clock.now()
    const known = readKnown(await settings.get(SETTING))
    for (const { id } of configured) {
      if (!known.some((source) => source.id === id)) known.push({ id, observedFrom: now })
    }
    await settings.set(SETTING, JSON.stringify(known))
    const deadFrom = Math.min(stored.heartbeatAt ?? now, now)
    reportedUntil = deadFrom - 1
    for (const { id, observedFrom } of known) {
      const earlier = stored.blind
        .filter((row) => row.source === id)
        .map(({ from, to }) => ({ from, to: Math.min(to ?? deadFrom, now) }))
      const watch = createSourceWatch(settingsOf(id, configured), now, Math.min(observedFrom, now), [
        ...earlier,
        { from: deadFrom, to: now },
      ])
      addSource(fleet, watch)
      if (!configured.some((source) => source.id === id)) beginBlind(watch, 'link', now)
    }
  }

  /** After a reload: new sources are numbered, removed ones go blind, intervals are taken over. */
  async function reconfigure(configured: readonly WatchSettings[]): Promise<void> {
    const now = clock.now()
    const known = readKnown(await settings.get(SETTING))
    for (const source of configured) {
      const watch = find(source.id)
      if (watch) Object.assign(watch, source)
      else {
        known.push({ id: source.id, observedFrom: now })
        addSource(fleet, createSourceWatch(source, now, now, []))
      }
    }
    await settings.set(SETTING, JSON.stringify(known))
    for (const watch of fleet.sources) {
      if (!configured.some((source) => source.id === watch.id)) beginBlind(watch, 'link', now)
    }
  }

  function find(id: string): SourceWatch | undefined {
    return fleet.sources[(fleet.sourceNumbers.get(id) ?? 0) - 1]
  }

  /** Where an adapter with a link of its own reports to; the source is blind until it is connected. */
  function events(watch: SourceWatch, ingest: Pick<Ingest, 'received'>): SourceEvents {
    beginBlind(watch, 'link', clock.now())
    return {
      received: ingest.received,
      connected(at, resumed) {
        if (watch.causes.has('link')) log.info('source is heard', { source: watch.id, resumed })
        endCause(watch, 'link', at)
        if (resumed) beginDraining(watch, at)
      },
      disconnected(since, reason) {
        if (!watch.causes.has('link')) log.warn('source is not heard', { source: watch.id, reason })
        beginBlind(watch, 'link', Math.min(since, clock.now()))
      },
    }
  }

  /** A source without a link of its own is heard as long as this program runs. */
  function heard(watch: SourceWatch): void {
    endCause(watch, 'link', clock.now())
  }

  /** Nothing was heard in [from, to): the process stood still. */
  function stall(from: Instant, to: Instant): void {
    for (const watch of fleet.sources) addBlind(watch.blindness, from, to)
  }

  /** The wall clock was stepped. Forward is time that nobody observed; back, nothing may lie in the future. */
  function step(at: Instant, deltaMs: number): void {
    if (deltaMs > 0) {
      for (const watch of fleet.sources) addBlind(watch.blindness, at - deltaMs, at)
      return
    }
    for (const watch of fleet.sources) clipBlindness(watch.blindness, at)
    clampRegisters(fleet.table, at)
    reportedUntil = Math.min(reportedUntil, at)
  }

  /** Stretches that are new or changed since the last call, to be stored. */
  function takeBlind(): readonly BlindRow[] {
    const rows: BlindRow[] = []
    for (const { id, blindness } of fleet.sources) {
      for (let i = blindness.to.length - 1; i >= 0; i--) {
        const to = blindness.to[i] ?? 0
        if (to <= reportedUntil) break
        const from = Math.max(0, blindness.from[i] ?? 0)
        const key = `${from} ${to}`
        if (reported.get(id) === key) break
        rows.unshift({ source: id, from, to: to === Infinity ? null : to })
      }
      const newest = blindness.to.length - 1
      reported.set(id, `${Math.max(0, blindness.from[newest] ?? 0)} ${blindness.to[newest]}`)
    }
    reportedUntil = Math.max(reportedUntil, clock.now() - RETROACTIVE)
    return rows
  }

  return {
    restore,
    reconfigure,
    find,
    heard,
    events,
    stall,
    step,
    takeBlind,
    blindSince: (watch: SourceWatch): Instant | null => blindSince(watch.blindness),
  }
}

/** A stretch may be found this much after its end. */
const RETROACTIVE = 60_000

function settingsOf(id: string, configured: readonly WatchSettings[]): WatchSettings {
  return configured.find((source) => source.id === id) ?? { id, intervalMs: 60_000, liveLagMs: 120_000 }
}

function readKnown(text: string | null): KnownSource[] {
  return text === null ? [] : JSON.parse(text)
}
