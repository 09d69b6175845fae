import { beforeEach, expect, test } from 'vitest'
import { createApp } from '../../../src/http/app.ts'
import { type AppWorld, appDeps, appOptions, BY_TOKEN, createWorld, NOW } from '../../support/app-deps.ts'

let world: AppWorld
let ask: (query?: string) => Promise<Response>

beforeEach(async () => {
  world = createWorld()
  const actor = { name: 'admin', via: 'session', address: '10.0.0.7' } as const
  await world.stores.audit.add(
    ['a', 'b', 'a'].map((subject, index) => ({
      at: NOW + index,
      actor,
      action: 'outage.confirm',
      subject,
      before: null,
      after: { failed: ['web', 'api'], note: null },
    })),
  )
  const app = createApp(appDeps(world), appOptions())
  ask = async (query = '') => app.request(`/api/v1/audit${query}`, { headers: BY_TOKEN })
})

test('the trail is listed newest first with who, from where, before and after', async () => {
  expect(await (await ask('?limit=1')).json()).toEqual({
    items: [
      {
        number: 3,
        at: '2026-01-15T10:00:00.002Z',
        by: 'admin',
        via: 'session',
        address: '10.0.0.7',
        action: 'outage.confirm',
        subject: 'a',
        before: null,
        after: { failed: ['web', 'api'], note: null },
      },
    ],
    next: '3',
    total: 3,
  })
})

test('the trail is paged and filtered by what was done to', async () => {
  expect(await (await ask('?limit=2&cursor=3')).json()).toMatchObject({
    items: [{ number: 2 }, { number: 1 }],
    next: null,
    total: 3,
  })
  expect(await (await ask('?subject=a')).json()).toMatchObject({
    items: [{ number: 3 }, { number: 1 }],
    next: null,
    total: 2,
  })
})

test('the total is the number of entries that there are, also after old ones were removed', async () => {
  await world.stores.retention.removeAudit(NOW + 1, 0, null)
  expect(await (await ask()).json()).toMatchObject({ items: [{ number: 3 }, { number: 2 }], total: 2 })
  expect(await (await ask('?subject=a')).json()).toMatchObject({ items: [{ number: 3 }], total: 1 })
})

test('a cursor that is none is 422', async () => {
  expect((await ask('?cursor=x')).status).toBe(422)
})

test('an empty trail has nothing in it', async () => {
  const app = createApp(appDeps(createWorld()), appOptions())
  const response = await app.request('/api/v1/audit', { headers: BY_TOKEN })
  expect(await response.json()).toEqual({ items: [], next: null, total: 0 })
})
