import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../../src/adapters/sqlite/database.ts'
import { openSqliteStores } from '../../../src/adapters/sqlite/stores.ts'
import { NO_FLAPS } from '../../../src/core/freshness/flaps.ts'
import {
  auditEntry,
  flushOf,
  letter,
  outage,
  round,
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

const WINDOW = { id: 'w', from: T0, to: T0 + 1, reason: 'r' }

async function fill(rows = 1): Promise<void> {
  const stores = await openSqliteStores({ path })
  const terminals = Array.from({ length: rows }, (_, row) => terminalRow(row))
  await stores.fleet.flush(flushOf({ terminals, journal: [new Uint8Array([1, 2])] }))
  await stores.outages.append(round(T0))
  await stores.plannedWork.commit({
    save: { windows: [WINDOW], rules: [] },
    deleteWindows: [],
    deleteRules: [],
    letters: { add: [], supersede: [] },
    audit: [auditEntry('w')],
  })
  await stores.outages.commit({
    outages: [outage('o', T0)],
    letters: { add: [letter('initial', 'a@example.test')], supersede: [] },
    audit: [],
  })
  await stores.settings.set('key', 'value')
  await stores.close()
}

test('everything is there after closing and opening again', async () => {
  await fill()
  const stores = await openSqliteStores({ path })
  const loaded = await stores.fleet.load()
  expect({ ...loaded, terminals: terminalsOf(loaded) }).toEqual({
    terminals: [terminalRow(0)],
    chunks: [],
    journal: [new Uint8Array([1, 2])],
    blind: [],
    flaps: NO_FLAPS,
    counters: [],
    incidents: [],
    baselines: [],
    gaps: [],
    heartbeatAt: T0,
  })
  expect(await stores.outages.trace(0, T0 + 1)).toEqual([round(T0)])
  expect(await stores.outages.load()).toEqual([outage('o', T0)])
  expect(await stores.plannedWork.load()).toEqual({ windows: [WINDOW], rules: [] })
  expect(await stores.audit.list({ limit: 9 })).toEqual([{ number: 1, ...auditEntry('w') }])
  expect((await stores.outbox.get(letter('initial', 'a@example.test').id))?.mime).toEqual(
    letter('initial', 'a@example.test').mime,
  )
  expect(await stores.settings.get('key')).toBe('value')
  expect(stores.troubles()).toEqual([])
  await stores.close()
})

test('a commit is on the disk when it resolves: write-ahead log, synchronous full, foreign keys', () => {
  using db = openDatabase({ path })
  const pragma = (name: string) => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0]
  expect(pragma('journal_mode')).toBe('wal')
  expect(pragma('synchronous')).toBe(2)
  expect(pragma('foreign_keys')).toBe(1)
})

test('durations with fractions are stored as whole milliseconds', async () => {
  const stores = await openSqliteStores({ path })
  await stores.outages.append(round(T0, { completedAt: T0 + 0.4 }))
  const more = { letters: { add: [], supersede: [] }, audit: [] }
  await stores.outages.commit({ ...more, outages: [outage('o', T0, { downMs: 10.6 })] })
  expect(await stores.outages.trace(T0, T0 + 1)).toMatchObject([{ completedAt: T0 }])
  expect(await stores.outages.load()).toMatchObject([{ downMs: 11 }])
  await stores.close()
})

describe('a file that is refused stays as it is', () => {
  async function expectRefused(kind: string, text: RegExp): Promise<void> {
    const before = readFileSync(path)
    const opening = openSqliteStores({ path })
    await expect(opening).rejects.toMatchObject({ name: 'StoreError', kind })
    await expect(opening).rejects.toThrow(path)
    await expect(opening).rejects.toThrow(text)
    expect(readFileSync(path).equals(before)).toBe(true)
  }

  test.each([
    ['many', 'not a database '.repeat(1000)],
    ['a few', 'hello'],
  ])('%s bytes that are no database', async (_name, text) => {
    writeFileSync(path, text)
    await expectRefused('corrupt', /no SQLite database/)
  })

  test.each([0.5, 0.9])('a database cut to %f of its length', async (share) => {
    await fill(2000)
    truncateSync(path, Math.floor(readFileSync(path).length * share))
    await expectRefused('corrupt', /damaged.*backup/)
  })

  test('an emptied file with its log beside it', async () => {
    const stores = await openSqliteStores({ path })
    await stores.settings.set('key', 'value')
    copyFileSync(`${path}-wal`, folder.file('kept'))
    await stores.close()
    truncateSync(path)
    copyFileSync(folder.file('kept'), `${path}-wal`)
    await expectRefused('corrupt', /missing or empty/)
    expect(readFileSync(`${path}-wal`).length).toBeGreaterThan(0)
  })

  test('a database of a newer version', async () => {
    await fill()
    using db = new DatabaseSync(path)
    db.exec('PRAGMA user_version = 1000; PRAGMA wal_checkpoint(TRUNCATE)')
    await expectRefused('other', /newer version.*schema 1000/)
  })

  test('a database of another program', async () => {
    using db = new DatabaseSync(path)
    db.exec('CREATE TABLE mine (a)')
    await expectRefused('other', /another program/)
  })

  test('a database that another program keeps for itself', async () => {
    await fill()
    using db = new DatabaseSync(path)
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    await expectRefused('locked', /another program keeps it locked/)
  })
})

test('a folder that does not exist is named', async () => {
  path = folder.file('missing/watch.db')
  await expect(openSqliteStores({ path })).rejects.toMatchObject({ name: 'StoreError', kind: 'other' })
  await expect(openSqliteStores({ path })).rejects.toThrow(/missing\/watch\.db.*folder exists/)
})
