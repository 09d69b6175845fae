import { existsSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { backupDatabase } from '../../../src/adapters/sqlite/backup.ts'
import { openSqliteStores } from '../../../src/adapters/sqlite/stores.ts'
import { flushOf, terminalRow, terminalsOf } from '../../support/store-rows.ts'
import { tempFolder } from '../../support/temp-folder.ts'

let folder: ReturnType<typeof tempFolder>
let path: string
let copy: string

beforeEach(() => {
  folder = tempFolder()
  path = folder.file('watch.db')
  copy = folder.file("the copy's.db")
})
afterEach(() => folder[Symbol.dispose]())

test('a backup taken while the service writes opens as a complete database', async () => {
  const stores = await openSqliteStores({ path })
  await stores.fleet.flush(flushOf({ terminals: [terminalRow(0)] }))
  const writing = stores.fleet.flush(flushOf({ terminals: [terminalRow(1)] }))
  backupDatabase(path, copy)
  await writing
  await stores.close()

  const restored = await openSqliteStores({ path: copy })
  const terminals = terminalsOf(await restored.fleet.load())
  expect(terminals[0]).toEqual(terminalRow(0))
  await restored.fleet.flush(flushOf({ terminals: [terminalRow(2)] }))
  await restored.close()
})

test('a backup can be taken while no service runs', async () => {
  await (await openSqliteStores({ path })).close()
  backupDatabase(path, copy)
  await (await openSqliteStores({ path: copy })).close()
})

test('a file that exists is never overwritten by a backup', async () => {
  await (await openSqliteStores({ path })).close()
  writeFileSync(copy, 'precious')
  expect(() => backupDatabase(path, copy)).toThrow(/exists already/)
})

test.each([
  ['a missing database', () => {}, /no database/],
  ['a damaged database', () => writeFileSync(path, 'garbage'.repeat(999)), /watch\.db.*no SQLite database/],
])('%s gives an error and no file', (_name, prepare, text) => {
  prepare()
  expect(() => backupDatabase(path, copy)).toThrow(text)
  expect(existsSync(copy)).toBe(false)
  expect(existsSync(`${copy}.part`)).toBe(false)
})
