import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteStores } from '../../../src/adapters/sqlite/stores.ts'
import { createRecordingLog } from '../../support/recorders.ts'
import { flushOf, terminalRow, terminalsOf } from '../../support/store-rows.ts'
import { tempFolder } from '../../support/temp-folder.ts'

// Pages are only a copy of the rows: whatever becomes of them, the rows are what is loaded.

const ROWS = 5000
const rows = Array.from({ length: ROWS }, (_, row) => terminalRow(row))

let folder: ReturnType<typeof tempFolder>
let path: string

beforeEach(async () => {
  folder = tempFolder()
  path = folder.file('watch.db')
  const stores = await openSqliteStores({ path })
  await stores.fleet.flush(flushOf({ terminals: rows }))
  await stores.close()
})
afterEach(() => folder[Symbol.dispose]())

function inDatabase<Result>(work: (db: DatabaseSync) => Result): Result {
  using db = new DatabaseSync(path)
  return work(db)
}

function pageNumbers(): unknown[] {
  return inDatabase((db) => db.prepare('SELECT number FROM inventory_pages ORDER BY number').all()).map(
    ({ number }) => number,
  )
}

async function loaded() {
  const log = createRecordingLog()
  const stores = await openSqliteStores({ path, log })
  const terminals = terminalsOf(await stores.fleet.load())
  await stores.close()
  return { terminals, log }
}

test('every page is stored when the store is closed', () => {
  expect(pageNumbers()).toEqual([0, 1])
})

test('a changed row takes its page away in the same transaction, also when nobody closes the store', async () => {
  const changed = terminalRow(4999, { name: 'Renamed' })
  inDatabase((db) => db.exec(`UPDATE terminals SET name = 'Renamed' WHERE row = 4999`))
  expect(pageNumbers()).toEqual([0])
  expect((await loaded()).terminals).toEqual([...rows.slice(0, -1), changed])
  expect(pageNumbers()).toEqual([0, 1])
})

test('a change that was rolled back takes no page away', () => {
  inDatabase((db) => db.exec(`BEGIN; UPDATE terminals SET name = 'x'; ROLLBACK`))
  expect(pageNumbers()).toEqual([0, 1])
})

test('pages that are missing or of another version are made from the rows, without a word', async () => {
  inDatabase((db) =>
    db.exec('DELETE FROM inventory_pages WHERE number = 0; UPDATE inventory_pages SET version = 0'),
  )
  const { terminals, log } = await loaded()
  expect(terminals).toEqual(rows)
  expect(log.lines).toEqual([])
  expect((await loaded()).terminals).toEqual(rows)
})

test('a damaged page is made from the rows, told, and stored anew', async () => {
  inDatabase((db) => db.exec('UPDATE inventory_pages SET bytes = zeroblob(length(bytes)) WHERE number = 1'))
  const first = await loaded()
  expect(first.terminals).toEqual(rows)
  expect(first.log.lines).toMatchObject([{ level: 'warn', fields: { pages: [1] } }])
  const second = await loaded()
  expect(second.terminals).toEqual(rows)
  expect(second.log.lines).toEqual([])
})
