import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { MIGRATIONS } from '../../../src/adapters/sqlite/migrations.ts'
import { openSqliteStores } from '../../../src/adapters/sqlite/stores.ts'
import { EMPTY } from '../../../src/core/fleet/fleet.ts'
import type { NewLetter } from '../../../src/core/letters/letter.ts'
import {
  auditEntry,
  flushOf,
  letter,
  outage,
  round,
  settlement,
  T0,
  terminalsOf,
} from '../../support/store-rows.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const anna = letter('initial', 'Anna@Example.test')

/** A database as the first version wrote it, with a row in each table that the second one changes. */
function writeFirstVersion(path: string, letters: readonly NewLetter[] = [anna]): void {
  using db = new DatabaseSync(path)
  db.exec(MIGRATIONS[0] ?? '')
  db.exec('PRAGMA application_id = 0x6f776174; PRAGMA user_version = 1; PRAGMA journal_mode = WAL')
  db.exec(
    `INSERT INTO outages VALUES
       ('open', 'open', ${T0}, ${T0 - 60_000}, NULL, 60000, 120000, ${T0 + 60_000}, NULL, NULL, 0, '["web"]'),
       ('over', 'closed', ${T0 - 9}, NULL, ${T0 - 1}, 60000, 120000, ${T0 - 2}, ${T0 - 2}, NULL, 1, '["web"]');
     INSERT INTO maintenance_windows VALUES ('w', ${T0}, ${T0 + 1}, 'диски');
     INSERT INTO trace (kind, at, completed_at, interval_ms, timeout_ms, verdict, components)
       VALUES ('round', ${T0}, ${T0 + 120}, 60000, 30000, 'ok', '${JSON.stringify(round(T0).components)}');`,
  )
  const insert = db.prepare(
    `INSERT INTO letters (id, subject, kind, sequence, recipient, message_id, state, due_at, next_at,
       body_handed_over, envelope_from, mime) VALUES (?, ?, ?, ?, ?, ?, 'pending', ?, ?, 0, ?, ?)`,
  )
  for (const { id, subject, kind, sequence, recipient, messageId, dueAt, envelopeFrom, mime } of letters) {
    insert.run(id, subject, kind, sequence, recipient, messageId, dueAt, dueAt, envelopeFrom, mime)
  }
}

test('a database of the first version is upgraded with all that is in it', async () => {
  using folder = tempFolder()
  const path = folder.file('watch.db')
  writeFirstVersion(path)
  const stores = await openSqliteStores({ path })
  const over = outage('over', T0 - 9, {
    state: 'closed',
    notBefore: null,
    end: T0 - 1,
    latestFailAt: T0 - 2,
    letterDueAt: T0 - 2,
    intermittent: true,
  })
  expect(await stores.outages.load()).toEqual([outage('open', T0), over])
  expect(await stores.outages.trace(T0, T0 + 1)).toEqual([round(T0)])
  expect(await stores.plannedWork.load()).toEqual({
    windows: [{ id: 'w', from: T0, to: T0 + 1, reason: 'диски' }],
    rules: [],
  })
  expect(await stores.uptime.extent()).toEqual({ firstRoundAt: T0, lastHourAt: null })

  // The letter is in the queue of its recipient, however the address is spelled.
  await stores.outbox.add([anna, letter('recovery', 'anna@example.test')])
  expect((await stores.outbox.list({ limit: 9 })).total).toBe(2)
  expect((await stores.outbox.claim(T0, 9)).map(({ letter: { id } }) => id)).toEqual([anna.id])
  await stores.outbox.settle(anna.id, settlement('sent'))
  expect(await stores.outbox.lastAcceptedAt('ANNA@example.test')).toBeNull()
  await stores.audit.add([auditEntry('open')])
  await stores.close()

  // A second opening changes nothing.
  const again = await openSqliteStores({ path })
  expect(await again.audit.list({ limit: 9 })).toEqual([{ number: 1, ...auditEntry('open') }])
  expect(await again.outages.load()).toHaveLength(2)
  await again.close()
})

test('two spellings of an address that both had a letter keep their letters', async () => {
  using folder = tempFolder()
  const path = folder.file('watch.db')
  const spellings = ['Anna@Example.test', 'anna@example.test', 'ANNA@example.test']
  writeFirstVersion(
    path,
    spellings.map((recipient, index) => ({ ...letter('initial', recipient), id: `letter-${index}` })),
  )
  const stores = await openSqliteStores({ path })
  const { items } = await stores.outbox.list({ limit: 9 })
  expect(items.map(({ recipient }) => recipient).reverse()).toEqual(spellings)
  // What follows is one letter for them all.
  await stores.outbox.add(spellings.map((recipient) => letter('recovery', recipient)))
  expect((await stores.outbox.list({ kind: 'recovery', limit: 9 })).total).toBe(1)
  await stores.close()
})

test('terminals and blind stretches of the second version have what the third one adds', async () => {
  using folder = tempFolder()
  const path = folder.file('watch.db')
  {
    using db = new DatabaseSync(path)
    for (const migration of MIGRATIONS.slice(0, 2)) db.exec(migration)
    db.exec('PRAGMA application_id = 0x6f776174; PRAGMA user_version = 2; PRAGMA journal_mode = WAL')
    db.exec(
      `INSERT INTO terminals VALUES (0, '200000001', 'Truck', '', '', '', '', '', '', '', '860000000000001', '', '',
         'u-1', 'suspended', 0, ${T0}, NULL, NULL, NULL);
       INSERT INTO blind VALUES ('gate', ${T0}, ${T0 + 5}), ('push', ${T0}, NULL);
       INSERT INTO heartbeat VALUES (1, ${T0})`,
    )
  }
  const stores = await openSqliteStores({ path })
  const loaded = await stores.fleet.load()
  const { blind, counters } = loaded
  expect(terminalsOf(loaded)).toEqual([
    {
      ...EMPTY,
      row: 0,
      id: '200000001',
      name: 'Truck',
      imei: '860000000000001',
      uuid: 'u-1',
      lifecycle: 'suspended',
      firstSeenAt: T0,
    },
  ])
  expect(blind).toEqual([
    { source: 'gate', kind: 'own', from: T0, to: T0 + 5 },
    { source: 'push', kind: 'own', from: T0, to: null },
  ])
  expect(counters).toEqual([])
  await stores.close()
})

test('terminals and transitions of the third version have what the fourth one adds', async () => {
  using folder = tempFolder()
  const path = folder.file('watch.db')
  {
    using db = new DatabaseSync(path)
    for (const migration of MIGRATIONS.slice(0, 3)) db.exec(migration)
    db.exec('PRAGMA application_id = 0x6f776174; PRAGMA user_version = 3; PRAGMA journal_mode = WAL')
    db.exec(
      `INSERT INTO terminals VALUES (0, '200000001', 'Truck', '', '', '', '', '', '', '', '', '', '',
         '', 'active', 0, ${T0}, NULL, NULL, NULL, '[]', '[]', '[]', 'unknown', '');
       INSERT INTO transitions VALUES (7, '200000001', ${T0}, 'fresh', 'stale', ${T0 - 9}, 'gate', 'a-1', NULL),
         (8, '200000001', ${T0}, NULL, 'fresh', ${T0}, 'gate', NULL, NULL);
       INSERT INTO heartbeat VALUES (1, ${T0})`,
    )
  }
  const stores = await openSqliteStores({ path })
  const loaded = await stores.fleet.load()
  const { incidents, baselines, gaps } = loaded
  expect(terminalsOf(loaded)).toEqual([{ ...EMPTY, row: 0, id: '200000001', name: 'Truck', firstSeenAt: T0 }])
  expect([incidents, baselines, gaps]).toEqual([[], [], []])
  const alert = { at: T0, from: 'fresh', to: 'stale', contactAt: T0 - 9, source: 'gate', alertId: 'a-1' }
  expect(await stores.flags.changes(0, 9)).toEqual([{ number: 7, terminalId: '200000001', ...alert }])
  expect(await stores.flags.newest()).toBe(8)
  await stores.close()
})

test('terminals of the eighth version have what the ninth one adds', async () => {
  using folder = tempFolder()
  const path = folder.file('watch.db')
  {
    using db = new DatabaseSync(path)
    for (const migration of MIGRATIONS.slice(0, 8)) db.exec(migration)
    db.exec('PRAGMA application_id = 0x6f776174; PRAGMA user_version = 8; PRAGMA journal_mode = WAL')
    db.exec(
      `INSERT INTO terminals (row, id, name, client, dealer, group_path, operator, region, model, firmware, imei, sim,
         profile, uuid, lifecycle, discovered, first_seen_at, aliases, handed_over)
       VALUES (0, '200000001', 'Truck', '', '', '', '', '', '', '', '', '', '', 'u-1', 'active', 0, ${T0}, '["gw-7"]',
         '{"client":${T0},"group":[]}')`,
    )
  }
  const stores = await openSqliteStores({ path })
  const truck = { ...EMPTY, row: 0, id: '200000001', name: 'Truck', uuid: 'u-1', firstSeenAt: T0 }
  const before = { ...truck, aliases: ['gw-7'], handedOver: { client: T0, group: [] } }
  expect(terminalsOf(await stores.fleet.load())).toEqual([before])
  const formerUnits = [{ id: '200000009', since: 0, until: T0 }]
  await stores.fleet.flush(flushOf({ terminals: [{ ...before, formerUnits }] }))
  expect(terminalsOf(await stores.fleet.load())).toEqual([{ ...before, formerUnits }])
  await stores.close()
})
