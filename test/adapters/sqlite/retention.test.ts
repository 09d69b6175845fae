import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteStores, type SqliteStores } from '../../../src/adapters/sqlite/stores.ts'
import { DAY, MINUTE } from '../../../src/core/time.ts'
import {
  auditEntry,
  bytes,
  flushOf,
  letter,
  outage,
  round,
  T0,
  transition,
} from '../../support/store-rows.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { walkSlices } from '../../support/walk-slices.ts'

let folder: ReturnType<typeof tempFolder>
let path: string
let stores: SqliteStores

beforeEach(async () => {
  folder = tempFolder()
  path = folder.file('watch.db')
  stores = await openSqliteStores({ path })
})
afterEach(async () => {
  await stores.close()
  folder[Symbol.dispose]()
})

test('outside of retention the audit trail loses no entry, however old it is', async () => {
  await stores.audit.add([auditEntry('o1'), auditEntry('o2', { at: T0 + DAY })])
  expect(await walkSlices((after) => stores.retention.removeAudit(T0 + 1, after, null))).toBe(1)
  using other = new DatabaseSync(path)
  for (const sql of ['DELETE FROM audit', 'UPDATE audit SET at = 0']) {
    expect(() => other.exec(sql)).toThrow('the audit trail cannot be changed')
  }
  expect(await stores.audit.list({ limit: 9 })).toMatchObject([{ number: 2 }])
})

test('entries of the audit trail do not go when the entry that says so cannot be written', async () => {
  await stores.audit.add([auditEntry('o1'), auditEntry('o2', { at: T0 + DAY })])
  using other = new DatabaseSync(path)
  other.exec(`CREATE TRIGGER refused BEFORE INSERT ON audit WHEN NEW.action = 'audit.remove'
    BEGIN SELECT RAISE(ABORT, 'refused'); END`)
  const entry = auditEntry('audit', { action: 'audit.remove', at: T0 + DAY })
  await expect(stores.retention.removeAudit(T0 + 1, 0, entry)).rejects.toThrow('refused')
  expect((await stores.audit.list({ limit: 9 })).map(({ subject }) => subject)).toEqual(['o2', 'o1'])
  other.exec('DROP TRIGGER refused')
  expect(await stores.retention.removeAudit(T0 + 1, 0, entry)).toMatchObject({ removed: 1 })
  expect((await stores.audit.list({ limit: 9 })).map(({ subject }) => subject)).toEqual(['audit', 'o2'])
})

test('what was removed can be given back to the disk, and the rest is whole', async () => {
  const letters = Array.from({ length: 1000 }, (_, n) =>
    letter('initial', `a${n}@x.test`, { subject: 'old', mime: bytes('x'.repeat(12_000)) }),
  )
  await stores.outbox.add([...letters, letter('initial', 'a@x.test', { subject: 'new', dueAt: T0 + DAY })])
  const other = new DatabaseSync(path)
  other.exec("UPDATE letters SET state = 'sent' WHERE subject = 'old'")
  expect(await walkSlices((after) => stores.retention.remove('letters', T0 + 1, after))).toBe(1000)
  const full = await stores.retention.space()
  expect(full.freeBytes).toBeGreaterThan(12_000_000)
  for (let given = 1; given > 0; ) given = await stores.retention.shrink()
  const { bytes: rest, freeBytes } = await stores.retention.space()
  expect(freeBytes).toBe(0)
  expect(rest).toBeLessThanOrEqual(full.bytes - full.freeBytes)
  expect((await stores.outbox.list({ limit: 9 })).items.map(({ subject }) => subject)).toEqual(['new'])
  expect(other.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  other.close()
  await stores.close()
  expect(statSync(path).size).toBe(rest)
})

test('a process that is killed between two slices leaves a database from which the rest can be removed', async () => {
  const transitions = Array.from({ length: 1000 }, (_, n) => transition({ at: T0 + n, alertId: `a-${n}` }))
  await stores.fleet.flush(flushOf({ transitions }))
  await stores.outages.commit({
    outages: [outage('o', T0)],
    letters: { add: [], supersede: [] },
    audit: [],
  })
  const first = await stores.retention.remove('transitions', T0 + 900, 0)
  expect(first).toEqual({ removed: 300, next: 300 })
  await stores.close()
  stores = await openSqliteStores({ path })
  expect(await walkSlices((after) => stores.retention.remove('transitions', T0 + 900, after))).toBe(600)
  expect(await stores.flags.changes(0, 1)).toMatchObject([{ number: 901 }])
  expect(await stores.outages.load()).toEqual([outage('o', T0)])
})

/** A wrong clock dated them, then comes what is old by now, and a newest one. */
const TIMES = [T0 + 5000 * DAY, T0] as const
const NEWEST_AT = T0 + 500 * DAY

test('what a wrong clock dated far ahead, however much of it, does not keep what is behind it', async () => {
  const transitions = TIMES.flatMap((time) =>
    Array.from({ length: 700 }, (_, n) => transition({ at: time + n, alertId: `a-${n}` })),
  )
  await stores.fleet.flush(flushOf({ transitions: [...transitions, transition({ at: NEWEST_AT })] }))
  expect(await walkSlices((after) => stores.retention.remove('transitions', T0 + DAY, after))).toBe(700)

  const letters = TIMES.flatMap((dueAt) =>
    Array.from({ length: 200 }, (_, n) => letter('initial', `a${n}@x.test`, { subject: `${dueAt}`, dueAt })),
  )
  await stores.outbox.add([...letters, letter('initial', 'a@x.test', { subject: 'new', dueAt: NEWEST_AT })])
  using other = new DatabaseSync(path)
  other.exec("UPDATE letters SET state = 'dead'")
  expect(await walkSlices((after) => stores.retention.remove('letters', T0 + DAY, after))).toBe(200)
})

test('nor does it keep rounds from being joined', async () => {
  for (const time of TIMES)
    for (let n = 0; n < 350; n++) await stores.outages.append(round(time + n * MINUTE))
  await stores.outages.append(round(NEWEST_AT))
  expect(await walkSlices((after) => stores.retention.join(T0 + DAY, after))).toBe(349)
  expect(await walkSlices((after) => stores.retention.remove('rounds', T0 + DAY, after))).toBe(1)
})
