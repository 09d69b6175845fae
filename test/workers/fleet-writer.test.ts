import { describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { keepReadings, readingsOf } from '../../src/core/fleet/reading-columns.ts'
import { restoredTable } from '../../src/core/fleet/restore-table.ts'
import { CHUNK_ROWS, ensureRow, markDirty } from '../../src/core/fleet/terminal-table.ts'
import { SECOND } from '../../src/core/time.ts'
import { type Checkpoint, type FleetFlush, type FleetStore, StoreError } from '../../src/ports.ts'
import { createFleetWriter } from '../../src/workers/fleet-writer.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createScenario } from '../support/fleet-scenario.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'

/** A writer whose store takes `tookMs` for each batch and keeps their journals' sizes. */
function setUp(tookMs = 0) {
  const memory = createMemoryStores().fleet
  const clock = createFakeClock()
  const metrics = createRecordingMetrics()
  const { fleet, observe } = createScenario()
  const sizes: number[] = []
  const take = async (batch: FleetFlush | undefined): Promise<void> => {
    sizes.push((batch?.journal ?? []).reduce((sum, entry) => sum + entry.length, 0))
    await clock.advance(tookMs)
  }
  const store: FleetStore = {
    ...memory,
    async flush(batch) {
      await take(batch)
      await memory.flush(batch)
    },
    async checkpoint(part) {
      await take(part.flush)
      await memory.checkpoint(part)
    },
  }
  const log = createRecordingLog()
  const writer = createFleetWriter({ clock, fleet, store, log, metrics, takeBlind: () => [] })
  return { writer, metrics, sizes, observe }
}

test('a flush is shown as long as the store takes for it', async () => {
  const { writer, metrics, observe } = setUp(2 * SECOND)
  observe('1')
  await writer.write(false)
  expect(metrics.value('watch_store_flush_seconds')).toBe(2)
})

test('the journal is shown as long as all flushes have made it, and after a checkpoint as its own batch', async () => {
  const { writer, metrics, sizes, observe } = setUp()
  const shown = () => metrics.value('watch_store_journal_bytes')
  observe('1')
  await writer.write(false)
  expect(shown()).toBe(sizes[0])
  for (const id of ['1', '2']) observe(id)
  await writer.write(false)
  expect(shown()).toBe((sizes[0] ?? 0) + (sizes[1] ?? 0))
  for (const id of ['1', '2', '3']) observe(id)
  await writer.checkpoint(() => false)
  expect(shown()).toBe(sizes[2])
  // Each differs from the others, so that none stands for another one.
  expect(new Set([0, ...sizes]).size).toBe(4)
})

describe('a checkpoint of many chunks', () => {
  const CHUNKS = 130
  const ROWS = CHUNKS * CHUNK_ROWS

  /** A writer with a fleet of so many rows, each of which has changed and is in the journal. */
  async function fleetOf() {
    const memory = createMemoryStores().fleet
    const clock = createFakeClock()
    const { fleet } = createScenario()
    const { table } = fleet
    ensureRow(table, ROWS - 1)
    let heard = 0
    const hear = (row: number): void => {
      table.contactAt[row] = clock.now() + ++heard
      // Only chunks hold these.
      keepReadings(table.readings, row, { voltage: 12 + (heard % 9), firmware: `v${heard % 5}` }, heard)
      markDirty(table, row)
    }
    for (let row = 0; row < ROWS; row++) hear(row)
    /** What happens while the store takes a part; false: it refuses it. */
    let meanwhile = (_part: Checkpoint, _number: number): boolean => true
    const parts: Checkpoint[] = []
    const store: FleetStore = {
      ...memory,
      async checkpoint(part) {
        const known = table.contactAt.slice(0, ROWS)
        if (!meanwhile(part, parts.length)) throw new StoreError('full', 'the disk is full')
        await memory.checkpoint(part)
        parts.push(part)
        expect(await contacts()).toEqual(known)
      },
    }
    async function contacts(): Promise<Float64Array> {
      const { chunks, journal } = await memory.load()
      const blocks = chunks.map(({ bytes }) => bytes)
      return restoredTable(ROWS, { chunks: blocks, journal }).contactAt.slice(0, ROWS)
    }
    const log = createRecordingLog()
    const metrics = createRecordingMetrics()
    const writer = createFleetWriter({ clock, fleet, store, log, metrics, takeBlind: () => [] })
    await writer.write(false)
    return {
      ...{ writer, memory, table, parts, hear, contacts, store },
      whileStored: (happens: typeof meanwhile) => {
        meanwhile = happens
      },
    }
  }

  test('is stored in parts, after each of which a crash loses nothing that was stored before', async () => {
    const { writer, memory, table, parts, hear, whileStored } = await fleetOf()
    whileStored((_part, number) => {
      // Of chunks that were stored before, are stored now, and will be.
      for (let row = number; row < ROWS; row += 1000) hear(row)
      return true
    })
    await writer.checkpoint(() => false)
    expect(parts.map(({ chunks }) => chunks.length)).toEqual([64, 64, 2])
    // A part that was not what it should be would be one that was not stored.
    expect(writer.troubles()).toEqual([])
    const journaled = (await memory.load()).journal.reduce((sum, entry) => sum + entry.length, 0)
    expect(journaled).toBeLessThan(200 * (ROWS / 1000) * parts.length)
    expect(table.dirtyChunks.size).toBeGreaterThan(0)

    whileStored(() => true)
    await writer.write(false)
    await writer.checkpoint(() => false)
    expect(writer.troubles()).toEqual([])
    expect(table.dirtyChunks.size).toBe(0)
    const { chunks, journal } = await memory.load()
    expect(journal).toEqual([])
    const restored = restoredTable(ROWS, { chunks: chunks.map(({ bytes }) => bytes), journal })
    for (let row = 0; row < ROWS; row += 7)
      expect(readingsOf(restored.readings, row)).toEqual(readingsOf(table.readings, row))
  })

  test('that is refused in the middle is made good by the next one', async () => {
    const { writer, memory, table, parts, hear, contacts, whileStored } = await fleetOf()
    const before = (await memory.load()).journal.length
    whileStored(({ chunks }) => chunks[0]?.number !== 64)
    await writer.checkpoint(() => false)
    expect(parts).toHaveLength(1)
    expect(writer.troubles()).toEqual(['store: the disk is full'])
    expect((await memory.load()).journal).toHaveLength(before)
    hear(0)
    hear(ROWS - 1)

    whileStored(() => true)
    await writer.checkpoint(() => false)
    expect(writer.troubles()).toEqual([])
    // In one part: a store that is full has no room until the journal is forgotten.
    expect(parts.slice(1).map(({ chunks }) => chunks.length)).toEqual([66])
    expect(await contacts()).toEqual(table.contactAt.slice(0, ROWS))
  })

  test('ends with the present part when a stop begins, whose own goes on with the rest', async () => {
    const { writer, memory, table, parts, contacts, whileStored } = await fleetOf()
    const before = (await memory.load()).journal.length
    let stopping = false
    whileStored(() => {
      stopping = true
      return true
    })
    await writer.checkpoint(() => stopping)
    expect(parts).toHaveLength(1)
    expect((await memory.load()).journal).toHaveLength(before)

    await writer.checkpoint(() => stopping)
    expect(parts.slice(1).map(({ chunks }) => chunks.length)).toEqual([64, 2])
    expect((await memory.load()).journal).toEqual([])
    expect(await contacts()).toEqual(table.contactAt.slice(0, ROWS))
  })

  test('is not begun while the store does not say where its journal ends', async () => {
    const { writer, memory, parts, store } = await fleetOf()
    const before = (await memory.load()).journal.length
    store.journalEnd = () => Promise.reject(new StoreError('other', 'no answer'))
    await writer.checkpoint(() => true)
    expect(writer.troubles()).toEqual(['store: no answer'])
    expect(parts).toEqual([])
    store.journalEnd = memory.journalEnd
    await writer.checkpoint(() => true)
    expect(parts).toHaveLength(1)
    expect(writer.troubles()).toEqual([])
    expect(before).toBeGreaterThan((await memory.load()).journal.length)
  })
})
