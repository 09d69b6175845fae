import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/adapters/sqlite/database.ts'
import { createFleetTables } from '../../../src/adapters/sqlite/fleet-tables.ts'
import { openSqliteStores } from '../../../src/adapters/sqlite/stores.ts'
import { rowsIn } from '../../../src/core/fleet/packed-page.ts'
import { decodePage } from '../../../src/core/fleet/page-codec.ts'
import { DAY } from '../../../src/core/time.ts'
import { bytes, flushOf, T0, terminalRow, terminalsOf, transition } from '../../support/store-rows.ts'
import { tempFolder } from '../../support/temp-folder.ts'

test('a flush of more rows than one message holds is one transaction, in its order', async () => {
  using folder = tempFolder()
  const stores = await openSqliteStores({ path: folder.file('watch.sqlite') })
  const terminals = Array.from({ length: 2500 }, (_, row) => terminalRow(row))
  const transitions = Array.from({ length: 1500 }, (_, n) => transition({ at: T0 + n }))
  const gaps = Array.from({ length: 1100 }, (_, row) => ({ row, bytes: bytes(`${row}`) }))
  const baselines = Array.from({ length: 1100 }, (_, n) => {
    return { dimension: 'client', group: `${10_000 + n}`, bytes: bytes(`${n}`) } as const
  })
  await stores.fleet.flush(flushOf({ terminals, transitions, gaps, baselines }))
  const mergers = [{ from: transition().terminalId, into: 'other' }]
  const later = Array.from({ length: 1200 }, (_, n) => transition({ at: T0 + 5000 + n }))
  await stores.fleet.flush(flushOf({ mergers, transitions: later }))
  const loaded = await stores.fleet.load()
  expect(terminalsOf(loaded)).toEqual(terminals)
  expect([loaded.gaps, loaded.baselines]).toEqual([gaps, baselines])
  expect(await stores.fleet.history('other', 0, T0 + DAY, 9999)).toHaveLength(1500)
  expect(await stores.fleet.history(transition().terminalId, 0, T0 + DAY, 9999)).toHaveLength(1200)
  await stores.close()
})

test('of one that fails nothing is stored, nor does anything of it get into the next one', async () => {
  using folder = tempFolder()
  const stores = await openSqliteStores({ path: folder.file('watch.sqlite') })
  const twins = Array.from({ length: 2500 }, (_, row) =>
    terminalRow(row, row === 2400 ? { id: terminalRow(0).id } : {}),
  )
  await expect(stores.fleet.flush(flushOf({ terminals: twins }))).rejects.toMatchObject({
    name: 'StoreError',
  })
  expect(terminalsOf(await stores.fleet.load())).toEqual([])
  await stores.fleet.flush(flushOf({ terminals: [terminalRow(0)] }))
  expect(terminalsOf(await stores.fleet.load())).toEqual([terminalRow(0)])
  await stores.close()
})

test('what was left of a flush that never came to its end is dropped', () => {
  using folder = tempFolder()
  const db = openDatabase({ path: folder.file('watch.sqlite') })
  const tables = createFleetTables(db)
  tables.stage({ terminals: [terminalRow(0)] }, true)
  tables.stage({ terminals: [terminalRow(1)] }, true)
  tables.flush(flushOf({}))
  const [page] = tables.inventoryPages(0).pages
  expect(page && [...rowsIn(decodePage(page.bytes, 0))]).toEqual([terminalRow(1)])
  db.close()
})
