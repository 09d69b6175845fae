import { type DatabaseSync, StatementSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createAuditTable } from '../../../src/adapters/sqlite/audit-table.ts'
import { openDatabase } from '../../../src/adapters/sqlite/database.ts'
import { createFlagTables } from '../../../src/adapters/sqlite/flag-tables.ts'
import { createLetterTables } from '../../../src/adapters/sqlite/letter-tables.ts'
import { createOutageTables } from '../../../src/adapters/sqlite/outage-tables.ts'
import { createOutboxTables } from '../../../src/adapters/sqlite/outbox-tables.ts'
import { createUptimeTable } from '../../../src/adapters/sqlite/uptime-table.ts'
import { auditEntry, letter, outage, round, settlement, T0 } from '../../support/store-rows.ts'
import { tempFolder } from '../../support/temp-folder.ts'

// Ten years of rounds and letters are millions of rows: what is asked often must cost what it answers.

let folder: ReturnType<typeof tempFolder>
let db: DatabaseSync
let prepared: string[]

beforeEach(() => {
  folder = tempFolder()
  db = openDatabase({ path: folder.file('watch.db') })
  prepared = []
  const prepare = db.prepare.bind(db)
  db.prepare = (sql) => {
    prepared.push(sql)
    return prepare(sql)
  }
})
afterEach(() => {
  vi.restoreAllMocks()
  db.close()
  folder[Symbol.dispose]()
})

function createTables() {
  const letters = createLetterTables(db)
  const audit = createAuditTable(db)
  return {
    outages: createOutageTables(db, letters, audit),
    outbox: createOutboxTables(db, letters, audit),
    uptime: createUptimeTable(db),
    audit: audit.trail,
  }
}

/**
 * Walks along an index that end at a LIMIT, with rows to pass over that are always few, and rows of a page; outages are
 * counted along theirs, for ten years have hundreds of them, and entries of the audit trail by the pages of an index.
 */
const SHORT_WALKS = [
  'SCAN outages USING COVERING INDEX sqlite_autoindex_outages_1',
  'SCAN outages USING INDEX outages_not_ended',
  'SCAN outages USING INDEX outages_by_start',
  'SCAN audit USING COVERING INDEX audit_by_subject',
  'SCAN letters USING INDEX letters_sent',
  'SCAN trace USING INDEX trace_by_time',
  'SCAN (subquery-2)',
  'SCAN json_each VIRTUAL TABLE INDEX 1:',
  'SCAN CONSTANT ROW',
]

function plansOf(sql: string): string[] {
  const rows = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all()
  return rows.map(({ detail }) => String(detail))
}

test('no statement about outages, rounds, hours, letters or the audit trail reads a whole table', () => {
  const { outages, outbox, uptime, audit } = createTables()
  const filters = [
    { subject: 's' },
    { state: 'dead' },
    { kind: 'update' },
    { subject: 's', state: 'dead', kind: 'update' },
  ] as const
  for (const filter of filters) outbox.list({ ...filter, limit: 1 })
  outages.load()
  uptime.extent()
  audit.list({ limit: 1 })
  audit.count()
  const statements = [...new Set(prepared)]
  expect(statements.length).toBeGreaterThan(30)
  const scans = statements.flatMap((sql) => plansOf(sql).filter((plan) => plan.startsWith('SCAN')))
  expect(scans.filter((plan) => !SHORT_WALKS.includes(plan))).toEqual([])
  expect(new Set(scans)).toEqual(new Set(SHORT_WALKS))
})

test('the letters of an outage are found by the outage, whatever else is asked of them', () => {
  const { outbox } = createTables()
  prepared = []
  outbox.list({ subject: 's', state: 'dead', kind: 'initial', limit: 1 })
  const plans = prepared.filter((sql) => sql.includes('FROM letters')).flatMap(plansOf)
  const found = plans.filter((plan) => plan.includes('letters_by_subject (subject=?'))
  expect(found).toHaveLength(2)
})

test('the letters of an outage to one recipient are found without reading those to others', () => {
  const { outbox } = createTables()
  prepared = []
  outbox.list({ subject: 's', recipient: 'a@example.test', limit: 1 })
  const plans = prepared.filter((sql) => sql.includes('FROM letters')).flatMap(plansOf)
  expect(plans.filter((plan) => plan.includes('INDEX letters_by_key (subject=?'))).toHaveLength(2)
})

test('flags are found among all transitions, and open incidents among all, by an index of their own', () => {
  const { changes, newest, incidents, incidentsSince } = createFlagTables(db)
  changes(0, 1)
  newest()
  incidents(1, 'before')
  incidentsSince(0, 1)
  const plans = new Map(prepared.map((sql) => [sql, plansOf(sql)]))
  const planOf = (part: RegExp) => [...plans].find(([sql]) => part.test(sql))?.[1]
  expect(planOf(/transitions_flags/)).toEqual(['SEARCH transitions USING INDEX transitions_flags (number>?)'])
  expect(planOf(/max\(number\)/)).toEqual(['SEARCH transitions'])
  for (const open of [
    /closed_at IS NULL ORDER BY opened_at, id/,
    /closed_at IS NULL ORDER BY opened_at DESC/,
  ])
    expect(planOf(open)).toEqual(['SCAN incidents USING INDEX incidents_open'])
  expect(planOf(/closed_at > /)).toEqual(['SEARCH incidents USING INDEX incidents_closed (closed_at>?)'])
  expect(planOf(/\(opened_at, id\) </)).toEqual([
    'SEARCH incidents USING INDEX incidents_by_opening ((opened_at,id)<(?,?))',
  ])
})

test('a claim walks along the letters by the time at which they are due and stops when it has enough', () => {
  createTables()
  const [sql = ''] = prepared.filter((text) => text.includes('NOT EXISTS'))
  expect(plansOf(sql)).toEqual([
    'SEARCH letter USING INDEX letters_waiting (next_at<?)',
    expect.stringContaining('SUBQUERY'),
    'SEARCH earlier USING INDEX letters_unfinished (subject=? AND recipient_key=? AND number<?)',
  ])
})

test('a day of rounds is read by its times', () => {
  createTables()
  const [sql = ''] = prepared.filter((text) => /FROM trace .*at >= \?/s.test(text))
  expect(plansOf(sql)).toContain('SEARCH trace USING INDEX trace_by_time (at>? AND at<?)')
})

test('the letters of a page and their attempts are two statements, however many there are', () => {
  const { outages, outbox } = createTables()
  const add = Array.from({ length: 50 }, (_, n) => letter('initial', `${n}@example.test`))
  outages.append(round(T0))
  outages.commit({
    outages: [outage('outage-1', T0)],
    letters: { add, supersede: [] },
    audit: [auditEntry('outage-1')],
  })
  for (const { letter: claimed } of outbox.claim(T0, 50)) outbox.settle(claimed.id, settlement('sent'))
  const run = vi.spyOn(StatementSync.prototype, 'all')
  const { items } = outbox.list({ subject: 'outage-1', limit: 50 })
  expect(items.every(({ attempts }) => attempts.length === 1)).toBe(true)
  expect(run).toHaveBeenCalledTimes(2)
})
