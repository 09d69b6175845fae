import { describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import type { MemberQuery } from '../../src/core/fleet/incident-members.ts'
import { putTerminal } from '../../src/core/fleet/placing.ts'
import type { Incident } from '../../src/core/freshness/mass/incident.ts'
import { CODE } from '../../src/core/freshness/state.ts'
import type { IncidentReader } from '../../src/http/deps/incidents.ts'
import { createIncidentDesk } from '../../src/workers/incident-desk.ts'
import { addTerminal, openMass } from '../support/flagged-fleet.ts'
import { createScenario } from '../support/fleet-scenario.ts'
import { flushOf, incident, T0, terminalRow } from '../support/store-rows.ts'

async function setUp(stored: readonly Incident[], rows: readonly number[] = []) {
  const { fleet, observe } = createScenario()
  const { fleet: store, flags } = createMemoryStores()
  await store.flush(
    flushOf({ incidents: stored.map((each) => ({ incident: each, rows: Uint32Array.from(rows) })) }),
  )
  const { seenBy } = createIncidentDesk({ fleet, store: flags })
  return { fleet, observe, desk: seenBy('all'), of: seenBy }
}

const idsOf = (page: Awaited<ReturnType<IncidentReader['list']>>) =>
  page === 'bad-cursor' ? page : page.items.map(({ id }) => id)

/** One incident with a page of its members. */
async function get(desk: Pick<IncidentReader, 'get'>, id: string, query: MemberQuery = { limit: 9 }) {
  const found = await desk.get(id, query)
  if (found === 'bad-cursor') throw new Error(found)
  return found
}

describe('the list of incidents', () => {
  const past = [
    incident('a', T0, { closedAt: T0 + 9 }),
    incident('b', T0 + 1),
    incident('c', T0 + 2, { closedAt: T0 + 9 }),
    incident('d', T0 + 2, { closedAt: T0 + 9 }),
  ]

  test('is newest first and goes on after a cursor', async () => {
    const { desk } = await setUp(past)
    const first = await desk.list({ limit: 2 })
    expect(first).toMatchObject({ next: 'c', total: 4 })
    expect(idsOf(first)).toEqual(['d', 'c'])
    const last = await desk.list({ limit: 2, cursor: 'c' })
    expect(last).toMatchObject({ next: null, total: 4 })
    expect(idsOf(last)).toEqual(['b', 'a'])
    expect(await desk.list({ limit: 2, cursor: 'nobody' })).toBe('bad-cursor')
  })

  test('does not tell whether a cursor that somebody may not see is that of an incident', async () => {
    const { desk, of, observe } = await setUp(past, [0])
    observe('one')
    expect(idsOf(await desk.list({ limit: 9, cursor: 'b' }))).toEqual(['a'])
    const stranger = of({ clients: ['Beta'], groups: [] })
    expect(await stranger.list({ limit: 9, cursor: 'b' })).toBe('bad-cursor')
    expect(await stranger.list({ limit: 9, cursor: 'nobody' })).toBe('bad-cursor')
  })

  test('takes open ones from memory and the past from the store', async () => {
    const { desk, fleet } = await setUp(past)
    fleet.incidents.set(1, incident('b', T0 + 1, { silent: 3 }))
    fleet.incidents.set(2, incident('e', T0 + 5))
    expect(desk.open().map(({ id }) => id)).toEqual(['e', 'b'])
    expect(idsOf(await desk.list({ state: 'open', limit: 9 }))).toEqual(['e', 'b'])
    expect(idsOf(await desk.list({ state: 'open', limit: 9, cursor: 'd' }))).toEqual(['b'])
    expect(idsOf(await desk.list({ state: 'closed', limit: 9 }))).toEqual(['d', 'c', 'a'])
    const all = await desk.list({ limit: 9, cursor: 'c' })
    expect(all).toMatchObject({ items: [{ id: 'b', silent: 3 }, { id: 'a' }] })
  })

  test('is whole when the store has more than it gives at once', async () => {
    const many = Array.from({ length: 1001 }, (_, n) => incident(`i${n}`, T0 + n, { closedAt: T0 + 9999 }))
    const { desk } = await setUp(many)
    expect(await desk.list({ limit: 1 })).toMatchObject({ items: [{ id: 'i1000' }], total: 1001 })
  })
})

test('an incident that was over before a terminal was handed over is not one of its new dealer', async () => {
  const { of, fleet, observe } = await setUp([incident('i', T0, { closedAt: T0 + 9 })], [0])
  observe('one')
  const terminal = fleet.inventory.at(0)
  const give = (client: number) =>
    fleet.inventory.set({ ...terminalRow(0), ...terminal, client: 'Beta', handedOver: { client, group: [] } })
  give(T0 + 10)
  putTerminal(fleet, fleet.inventory.at(0) ?? terminalRow(0))
  const beta = of({ clients: ['Beta'], groups: [] })
  expect(await get(beta, 'i')).toBeUndefined()
  give(T0 + 5)
  expect((await get(beta, 'i'))?.members.total).toBe(1)
})

test('an incident that was over before a unit came back as a new terminal is not one of its new dealer', async () => {
  const { of, fleet, observe } = await setUp([incident('i', T0, { closedAt: T0 + 9 })], [0])
  observe('one')
  const give = (firstSeenAt: number) =>
    putTerminal(fleet, { ...terminalRow(0), ...fleet.inventory.at(0), client: 'Beta', firstSeenAt })
  give(T0 + 10)
  const beta = of({ clients: ['Beta'], groups: [] })
  expect(await get(beta, 'i')).toBeUndefined()
  expect((await get(of('all'), 'i'))?.members.total).toBe(1)
  give(T0 + 5)
  expect((await get(beta, 'i'))?.members.total).toBe(1)
})

describe('of those that are silent somebody is told his own', () => {
  const beta = { clients: ['Beta'], groups: [] }

  /** Terminals of Beta are the first two of three. */
  async function betas(change: Partial<Incident>) {
    const setting = await setUp([incident('i', T0, change)], [0, 2, 1])
    for (const id of ['one', 'two', 'three']) setting.observe(id)
    for (const row of [0, 1]) {
      putTerminal(setting.fleet, { ...terminalRow(row), ...setting.fleet.inventory.at(row), client: 'Beta' })
    }
    return setting
  }

  test('as the incident counts, also where none of them is stale yet', async () => {
    const { of, fleet } = await betas({ silent: 2 })
    const rows = Uint32Array.of(0, 1, 2)
    openMass(fleet, { incident: incident('i', T0, { silent: 2 }), rows }, rows.subarray(1))
    expect(of(beta).open()).toMatchObject([{ members: 2, silent: 1 }])
    expect((await get(of(beta), 'i'))?.incident).toMatchObject({ members: 2, silent: 1 })
  })

  test('also those who joined it since it was stored', async () => {
    const { of, fleet } = await setUp([incident('i', T0)], [0])
    for (const id of ['one', 'two']) addTerminal(fleet, id, { client: 'Beta' })
    openMass(fleet, { incident: incident('i', T0), rows: Uint32Array.of(0, 1) })
    expect((await get(of(beta), 'i'))?.incident).toMatchObject({ members: 2, silent: 2 })
  })

  test('when it ended, once it is over', async () => {
    const { of } = await betas({ silent: 2, closedAt: T0 + 9 })
    expect((await get(of(beta), 'i'))?.incident).toMatchObject({ members: 2, silent: 1 })
  })
})

describe('one incident', () => {
  test('has its members as they are now, those that are silent first, in pages', async () => {
    const { desk, fleet, observe } = await setUp([incident('i', T0)], [0, 1, 2])
    for (const id of ['one', 'two', 'three']) observe(id)
    fleet.table.state[0] = CODE.fresh
    fleet.table.state[1] = CODE.lost
    fleet.table.state[2] = CODE.stale
    const found = await get(desk, 'i', { limit: 2 })
    expect(found?.members.total).toBe(3)
    expect(found?.members.items).toMatchObject([
      { id: 'two', state: 'lost', contactAt: fleet.table.contactAt[1] },
      { id: 'three', state: 'stale' },
    ])
    const cursor = found?.members.next ?? ''
    const last = await get(desk, 'i', { limit: 2, cursor })
    expect(last?.members).toMatchObject({ items: [{ id: 'one', state: 'fresh' }], next: null, total: 3 })
    expect(await get(desk, 'nobody', { limit: 2 })).toBeUndefined()
  })

  test('leaves out no member while members of the pages before begin to talk', async () => {
    const { desk, fleet, observe } = await setUp([incident('i', T0)], [0, 1, 2, 3, 4])
    for (const id of ['one', 'two', 'three', 'four', 'five']) observe(id)
    fleet.table.state.fill(CODE.stale, 0, 4)
    fleet.table.state[4] = CODE.fresh
    const seen: string[] = []
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const found = await get(desk, 'i', { limit: 2, ...(cursor === undefined ? {} : { cursor }) })
      seen.push(...(found?.members.items ?? []).map(({ id }) => id))
      cursor = found?.members.next ?? null
      // Also the one that the cursor names.
      fleet.table.state.fill(CODE.fresh, 0, 2)
    }
    expect(seen.slice(0, 4)).toEqual(['one', 'two', 'three', 'four'])
    expect(new Set(seen)).toEqual(new Set(['one', 'two', 'three', 'four', 'five']))
  })

  test('takes no cursor that names no member whom somebody may see', async () => {
    const { of, observe } = await setUp([incident('i', T0)], [0, 1])
    for (const id of ['one', 'two', 'three']) observe(id)
    for (const cursor of ['2', 'silent~', 'silent~three', 'silent~nobody', 'none~one']) {
      expect(await of('all').get('i', { limit: 9, cursor })).toBe('bad-cursor')
    }
    expect(await of('all').get('i', { limit: 9, cursor: 'other~one' })).toMatchObject({
      members: { items: [{ id: 'two' }] },
    })
  })

  test('shows a member that was merged meanwhile once, as the terminal that it became', async () => {
    const { desk, fleet, observe } = await setUp([incident('i', T0)], [0, 1, 7])
    for (const id of ['imei', 'survivor']) observe(id)
    const merged = fleet.inventory.at(0)
    if (!merged) throw new Error('no terminal')
    fleet.inventory.set({ ...merged, mergedInto: 'survivor' })
    fleet.rows.set('imei', 1)
    const found = await get(desk, 'i')
    expect(found?.members.items.map(({ id }) => id)).toEqual(['survivor'])
  })

  test('that opened a moment ago is there before it is stored, and an open one is as it is now', async () => {
    const { desk, fleet } = await setUp([incident('i', T0)])
    fleet.incidents.set(1, incident('i', T0, { silent: 5 }))
    fleet.incidents.set(2, incident('new', T0 + 1))
    expect((await get(desk, 'i'))?.incident.silent).toBe(5)
    expect(await get(desk, 'new')).toMatchObject({ incident: { id: 'new' }, members: { total: 0 } })
  })
})
