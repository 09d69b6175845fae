import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, statSync, writeSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteStores, type SqliteStores } from '../../../src/adapters/sqlite/stores.ts'
import { createRecordingLog } from '../../support/recorders.ts'
import {
  flushOf,
  letter,
  outage,
  round,
  settlement,
  T0,
  terminalRow,
  terminalsOf,
} from '../../support/store-rows.ts'
import { tempFolder } from '../../support/temp-folder.ts'

let folder: ReturnType<typeof tempFolder>
let path: string

beforeEach(() => {
  folder = tempFolder()
  path = folder.file('watch.db')
})
afterEach(() => folder[Symbol.dispose]())

/** Flushes until the disk is full; returns the number of flushes that were stored. */
async function fillUp(stores: SqliteStores): Promise<number> {
  for (let n = 0; n < 1000; n++) {
    const flush = flushOf({ at: n, journal: [new Uint8Array(50_000)], terminals: [terminalRow(n)] })
    try {
      await stores.fleet.flush(flush)
    } catch (error) {
      expect(error).toMatchObject({ name: 'StoreError', kind: 'full' })
      return n
    }
  }
  throw new Error('The disk is never full')
}

async function expectWorkAgain(stores: SqliteStores, flushes: number): Promise<void> {
  const loaded = await stores.fleet.load()
  const { journal, heartbeatAt } = loaded
  expect([terminalsOf(loaded).length, journal.length, heartbeatAt]).toEqual([flushes, flushes, flushes - 1])
  await stores.fleet.checkpoint({ chunks: [] })
  await stores.fleet.flush(flushOf({ journal: [new Uint8Array(50_000)] }))
  expect(stores.troubles()).toEqual([])
  expect((await stores.fleet.load()).journal).toHaveLength(1)
}

test('a full database stores nothing of the failed call, says what to do, and goes on when there is space', async () => {
  const stores = await openSqliteStores({ path, maxPages: 200 })
  const flushes = await fillUp(stores)
  expect(flushes).toBeGreaterThan(3)
  expect(stores.troubles()).toEqual([expect.stringMatching(/watch\.db: no space is left, free some/)])
  // Reading goes on and takes no trouble away.
  await stores.settings.get('key')
  expect(stores.troubles()).toHaveLength(1)
  await expectWorkAgain(stores, flushes)
  await stores.close()
})

test('a full disk does the same', async ({ skip }) => {
  const disk = mountSmallDisk()
  if (!disk) return skip('no right to mount a tmpfs as a small disk')
  try {
    const stores = await openSqliteStores({ path: disk.file })
    const flushes = await fillUp(stores)
    expect(flushes).toBeGreaterThan(3)
    expect(stores.troubles()).toHaveLength(1)
    disk.grow()
    await expectWorkAgain(stores, flushes)
    await stores.close()
  } finally {
    disk.unmount()
  }
})

test('a locked database fails calls instead of holding them up for ever, and works when it is free again', async () => {
  const stores = await openSqliteStores({ path })
  await stores.outages.append(round(T0))
  using other = new DatabaseSync(path)
  other.exec('BEGIN EXCLUSIVE')
  const began = performance.now()
  const appended = stores.outages.append(round(T0 + 1))
  const committed = stores.outages.commit({
    outages: [outage('o', T0)],
    letters: { add: [], supersede: [] },
    audit: [],
  })
  for (const call of [appended, committed]) {
    await expect(call).rejects.toMatchObject({ name: 'StoreError', kind: 'locked' })
  }
  expect(performance.now() - began).toBeLessThan(8_000)
  expect(stores.troubles()).toEqual([expect.stringContaining('another program keeps it locked')])

  other.exec('ROLLBACK')
  await stores.outages.append(round(T0 + 2))
  expect(stores.troubles()).toEqual([])
  expect((await stores.outages.trace(0, T0 + 9)).map(({ at }) => at)).toEqual([T0, T0 + 2])
  expect(await stores.outages.outages(1)).toEqual([])
  await stores.close()
})

test('damage found while reading is a trouble until the restart', async () => {
  const first = await openSqliteStores({ path })
  const terminals = Array.from({ length: 2000 }, (_, row) => terminalRow(row))
  await first.fleet.flush(flushOf({ terminals }))
  await first.close()
  overwriteMiddle(path)

  const stores = await openSqliteStores({ path })
  await expect(stores.fleet.load()).rejects.toMatchObject({ name: 'StoreError', kind: 'corrupt' })
  await stores.settings.set('key', 'value')
  expect(stores.troubles()).toEqual([expect.stringMatching(/watch\.db: the file is damaged.*backup/)])
  await stores.close()
})

test('a fault of a caller is told to the caller and the next call works', async () => {
  const stores = await openSqliteStores({ path })
  await expect(stores.outbox.settle('nobody', settlement('sent'))).rejects.toThrow(/nobody is not being sent/)
  await stores.outbox.add([letter('initial', 'a@example.test')])
  expect(stores.troubles()).toEqual([])
  await stores.close()
})

test('closing lets earlier calls end and refuses later ones', async () => {
  const stores = await openSqliteStores({ path })
  const before = stores.settings.set('key', 'before')
  const closed = stores.close()
  const after = stores.settings.set('key', 'after')
  await expect(after).rejects.toMatchObject({ name: 'StoreError', kind: 'closed' })
  await before
  await closed
  await stores.close()
  await expect(stores.fleet.load()).rejects.toMatchObject({ name: 'StoreError', kind: 'closed' })
  expect(stores.troubles()).toEqual([])

  const again = await openSqliteStores({ path })
  expect(await again.settings.get('key')).toBe('before')
  await again.close()
})

test('when its thread dies no call hangs and the trouble lasts', async () => {
  const thread = Promise.withResolvers<Worker>()
  process.once('worker', (worker: Worker) => thread.resolve(worker))
  const log = createRecordingLog()
  const stores = await openSqliteStores({ path, log })
  const pending = Promise.allSettled(Array.from({ length: 500 }, (_, n) => stores.outages.append(round(n))))
  await (await thread.promise).terminate()
  const ends = await pending
  expect(ends.at(-1)).toMatchObject({ status: 'rejected', reason: { name: 'StoreError', kind: 'other' } })
  await expect(stores.fleet.load()).rejects.toMatchObject({ name: 'StoreError', kind: 'other' })
  expect(stores.troubles()).toEqual([expect.stringMatching(/thread failed.*restart/)])
  expect(log.lines).toMatchObject([{ level: 'error', message: 'The store has failed for good' }])
  await stores.close()
})

function overwriteMiddle(file: string): void {
  const { size } = statSync(file)
  const descriptor = openSync(file, 'r+')
  // From the middle of the terminals to the end; the first pages hold the schema and the small tables.
  const from = Math.floor(size / 2)
  writeSync(descriptor, Buffer.alloc(size - from, 0xa5), 0, size - from, from)
  closeSync(descriptor)
}

/** A disk of 2 MB that can grow; undefined without the right to mount one. */
function mountSmallDisk() {
  const disk = tempFolder()
  const mountPoint = disk.file('disk')
  mkdirSync(mountPoint)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', mountPoint])
  if (mounted.status !== 0) {
    disk[Symbol.dispose]()
    return undefined
  }
  return {
    file: `${mountPoint}/watch.db`,
    grow: () => {
      spawnSync('mount', ['-o', 'remount,size=4m', mountPoint])
    },
    unmount: () => {
      spawnSync('umount', [mountPoint])
      disk[Symbol.dispose]()
    },
  }
}
