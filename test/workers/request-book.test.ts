import { beforeEach, describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import type { TerminalFacts } from '../../src/core/fleet/facts.ts'
import { isInScope, type Scope } from '../../src/core/fleet/scope.ts'
import type { Notice } from '../../src/core/letters/notice.ts'
import type { SupportRequest } from '../../src/core/request/support-request.ts'
import type { RequestWish } from '../../src/core/request/support-request-wish.ts'
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts'
import type { RecordStore, Stores } from '../../src/ports.ts'
import { StoreError } from '../../src/ports.ts'
import { createRequestBook, MOST_REQUESTS, type RequestBook } from '../../src/workers/request-book.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'
import { MADE_AT, MOSCOW, supportRequest } from '../support/requests.ts'

const ANNA = { name: 'anna', via: 'session', address: '' } as const
const OPERATOR = { name: 'anna', scope: 'all', since: 0 } as const
const DEALER = { name: 'dealer', scope: { clients: ['Alfa'], groups: [] }, since: 0 } as const

const TERMINALS = [
  { id: '1', client: 'Alfa', dealer: 'D', group: 'D/Alfa' },
  { id: '2', client: 'Alfa', dealer: 'D', group: 'D/Alfa' },
  { id: '3', client: 'Beta', dealer: 'D', group: 'D/Beta' },
]

/** What each of these terminals turned out to be. */
let merged: Record<string, string>
/** Units that the vehicle of each of these had before. */
let former: Record<string, TerminalFacts['formerUnits']>
let clock: FakeClock
let stores: Stores
let metrics: ReturnType<typeof createRecordingMetrics>
let raised: Notice[]
let log: ReturnType<typeof createRecordingLog>

beforeEach(() => {
  merged = {}
  former = {}
  clock = createFakeClock(MADE_AT)
  stores = createMemoryStores()
  metrics = createRecordingMetrics()
  raised = []
  log = createRecordingLog()
})

async function open(store: RecordStore<SupportRequest> = stores.requests): Promise<RequestBook> {
  const seenBy = (scope: Scope) => ({
    get(name: string) {
      const id = merged[name] ?? name
      const row = TERMINALS.find((each) => each.id === id || `alias-${each.id}` === id)
      return row && isInScope(scope, row) ? row : undefined
    },
    facts(name: string) {
      const id = this.get(name)?.id
      const from = Object.keys(merged).filter((other) => merged[other] === id)
      if (id === undefined) return undefined
      const names = { imei: '', uuid: '', aliases: [`alias-${id}`, ...from] }
      return { ...names, firstSeenAt: MADE_AT, formerUnits: former[id] ?? [] }
    },
  })
  const book = createRequestBook(
    {
      clock,
      metrics,
      log,
      store,
      seenBy,
      notices: { raise: (notice) => raised.push(notice) },
    },
    { calendar: () => MOSCOW, domain: () => 'watch.example.org' },
  )
  await book.load()
  return book
}

const wish = (
  terminals: readonly string[],
  change: Partial<Pick<RequestWish, 'problem' | 'about' | 'anyway'>> = {},
): RequestWish => ({
  terminals,
  about: 'equipment',
  problem: 'no-data',
  template: { version: 1, draft: true },
  subject: 'S',
  text: 'T',
  anyway: false,
  ...change,
})

const audit = async (): Promise<readonly string[]> => {
  const items = await stores.audit.list({ limit: 100 })
  return items.map(({ action, subject, actor }) => `${action} ${subject} ${actor.name}`)
}

describe('making a request', () => {
  test('gives it a number of the year, a thread and its place, and keeps it with an audit entry', async () => {
    const made = await (await open()).seenBy(OPERATOR).create(wish(['1', 'alias-2', '1']), ANNA)
    expect(made).toMatchObject({
      kind: 'created',
      request: {
        id: 'R-2026-0001',
        terminals: ['1', '2'],
        client: 'Alfa',
        dealer: 'D',
        group: 'D/Alfa',
        createdBy: 'anna',
        messageId: expect.stringMatching(/^<r-2026-0001\.\w+@watch\.example\.org>$/),
      },
    })
    expect(await stores.requests.load()).toHaveLength(1)
    expect(await audit()).toEqual(['request.add R-2026-0001 anna'])
  })

  test('counts within the year of the zone and never uses a number twice', async () => {
    await stores.requests.commit({
      save: [supportRequest({ id: 'R-2026-0041' }), supportRequest({ id: 'R-2025-0900' })],
      remove: [],
      audit: [],
    })
    const requests = (await open()).seenBy(OPERATOR)
    const ids = async () => {
      const made = await requests.create(wish(['1'], { anyway: true }), ANNA)
      return made.kind === 'created' ? made.request.id : made.kind
    }
    expect(await Promise.all([ids(), ids()])).toEqual(['R-2026-0042', 'R-2026-0043'])
    clock.step(Date.parse('2026-12-31T21:30:00Z') - MADE_AT)
    expect(await ids()).toBe('R-2027-0001')
  })

  test('stops before a second one about the same problem of one of the terminals', async () => {
    const requests = (await open()).seenBy(OPERATOR)
    await requests.create(wish(['1', '2']), ANNA)
    expect(await requests.create(wish(['2', '3']), ANNA)).toMatchObject({
      kind: 'duplicate',
      request: { id: 'R-2026-0001' },
    })
    expect((await requests.create(wish(['2'], { problem: 'power' }), ANNA)).kind).toBe('created')
    expect((await requests.create(wish(['3']), ANNA)).kind).toBe('created')
    expect((await requests.create(wish([]), ANNA)).kind).toBe('created')
    expect((await requests.create(wish([]), ANNA)).kind).toBe('duplicate')
    expect((await requests.create(wish(['2'], { anyway: true }), ANNA)).kind).toBe('created')
  })

  test('stops also when the first one is about a terminal that turned out to be this one', async () => {
    const requests = (await open()).seenBy(OPERATOR)
    await requests.create(wish(['1']), ANNA)
    merged['1'] = '3'
    expect(await requests.create(wish(['2', '3']), ANNA)).toMatchObject({
      kind: 'duplicate',
      request: { id: 'R-2026-0001', terminals: ['1'] },
    })
    for (const name of ['3', '1', 'alias-3']) {
      expect(requests.openOf(name)).toHaveLength(1)
      expect(requests.about(name)).toHaveLength(1)
    }
    expect(requests.openOf('2')).toEqual([])
  })

  test('stops also when the first one is about a unit that the vehicle had then, and not for a later one', async () => {
    const requests = (await open()).seenBy(OPERATOR)
    await requests.create(wish(['1']), ANNA)
    clock.step(MINUTE)
    former['2'] = [{ id: '1', since: 0, until: clock.now() }]
    await requests.create(wish(['1'], { problem: 'power' }), ANNA)
    expect(await requests.create(wish(['2']), ANNA)).toMatchObject({
      kind: 'duplicate',
      request: { id: 'R-2026-0001' },
    })
    expect(requests.openOf('2').map(({ id }) => id)).toEqual(['R-2026-0001'])
    expect((await requests.create(wish(['2'], { problem: 'power' }), ANNA)).kind).toBe('created')
  })

  test('leaves to another vehicle what was asked about its unit while that was there', async () => {
    const requests = (await open()).seenBy(OPERATOR)
    clock.step(-DAY)
    await requests.create(wish(['1']), ANNA)
    clock.step(DAY)
    expect(requests.openOf('1')).toHaveLength(1)
    former['1'] = [{ id: '3', since: 0, until: clock.now() }]
    expect(requests.openOf('1')).toEqual([])
  })

  test('stops before a second one about the same problem of the service, whatever terminal it was noticed at', async () => {
    const requests = (await open()).seenBy(OPERATOR)
    const down = (terminals: readonly string[]) =>
      requests.create(wish(terminals, { problem: 'down', about: 'service' }), ANNA)
    expect((await down(['1'])).kind).toBe('created')
    expect([(await down([])).kind, (await down(['2'])).kind]).toEqual(['duplicate', 'duplicate'])
    expect(requests.openOn('down').map(({ id }) => id)).toEqual(['R-2026-0001'])
    expect(requests.openOn('no-data')).toEqual([])
  })

  test('tells nobody of a request that he does not see', async () => {
    const book = await open()
    await book.seenBy(OPERATOR).create(wish(['1', '3']), ANNA)
    const made = await book.seenBy(DEALER).create(wish(['1']), { ...ANNA, name: 'dealer' })
    expect(made.kind).toBe('created')
  })

  test('is refused for terminals that the maker does not see', async () => {
    const made = await (await open()).seenBy(DEALER).create(wish(['1', '3', 'none']), ANNA)
    expect(made).toEqual({ kind: 'unknown-terminals', ids: ['3', 'none'] })
    expect(await audit()).toEqual([])
  })

  test('changes nothing when the store fails', async () => {
    const failing = {
      ...stores.requests,
      commit: async () => {
        throw new StoreError('full', 'disk full')
      },
    }
    const requests = (await open(failing)).seenBy(OPERATOR)
    await expect(requests.create(wish(['1']), ANNA)).rejects.toThrow('disk full')
    expect(requests.list()).toEqual([])
  })
})

describe('an action', () => {
  test('is stored with its audit entry; one that changes nothing or is refused leaves no trace', async () => {
    const requests = (await open()).seenBy(OPERATOR)
    await requests.create(wish(['1']), ANNA)
    const act = (action: Parameters<typeof requests.act>[1]) => requests.act('R-2026-0001', action, ANNA)
    expect(await act({ kind: 'ticket', number: '7' })).toMatchObject({
      kind: 'done',
      request: { ticket: '7' },
    })
    expect((await act({ kind: 'ticket', number: '7' })).kind).toBe('done')
    expect(await act({ kind: 'sent' })).toEqual({ kind: 'refused', reason: 'already-sent' })
    expect(await audit()).toEqual(['request.ticket R-2026-0001 anna', 'request.add R-2026-0001 anna'])
    expect((await stores.requests.load())[0]).toMatchObject({ ticket: '7' })
  })

  test('on a request that somebody does not see is one on none', async () => {
    const book = await open()
    await book.seenBy(OPERATOR).create(wish(['3']), ANNA)
    const dealer = book.seenBy(DEALER)
    expect(dealer.list()).toEqual([])
    expect(dealer.get('R-2026-0001')).toBeUndefined()
    expect(dealer.openOf('3')).toEqual([])
    expect(await dealer.act('R-2026-0001', { kind: 'note', text: 'x' }, ANNA)).toEqual({ kind: 'missing' })
  })
})

test('the requests about a terminal are given newest first, all or the open ones', async () => {
  const requests = (await open()).seenBy(OPERATOR)
  for (const problem of ['a', 'b', 'c']) await requests.create(wish(['1'], { problem }), ANNA)
  await requests.act('R-2026-0002', { kind: 'close', text: '' }, ANNA)
  expect(requests.openOf('1').map(({ id }) => id)).toEqual(['R-2026-0003', 'R-2026-0001'])
  expect(requests.about('1').map(({ id }) => id)).toEqual(['R-2026-0003', 'R-2026-0002', 'R-2026-0001'])
  expect(requests.about('gone')).toEqual([])
  expect(requests.openOf('2')).toEqual([])
})

describe('what is kept', () => {
  test('are open requests for ever, and closed ones until retention asks for their room', async () => {
    const before = MADE_AT - DAY
    await stores.requests.commit({
      save: [
        ...Array.from({ length: 150 }, (_, n) => supportRequest({ id: `old-${n}`, closedAt: before - 1 })),
        supportRequest({ id: 'younger', closedAt: before }),
        supportRequest({ id: 'open', createdAt: before - DAY }),
        supportRequest({ id: 'newest', closedAt: before - 1 }),
      ],
      remove: [],
      audit: [],
    })
    const book = await open()
    expect(book.seenBy(OPERATOR).list()).toHaveLength(153)
    expect([await book.removeClosed(before), await book.removeClosed(before)]).toEqual([100, 50])
    expect(await book.removeClosed(before)).toBe(0)
    expect(
      book
        .seenBy(OPERATOR)
        .list()
        .map(({ id }) => id),
    ).toEqual(['newest', 'open', 'younger'])
    expect(await audit()).toContain('request.delete old-149 system')
    expect(await stores.audit.list({ limit: 999 })).toHaveLength(150)
    expect(await stores.requests.load()).toHaveLength(3)
  })

  test('makes room for a new one by the oldest closed one; with open ones alone there is none', async () => {
    const many = Array.from({ length: MOST_REQUESTS }, (_, number) =>
      supportRequest({ id: `R-2025-${number}`, closedAt: number === 5 ? MADE_AT - DAY : null }),
    )
    await stores.requests.commit({ save: many, remove: [], audit: [] })
    const requests = (await open()).seenBy(OPERATOR)
    expect((await requests.create(wish(['1'], { problem: 'a' }), ANNA)).kind).toBe('created')
    expect(requests.get('R-2025-5')).toBeUndefined()
    expect(requests.list()).toHaveLength(MOST_REQUESTS)
    expect(await requests.create(wish(['1'], { problem: 'b' }), ANNA)).toEqual({ kind: 'full' })
  })
})

test('the metric follows changes and the clock', async () => {
  const book = await open()
  const values = () =>
    ['open', 'overdue', 'unregistered'].map((state) => metrics.value('watch_requests', { state }))
  expect(values()).toEqual([0, 0, 0])
  await book.seenBy(OPERATOR).create(wish(['1']), ANNA)
  await book.seenBy(OPERATOR).act('R-2026-0001', { kind: 'sent' }, ANNA)
  expect(values()).toEqual([1, 0, 1])
  await clock.advance(HOUR + MINUTE)
  expect(values()).toEqual([1, 1, 1])
  book.stop()
})

test('operators are told once of each thing that is overdue, and not of what is closed', async () => {
  const book = await open()
  const requests = book.seenBy(OPERATOR)
  await requests.create(wish(['1']), ANNA)
  await requests.create(wish(['2']), ANNA)
  for (const id of ['R-2026-0001', 'R-2026-0002']) await requests.act(id, { kind: 'sent' }, ANNA)
  await requests.act('R-2026-0002', { kind: 'close', text: '' }, ANNA)
  await requests.act('R-2026-0001', { kind: 'official-asked', text: '' }, ANNA)
  await clock.advance(HOUR + MINUTE)
  const late = { topic: 'request-overdue', key: 'R-2026-0001', reason: 'S' }
  expect(raised).toEqual([{ ...late, step: 'register' }])
  await clock.advance(6 * DAY)
  expect(raised).toEqual([
    { ...late, step: 'register' },
    { ...late, step: 'official' },
  ])
  book.stop()
})

test('a year whose days off are not known is logged once, from December on', async () => {
  clock = createFakeClock(Date.parse('2026-11-29T09:00:00Z'))
  await open()
  const warned = () => log.lines.filter(({ message }) => /decree/.test(message)).map(({ fields }) => fields)
  await clock.advance(DAY)
  expect(warned()).toEqual([])
  await clock.advance(2 * DAY)
  expect(warned()).toEqual([{ year: 2027 }])
})
