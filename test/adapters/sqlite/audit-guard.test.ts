import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteStores } from '../../../src/adapters/sqlite/stores.ts'
import { auditEntry } from '../../support/store-rows.ts'
import { tempFolder } from '../../support/temp-folder.ts'

let folder: ReturnType<typeof tempFolder>
let path: string

beforeEach(async () => {
  folder = tempFolder()
  path = folder.file('watch.db')
  const stores = await openSqliteStores({ path })
  await stores.audit.add([auditEntry('o1'), auditEntry('o2')])
  await stores.close()
})
afterEach(() => folder[Symbol.dispose]())

const ROW = "1, 'thief', 'session', '', 'a', 's', NULL, NULL"

test.each([
  ['updated', "UPDATE audit SET actor_name = 'thief' WHERE number = 1"],
  ['moved', 'UPDATE audit SET number = 9 WHERE number = 1'],
  ['deleted', 'DELETE FROM audit WHERE number = 1'],
  ['emptied', 'DELETE FROM audit'],
  ['replaced', `REPLACE INTO audit VALUES (1, ${ROW})`],
  [
    'replaced by rowid',
    `INSERT OR REPLACE INTO audit (rowid, at, actor_name, actor_via, actor_address, action,
     subject) VALUES (2, 1, 'thief', 'session', '', 'a', 's')`,
  ],
  [
    'upserted',
    `INSERT INTO audit VALUES (1, ${ROW}) ON CONFLICT (number) DO UPDATE SET actor_name = 'thief'`,
  ],
  ['updated with OR REPLACE', 'UPDATE OR REPLACE audit SET number = 2 WHERE number = 1'],
])('even by another program the audit trail is not %s', async (_name, sql) => {
  const other = new DatabaseSync(path)
  expect(() => other.exec(sql)).toThrow('the audit trail cannot be changed')
  other.close()
  const stores = await openSqliteStores({ path })
  expect(await stores.audit.list({ limit: 9 })).toEqual([
    { number: 2, ...auditEntry('o2') },
    { number: 1, ...auditEntry('o1') },
  ])
  await stores.audit.add([auditEntry('o3')])
  expect((await stores.audit.list({ limit: 1 }))[0]?.number).toBe(3)
  await stores.close()
})

test('a row with a number that would make every later one look like a change is refused', () => {
  const other = new DatabaseSync(path)
  expect(() => other.exec(`INSERT INTO audit VALUES (-1, ${ROW})`)).toThrow(/CHECK/)
  other.close()
})
