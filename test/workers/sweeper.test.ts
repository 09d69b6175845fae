import { describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { addSource, createFleet, type Fleet, rowFor } from '../../src/core/fleet/fleet.ts'
import { restoreFleet } from '../../src/core/fleet/restore.ts'
import { applyObservation } from '../../src/core/freshness/registers.ts'
import { createSourceWatch } from '../../src/core/freshness/source-watch.ts'
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import type { FleetStore } from '../../src/ports.ts'
import { StoreError } from '../../src/ports.ts'
import { createSweeper } from '../../src/workers/sweeper.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { DEFAULTS } from '../support/fleet-scenario.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'

function emptyFleet(now: number): Fleet {
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  addSource(
    fleet,
    createSourceWatch({ id: 'gate', intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE }, now, now, []),
  )
  return fleet
}

function setUp(store: FleetStore = createMemoryStores().fleet) {
  const clock = createFakeClock()
  const log = createRecordingLog()
  const fleet = emptyFleet(clock.now())
  const sweeper = createSweeper(
    { clock, fleet, store, log, metrics: createRecordingMetrics(), takeBlind: () => [], report: () => {} },
    { flushEveryMs: SECOND },
  )
  sweeper.start()
  const hear = (id: string): void => {
    const now = clock.now()
    const readings = { ignition: true, voltage: 24.3 }
    applyObservation(
      fleet.table,
      rowFor(fleet, id, 1, now),
      { terminalId: id, source: 'gate', receivedAt: now, kind: 'live', readings },
      1,
    )
  }
  async function restored(): Promise<Fleet> {
    const again = emptyFleet(clock.now())
    restoreFleet(again, await store.load())
    return again
  }
  return { clock, log, fleet, store, sweeper, hear, restored }
}

describe('the sweeper', () => {
  test('stores registers within a flush, so that a crash loses no more', async () => {
    const { clock, hear, restored } = setUp()
    hear('1')
    await clock.advance(SECOND)
    const fleet = await restored()
    expect(fleet.inventory.map(({ id }) => id)).toEqual(['1'])
    expect(fleet.table.contactAt[0]).toBe(clock.now() - SECOND)
  })

  test('writes a transition in the same flush as the state that it leads to', async () => {
    const { clock, hear, store, restored } = setUp()
    hear('1')
    const heardAt = clock.now()
    await clock.advance(30 * MINUTE + 2 * SECOND)
    const history = await store.history('1', 0, clock.now() + HOUR, 10)
    expect(history.map(({ from, to, at }) => ({ from, to, at }))).toEqual([
      { from: 'fresh', to: 'stale', at: heardAt + 30 * MINUTE },
      { from: null, to: 'fresh', at: heardAt },
    ])
    expect((await restored()).table.stateSince[0]).toBe(heardAt + 30 * MINUTE)
  })

  test('a checkpoint keeps registers and readings and empties the journal', async () => {
    const { clock, hear, store, restored } = setUp()
    hear('1')
    await clock.advance(6 * MINUTE)
    expect((await store.load()).journal).toHaveLength(0)
    const fleet = await restored()
    expect(fleet.table.readings.columns.get('voltage')?.value[0]).toBe(24.3)
  })

  test('what could not be stored is kept, said once, and stored later', async () => {
    const memory = createMemoryStores().fleet
    let full = true
    const store: FleetStore = {
      ...memory,
      flush: (batch) =>
        full ? Promise.reject(new StoreError('full', 'the disk is full')) : memory.flush(batch),
    }
    const { clock, hear, log, sweeper, restored } = setUp(store)
    hear('1')
    await clock.advance(5 * SECOND)
    expect(sweeper.troubles()).toEqual(['store: the disk is full'])
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
    full = false
    await clock.advance(SECOND)
    expect(sweeper.troubles()).toEqual([])
    expect((await restored()).table.contactAt[0]).toBe(clock.now() - 6 * SECOND)
  })

  test('writes a heartbeat every ten seconds although nothing happens', async () => {
    const { clock, store } = setUp()
    await clock.advance(35 * SECOND)
    expect(clock.now() - ((await store.load()).heartbeatAt ?? 0)).toBeLessThanOrEqual(10 * SECOND)
  })

  test('stopping writes everything down', async () => {
    const { hear, sweeper, store, clock } = setUp()
    await clock.advance(100)
    hear('1')
    await sweeper.stop()
    expect((await store.load()).chunks).toHaveLength(1)
  })
})
