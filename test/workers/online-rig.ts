import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { createVehicleService } from '../../src/adapters/omnicomm-online/vehicles.ts'
import type { Notice } from '../../src/core/letters/notice.ts'
import { suspectsOf } from '../../src/core/online/suspects.ts'
import type { InventoryFromTree } from '../../src/core/online/tree-inventory.ts'
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import type { HttpCall, VehicleService } from '../../src/ports.ts'
import { createOnlineIntake } from '../../src/workers/online-intake.ts'
import { createOnlinePoller, type OnlinePollerOptions } from '../../src/workers/online-poller.ts'
import { readOnlineSize } from '../../src/workers/online-size.ts'
import { setUp } from '../adapters/omnicomm-online/rig.ts'
import type { FakeClock } from '../support/fake-clock.ts'
import { type Station, startStation } from '../support/fleet-station.ts'
import { POLLING } from '../support/polled-scenario.ts'
import { createRecordingMetrics } from '../support/recorders.ts'

const SOURCE = {
  id: 'online',
  intervalMs: MINUTE,
  liveLagMs: 2 * MINUTE,
  account: 'main',
  polling: POLLING,
}

export const OPTIONS: OnlinePollerOptions = {
  id: 'online',
  account: 'main',
  pollEveryMs: POLLING.everyMs,
  treeEveryMs: HOUR,
  statesPerMinute: 20,
  client: 'group:1',
  dealer: '',
}

/** The state of a terminal of the simulated service. */
export const statePathOf = (id: number | string): string => `/ls/api/v1/vehicles/${id}/state`

/** A poller against a simulated Omnicomm Online over real HTTP, with the freshness part of the service behind it. */
export async function startPolling(
  options: Partial<OnlinePollerOptions> = {},
  wrap?: (call: HttpCall, clock: FakeClock) => HttpCall,
) {
  const rig = await setUp(wrap)
  const { clock, online, log } = rig
  const stores = createMemoryStores()
  const metrics = createRecordingMetrics()
  const trees: (readonly InventoryFromTree[])[] = []
  const notices: Notice[] = []
  let failure: Error | null = null
  const service: VehicleService = createVehicleService(rig.client, { timeoutMs: 30 * SECOND })

  async function start() {
    const station: Station = await startStation(clock, stores, { sources: [SOURCE], opened: false })
    const { fleet, watches } = station
    const watch = watches.find('online')
    if (!watch) throw new Error('no source')
    const poller = createOnlinePoller(
      {
        clock,
        log,
        notices: { raise: (notice) => notices.push(notice) },
        service,
        intake: createOnlineIntake({ clock, fleet, metrics }, 'online'),
        lastSize: await readOnlineSize({ settings: stores.settings, log }, 'online'),
        events: watches.pollEvents(watch),
        suspects: () => suspectsOf(fleet, 1, clock.now()),
        tree: async (vehicles) => {
          if (failure) throw failure
          trees.push(vehicles)
        },
      },
      { ...OPTIONS, ...options },
    )
    return { station, watch, poller }
  }

  let run = await start()
  return {
    ...rig,
    stores,
    metrics,
    trees,
    /** What operators were told, over restarts. */
    notices,
    service,
    station: () => run.station,
    watch: () => run.watch,
    poller: () => run.poller,
    /** What the service says when each terminal last sent data, ms; null: never. */
    serve(times: Readonly<Record<string, number | null>>): void {
      online.activity = Object.entries(times).map(([id, dateID]) => ({
        id: Number(id),
        dateID,
        uuid: `u-${id}`,
      }))
    },
    /** Taking the tree over fails from now on; null: no longer. */
    failTree(error: Error | null): void {
      failure = error
    },
    state: (id: string) => run.station.state(id),
    trouble: (): unknown => run.poller.health().detail['trouble'],
    /** The process dies and begins anew after that time. */
    async restart(afterMs: number): Promise<void> {
      run.station.crash()
      await run.poller.stop()
      await clock.advance(afterMs)
      run = await start()
    },
    logged: (message: string) => log.lines.filter((line) => line.message === message),
  }
}

export type Polling = Awaited<ReturnType<typeof startPolling>>
