import { describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { addSource, createFleet, type Fleet } from '../../src/core/fleet/fleet.ts'
import { readingsOf } from '../../src/core/fleet/reading-columns.ts'
import { decodeBlock } from '../../src/core/fleet/register-codec.ts'
import { restoreFleet } from '../../src/core/fleet/restore.ts'
import { rowFor } from '../../src/core/fleet/spoken-names.ts'
import { createTable, markDirty } from '../../src/core/fleet/terminal-table.ts'
import { applyObservation } from '../../src/core/freshness/registers.ts'
import { createSourceWatch } from '../../src/core/freshness/source-watch.ts'
import { CODE } from '../../src/core/freshness/state.ts'
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import type { FleetFlush, FleetStore } from '../../src/ports.ts'
import { StoreError } from '../../src/ports.ts'
import { LONGEST_JOURNAL_BYTES } from '../../src/workers/fleet-writer.ts'
import { createSweeper } from '../../src/workers/sweeper.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { DEFAULTS } from '../support/fleet-scenario.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'
import { terminalsOf } from '../support/store-rows.ts'

function emptyFleet(now: number, settings = DEFAULTS): Fleet {
  const fleet = createFleet(settings, 2 * MINUTE)
  addSource(
    fleet,
    createSourceWatch({ id: 'gate', intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE }, now, now, []),
  )
  return fleet
}

const NO_CHANGE = {
  at: 0,
  journal: [],
  terminals: [],
  transitions: [],
  blind: [],
  counters: [],
  incidents: [],
  baselines: [],
  gaps: [],
  mergers: [],
}

const FIRST = {
  terminalId: '1',
  at: 1,
  from: null,
  to: 'fresh',
  contactAt: 1,
  source: 'gate',
} as const

function setUp(
  store: FleetStore = createMemoryStores().fleet,
  timing: (clock: FakeClock) => FakeClock = (clock) => clock,
  settings = DEFAULTS,
) {
  const clock = createFakeClock()
  const log = createRecordingLog()
  const metrics = createRecordingMetrics()
  const fleet = emptyFleet(clock.now(), settings)
  const sweeper = createSweeper(
    {
      clock: timing(clock),
      fleet,
      store,
      log,
      metrics,
      takeBlind: () => [],
      look: () => {},
      report: () => {},
    },
    { flushEveryMs: () => SECOND },
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
  return { clock, log, metrics, fleet, store, sweeper, hear, restored }
}

describe('the sweeper', () => {
  test('stores registers within a flush, so that a crash loses no more', async () => {
    const { clock, hear, restored } = setUp()
    hear('1')
    await clock.advance(SECOND)
    const fleet = await restored()
    expect([...fleet.inventory].map(({ id }) => id)).toEqual(['1'])
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
    expect(readingsOf(fleet.table.readings, 0)).toContainEqual(expect.objectContaining({ value: 24.3 }))
  })

  test('a journal that grows fast ends in a checkpoint before its time', async () => {
    const memory = createMemoryStores().fleet
    let kept: number[] = []
    let forgotten = 0
    let longest = 0
    let checkpoints = 0
    const count = (batch: FleetFlush | undefined): void => {
      for (const entry of batch?.journal ?? []) kept.push(entry.length)
      longest = Math.max(
        longest,
        kept.reduce((sum, bytes) => sum + bytes, 0),
      )
    }
    const store: FleetStore = {
      ...memory,
      flush: async (batch) => count(batch),
      journalEnd: async () => forgotten + kept.length,
      async checkpoint({ forget = Infinity, flush }) {
        if (forget !== 'none') {
          checkpoints++
          kept = kept.slice(forget - forgotten)
          forgotten = forget
        }
        count(flush)
      },
    }
    const { clock, fleet } = setUp(store)
    for (let n = 0; n < 100_000; n++) rowFor(fleet, String(n), 1, clock.now())
    for (let second = 0; second < 25; second++) {
      for (let row = 0; row < 100_000; row++) markDirty(fleet.table, row)
      await clock.advance(SECOND)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(checkpoints).toBe(2)
    expect(longest).toBeGreaterThan(LONGEST_JOURNAL_BYTES * 0.9)
    expect(longest).toBeLessThan(LONGEST_JOURNAL_BYTES * 1.25)
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
    await expect(sweeper.sweepNow()).rejects.toThrow(StoreError)
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

  test('who asked is told when everything before is stored, with how far the archive was taken in', async () => {
    const { clock, hear, sweeper, fleet, restored } = setUp()
    await clock.advance(SECOND)
    hear('1')
    fleet.counters.set('1', { terminalId: '1', recordId: 5325, firmware: 308 })
    fleet.changedCounters.add('1')
    let stored: boolean | undefined
    void sweeper.stored().then((answer) => {
      stored = answer
    })
    expect(stored).toBeUndefined()
    await clock.advance(SECOND)
    expect(stored).toBe(true)
    const again = await restored()
    expect(again.table.contactAt[0]).toBe(clock.now() - SECOND)
    expect(again.counters.get('1')).toEqual({ terminalId: '1', recordId: 5325, firmware: 308 })
  })

  test('who asked is told that it could not be stored; counters and mergers wait for the next flush', async () => {
    const memory = createMemoryStores().fleet
    let full = true
    const store: FleetStore = {
      ...memory,
      flush: (batch) =>
        full ? Promise.reject(new StoreError('full', 'the disk is full')) : memory.flush(batch),
    }
    const { clock, hear, sweeper, fleet } = setUp(store)
    hear('1')
    await memory.flush({ ...NO_CHANGE, transitions: [{ ...FIRST, terminalId: 'imei' }] })
    fleet.counters.set('1', { terminalId: '1', recordId: 7, firmware: null })
    fleet.changedCounters.add('1')
    fleet.mergers.push({ from: 'imei', into: '1' })
    const asked = sweeper.stored()
    await clock.advance(2 * SECOND)
    expect(await asked).toBe(false)
    full = false
    await clock.advance(2 * SECOND)
    expect((await memory.load()).counters).toEqual([{ terminalId: '1', recordId: 7, firmware: null }])
    expect(await memory.history('imei', 0, clock.now() + HOUR, 9)).toEqual([])
    expect(await memory.history('1', 0, clock.now() + HOUR, 9)).toContainEqual(FIRST)
  })

  test('stopping writes everything down', async () => {
    const { hear, sweeper, store, clock } = setUp()
    await clock.advance(100)
    hear('1')
    await sweeper.stop()
    expect((await store.load()).chunks).toHaveLength(1)
  })

  test('stopping says how much is lost when the store takes nothing', async () => {
    const refuse = () => Promise.reject(new StoreError('full', 'the disk is full'))
    const { hear, sweeper, clock } = setUp({
      ...createMemoryStores().fleet,
      flush: refuse,
      checkpoint: refuse,
    })
    hear('1')
    hear('2')
    await clock.advance(5 * SECOND)
    await expect(sweeper.stop()).rejects.toThrow(
      '2 changes of state and newest data of 2 terminals could not be stored and are lost: store: the disk is full',
    )
  })
})

/** As the real clock does it: time goes on while a tick is still running, and its next turns are skipped. */
function unwaiting(clock: FakeClock): FakeClock {
  return {
    ...clock,
    every(ms, tick) {
      let running = false
      return clock.every(ms, () => {
        if (running) return
        running = true
        void Promise.resolve(tick()).finally(() => {
          running = false
        })
      })
    },
  }
}

/** A store whose flushes wait until they are let go. */
function heldStore(memory: FleetStore) {
  let held = false
  let waiting: (() => void)[] = []
  let most = 0
  const store: FleetStore = {
    ...memory,
    async flush(batch) {
      if (held) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve)
          most = Math.max(most, waiting.length)
        })
      }
      await memory.flush(batch)
    },
  }
  return {
    store,
    /** Most flushes that waited at the same time. */
    most: () => most,
    hold(): void {
      held = true
    },
    release(): void {
      held = false
      for (const go of waiting) go()
      waiting = []
    },
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('the sweeper beside a slow or failing store', () => {
  test('goes on judging while a flush does not come back, and dates and stores each change once', async () => {
    const { store, hold, release } = heldStore(createMemoryStores().fleet)
    const { clock, hear, fleet, sweeper, metrics } = setUp(store, unwaiting)
    hear('1')
    const heardAt = clock.now()
    await clock.advance(29 * MINUTE)
    hold()
    hear('2')
    await clock.advance(2 * MINUTE)
    expect(fleet.table.state[0]).toBe(CODE.stale)
    expect(metrics.value('watch_store_unsaved_transitions')).toBe(2)
    release()
    await turn()
    await clock.advance(2 * SECOND)
    await sweeper.sweepNow()
    expect((await store.history('1', 0, clock.now(), 10)).map(({ to, at }) => [to, at - heardAt])).toEqual([
      ['stale', 30 * MINUTE],
      ['fresh', 0],
    ])
  })

  test('changes that happen while the store refuses are stored in order, once, with what led to them', async () => {
    const memory = createMemoryStores().fleet
    let full = false
    const stored: string[] = []
    const store: FleetStore = {
      ...memory,
      async flush(batch) {
        if (full) throw new StoreError('full', 'the disk is full')
        stored.push(...batch.transitions.map(({ terminalId, to }) => `${terminalId} ${to}`))
        await memory.flush(batch)
      },
    }
    const { clock, hear, restored } = setUp(store)
    hear('1')
    await clock.advance(MINUTE)
    full = true
    await clock.advance(30 * MINUTE)
    hear('1')
    await clock.advance(SECOND)
    hear('1')
    hear('2')
    await clock.advance(5 * SECOND)
    full = false
    await clock.advance(SECOND)
    expect(stored).toEqual(['1 fresh', '1 stale', '1 fresh', '2 fresh'])
    const again = await restored()
    expect([...again.inventory].map(({ id }) => id)).toEqual(['1', '2'])
    expect(again.table.contactAt[0]).toBe(clock.now() - 6 * SECOND)
  })

  test('a fleet that falls silent at once is more than a call can take as arguments, and is judged all the same', async () => {
    const store = { ...createMemoryStores().fleet, flush: async () => {} }
    const { fleet, sweeper, clock } = setUp(store)
    for (let n = 0; n < 140_000; n++) rowFor(fleet, String(n), 1, clock.now())
    await sweeper.sweepNow()
    expect(fleet.table.state[139_999]).toBe(CODE.unknown)
  })

  test('stopping while a flush is under way still writes what came after it', async () => {
    const { store, hold, release } = heldStore(createMemoryStores().fleet)
    const { clock, hear, sweeper, restored } = setUp(store, unwaiting)
    hear('1')
    hold()
    await clock.advance(3 * SECOND)
    hear('1')
    const stopped = sweeper.stop()
    await turn()
    release()
    await stopped
    expect((await store.load()).journal).toEqual([])
    expect((await restored()).table.contactAt[0]).toBe(clock.now())
  })

  test('what a caller waits for is stored although another flush is under way', async () => {
    const { store, hold, release, most } = heldStore(createMemoryStores().fleet)
    const { clock, hear, sweeper, restored } = setUp(store, unwaiting)
    hear('1')
    hold()
    await clock.advance(3 * SECOND)
    hear('2')
    const saved = sweeper.sweepNow()
    await turn()
    release()
    await saved
    expect(most()).toBe(1)
    expect([...(await restored()).inventory].map(({ id }) => id)).toEqual(['1', '2'])
  })

  test('a chunk never holds a state whose transition is not stored: a crash after the checkpoint loses no alert', async () => {
    const { store, unexplained } = auditedStore(createMemoryStores().fleet)
    const { clock, hear, fleet, sweeper } = setUp(store, unwaiting, FIVE_MINUTES)
    for (let i = 0; i < 70 * 512; i++) hear(String(i))
    for (let second = 0; second < 299; second += 13) await clock.advance(13 * SECOND)
    // The checkpoint is due in the second before the terminals are stale, and takes more than one turn.
    for (let i = 0; i < 20; i++) {
      await clock.advance(SECOND)
      if (i % 3 === 2) await turn()
    }
    await sweeper.sweepNow()
    expect(fleet.table.state[0]).toBe(CODE.stale)
    await sweeper.stop()
    expect(unexplained).toEqual([])
  })

  test('nor when the change came while the flush before the checkpoint was slow', async () => {
    const { store: audited, unexplained } = auditedStore(createMemoryStores().fleet)
    const { store, hold, release } = heldStore(audited)
    const { clock, hear, fleet } = setUp(store, unwaiting, FIVE_MINUTES)
    hear('1')
    await clock.advance(299 * SECOND)
    hold()
    hear('2')
    await clock.advance(3 * SECOND)
    expect(fleet.table.state[0]).toBe(CODE.stale)
    release()
    await turn()
    expect((await store.load()).chunks).toHaveLength(1)
    expect(unexplained).toEqual([])
  })
})

const FIVE_MINUTES = { ...DEFAULTS, default: { ...DEFAULTS.default, moving: 5 * MINUTE } }

/** A store that holds each checkpoint against the history: a crash right after it must not lose a transition. */
function auditedStore(memory: FleetStore): { readonly store: FleetStore; readonly unexplained: string[] } {
  const unexplained: string[] = []
  return {
    unexplained,
    store: {
      ...memory,
      async checkpoint(part) {
        await memory.checkpoint(part)
        const terminals = terminalsOf(await memory.load())
        const table = createTable()
        for (const { bytes } of part.chunks) decodeBlock(table, bytes)
        for (const { id, row } of terminals) {
          if (table.state[row] !== CODE.stale) continue
          const told = await memory.history(id, 0, Infinity, 10)
          if (!told.some(({ to }) => to === 'stale')) unexplained.push(id)
        }
      },
    },
  }
}
