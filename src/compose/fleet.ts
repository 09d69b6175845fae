import { setImmediate as nextTask } from 'node:timers/promises'
import { collectOldSeldom } from '../adapters/system/heap.ts'
import type { Config } from '../config/schema.ts'
import { createFleet } from '../core/fleet/fleet.ts'
import { useSettings } from '../core/fleet/fleet-thresholds.ts'
import { createRestoring } from '../core/fleet/restore.ts'
import type { HashKey } from '../core/fleet/text-hash.ts'
import type { Clock, Log, Metrics, Stores } from '../ports.ts'
import { createFleetDesk } from '../workers/fleet-desk.ts'
import { createIngest, type Feed } from '../workers/ingest.ts'
import { createMassWatch } from '../workers/mass-watch.ts'
import { createNameRanker } from '../workers/name-ranker.ts'
import { createRecorder } from '../workers/recorder.ts'
import { createSourceWatches } from '../workers/source-watches.ts'
import { createSweeper } from '../workers/sweeper.ts'
import { createInventoryFile } from './inventory-file.ts'
import { freshnessSettings, watchSettings } from './settings.ts'

export type FleetDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly stores: Pick<Stores, 'fleet' | 'settings' | 'audit'>
}

/** Terminals named in one log line. */
const NAMED = 20

/** The fleet as it was stored, with what takes messages in, judges it and stores it. */
export async function openFleet({ clock, log, metrics, stores }: FleetDeps, first: Config) {
  let config = first
  const fleet = createFleet(freshnessSettings(first), first.freshness.resumeGrace, randomKey())
  const recorder = createRecorder({ clock, fleet, log })
  const { settings } = stores
  const watches = createSourceWatches({ clock, fleet, settings, log, recording: recorder.tap })
  const restoring = createRestoring(fleet)
  const stored = await stores.fleet.load(restoring)
  const astray = await inTurns(restoring.end(stored))
  if (astray.length > 0) {
    const terminals = astray.slice(0, NAMED)
    log.warn('merged terminals lead nowhere; if one of them speaks it is a discovered terminal', {
      count: astray.length,
      terminals,
    })
  }
  await watches.restore(watchSettings(first), stored)

  const feeds = new Map<string, Feed>()
  const ingest = createIngest({ clock, fleet, feeds, log, metrics, recording: recorder.tap })
  const { look, takeBlind } = watches
  const sweeper = createSweeper(
    { clock, fleet, store: stores.fleet, log, metrics, takeBlind, look, report: ingest.report },
    { flushEveryMs: () => config.freshness.flushEvery },
  )
  const { audit } = stores
  const desk = createFleetDesk({ clock, fleet, store: stores.fleet, log, audit, save: sweeper.sweepNow })
  const importFile = createInventoryFile({ desk, settings: stores.settings, log })
  // Before the first judgement: what an open incident explains is nobody's own silence.
  const massWatch = createMassWatch({ clock, fleet, log, release: sweeper.release })
  massWatch.restore(stored)
  await importFile(first)
  collectOldSeldom(fleet.inventory.length)
  sweeper.start()
  massWatch.start()
  const ranker = createNameRanker({ clock, fleet })
  ranker.start()

  return {
    fleet,
    watches,
    feeds,
    ingest,
    desk,
    recorder,
    recording: recorder.tap,
    troubles: sweeper.troubles,
    stored: sweeper.stored,
    /** Intervals, thresholds and times between flushes; sources themselves are opened elsewhere. */
    async reconfigure(next: Config): Promise<void> {
      await watches.reconfigure(watchSettings(next))
      useSettings(fleet, freshnessSettings(next), next.freshness.resumeGrace)
      config = next
    },
    importInventory: importFile,
    async stop(): Promise<void> {
      ranker.stop()
      await massWatch.stop()
      await sweeper.stop().finally(watches.stop)
    },
  }
}

/** Each step in a turn of its own; the result of the last one. */
async function inTurns<Result>(steps: Generator<undefined, Result>): Promise<Result> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    await nextTask()
  }
}

/** So that nobody who can send knows how names are hashed. */
function randomKey(): HashKey {
  const [first = 0, second = 0] = crypto.getRandomValues(new Uint32Array(2))
  return [first, second]
}
