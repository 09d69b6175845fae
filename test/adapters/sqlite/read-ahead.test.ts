import { expect, test } from 'vitest'
import { openSqliteStores } from '../../../src/adapters/sqlite/stores.ts'
import { createFleet, type Fleet } from '../../../src/core/fleet/fleet.ts'
import { readingsOf } from '../../../src/core/fleet/reading-columns.ts'
import { encodeChunk, encodeRows } from '../../../src/core/fleet/register-codec.ts'
import { createRestoring } from '../../../src/core/fleet/restore.ts'
import { createTable, ensureRow, type TerminalTable } from '../../../src/core/fleet/terminal-table.ts'
import { applyObservation } from '../../../src/core/freshness/registers.ts'
import { MINUTE } from '../../../src/core/time.ts'
import type { FleetStore } from '../../../src/ports.ts'
import { DEFAULTS } from '../../support/fleet-scenario.ts'
import { flushOf, T0, terminalRow } from '../../support/store-rows.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const TERMINALS = 1300

function hear(table: TerminalTable, row: number, at: number): void {
  ensureRow(table, row)
  const told = { terminalId: '', source: 'gate', receivedAt: at, kind: 'live' as const }
  applyObservation(table, row, { ...told, readings: { voltage: 24.3, firmware: `3.${row % 7}` } }, 1)
}

/** Three chunks of which one was changed since, by two journal entries. */
async function store(fleet: FleetStore): Promise<TerminalTable> {
  const table = createTable()
  for (let row = 0; row < TERMINALS; row++) hear(table, row, T0 + row)
  const chunks = [0, 1, 2].map((number) => ({ number, bytes: encodeChunk(table, number) }))
  await fleet.flush(flushOf({ terminals: Array.from({ length: TERMINALS }, (_, row) => terminalRow(row)) }))
  await fleet.checkpoint({ chunks })
  for (const at of [T0 + MINUTE, T0 + 2 * MINUTE]) {
    hear(table, 700, at)
    await fleet.flush(flushOf({ journal: [encodeRows(table, [700])] }))
  }
  return table
}

async function load(store: FleetStore): Promise<Fleet> {
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  const restoring = createRestoring(fleet)
  const stored = await store.load(restoring)
  expect(stored).toMatchObject({ terminals: [], chunks: [], journal: [] })
  restoring.end(stored).forEach(() => {})
  return fleet
}

test.each([true, false])('the database thread makes the table of the registers, ahead: %s', async (ahead) => {
  using folder = tempFolder()
  const path = folder.file('watch.sqlite')
  const before = await openSqliteStores({ path })
  const kept = await store(before.fleet)
  await before.close()

  const stores = await openSqliteStores({ path, ahead })
  const { table, rows } = await load(stores.fleet)
  expect(table.size).toBe(TERMINALS)
  expect(table.contactAt.subarray(0, TERMINALS)).toEqual(kept.contactAt.subarray(0, TERMINALS))
  expect(table.contactAt[700]).toBe(T0 + 2 * MINUTE)
  expect(readingsOf(table.readings, 5)).toEqual(readingsOf(kept.readings, 5))
  expect(rows.get(terminalRow(1299).id)).toBe(1299)
  // Only the journal knows it: the next checkpoint, which forgets the journal, must store it.
  expect([...table.dirtyChunks]).toEqual([1])
  // It is the fleet's own now, not what was read once: what came since is there the next time.
  await stores.fleet.flush(flushOf({ journal: [encodeRows(heardLater(table), [3])] }))
  const again = await load(stores.fleet)
  expect(again.table.contactAt[3]).toBe(T0 + 3 * MINUTE)
  await stores.close()
})

function heardLater(table: TerminalTable): TerminalTable {
  hear(table, 3, T0 + 3 * MINUTE)
  return table
}

test('other calls have their turns while it is made', async () => {
  using folder = tempFolder()
  const path = folder.file('watch.sqlite')
  const before = await openSqliteStores({ path })
  await store(before.fleet)
  await before.close()

  const stores = await openSqliteStores({ path })
  const order: string[] = []
  const taker = {
    reserve: () => {},
    page: () => {},
    pagesEnd: () => {},
    table: () => void order.push('table'),
  }
  const loading = stores.fleet.load(taker).then(() => order.push('loaded'))
  await stores.settings.get('any').then(() => order.push('settings'))
  await loading
  expect(order).toEqual(['settings', 'table', 'loaded'])
  await stores.close()
})

test('a damaged chunk fails the load, and nothing when the fleet is never loaded', async () => {
  using folder = tempFolder()
  const path = folder.file('watch.sqlite')
  const before = await openSqliteStores({ path })
  await before.fleet.checkpoint({ chunks: [{ number: 0, bytes: new Uint8Array(100) }] })
  await before.close()

  const unread = await openSqliteStores({ path, ahead: true })
  await unread.close()
  const stores = await openSqliteStores({ path, ahead: true })
  await expect(load(stores.fleet)).rejects.toMatchObject({
    kind: 'corrupt',
    message: 'stored registers are of another version or damaged; restore a backup of the data folder',
  })
  expect(stores.troubles()).not.toEqual([])
  await stores.close()
})
