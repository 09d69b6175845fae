import { beforeEach, describe, expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../../src/core/time.ts'
import { createApp } from '../../../src/http/app.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  bodyOf,
  createWorld,
  NOW,
  outage,
  terminal,
} from '../../support/app-deps.ts'
import { newLetter } from '../../support/letters.ts'

let world: AppWorld
let ask: (path: string, init?: RequestInit) => Promise<Response>

beforeEach(() => {
  world = createWorld()
  const app = createApp(appDeps(world), appOptions())
  ask = async (path, init = {}) => app.request(path, { ...init, headers: { ...BY_TOKEN, ...init.headers } })
})

const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
})

test('the summary has every state, also those without a terminal', async () => {
  world.terminals = [terminal({ id: '1', client: 'A', state: 'lost' })]
  const body = await bodyOf<{ total: number; states: Record<string, number>; clients: unknown[] }>(
    await ask('/api/v1/summary'),
  )
  expect(body.total).toBe(1)
  expect(body.states).toEqual({
    decommissioned: 0,
    suspended: 0,
    maintenance: 0,
    never: 0,
    lost: 1,
    stale: 0,
    unknown: 0,
    backlog: 0,
    sleeping: 0,
    'no-fix': 0,
    fresh: 0,
  })
  expect(body.clients).toEqual([{ client: 'A', total: 1, states: body.states }])
})

describe('the service', () => {
  test('is written as the contract says', async () => {
    expect(await (await ask('/api/v1/service')).json()).toEqual({
      name: 'Omnicomm Online',
      state: 'up',
      since: '2026-01-15T09:00:00.000Z',
      components: [
        {
          id: 'web',
          kind: 'http',
          state: 'up',
          latencyMs: 123,
          checkedAt: '2026-01-15T09:59:00.000Z',
          reason: null,
        },
      ],
    })
  })

  test('has null for what is not known yet, and the open outage', async () => {
    world.status = {
      state: 'down',
      since: null,
      components: [],
      outage: outage({ id: 'o', state: 'open', end: null }),
    }
    expect(await (await ask('/api/v1/service')).json()).toMatchObject({
      since: null,
      outage: { id: 'o', state: 'open', end: null, letterDueAt: null },
    })
  })
})

describe('uptime', () => {
  test('is of the last 24 hours when no range is given', async () => {
    expect(await (await ask('/api/v1/uptime')).json()).toEqual({
      ratio: 0.99956,
      coverage: 1,
      lower: 0.99956,
      upper: 1,
      from: '2026-01-14T10:00:00.000Z',
      to: '2026-01-15T10:00:00.000Z',
      components: [{ id: 'web', ratio: 0.99956, coverage: 1, lower: 0.99956, upper: 1 }],
    })
  })

  test('takes a range, with a plus sign that came as a space', async () => {
    const path = '/api/v1/uptime?from=2026-01-01T00:00:00 03:00&to=2026-01-02T00:00:00%2B03:00'
    expect(await (await ask(path)).json()).toMatchObject({
      from: '2025-12-31T21:00:00.000Z',
      to: '2026-01-01T21:00:00.000Z',
    })
  })

  test.each([
    'from=2026-01-02&to=2026-01-01',
    'from=2026-01-01&to=2026-01-01',
    'from=monday',
    'to=2026-13-01',
  ])('of %s is 422', async (query) => {
    expect((await ask(`/api/v1/uptime?${query}`)).status).toBe(422)
  })
})

describe('outages', () => {
  test('carry the object of the replay with letters and time line', async () => {
    world.outages = [outage({ id: '20260115T070000Z', letterDueAt: NOW - HOUR })]
    world.segments = [{ from: NOW - 3 * HOUR, to: NOW - 2 * HOUR, class: 'down', ms: HOUR }]
    await world.stores.outbox.add([
      newLetter({ id: 'l', subject: '20260115T070000Z', dueAt: NOW - HOUR }),
      newLetter({ id: 'other', subject: '20250115T070000Z' }),
    ])
    const one: unknown = await (await ask('/api/v1/outages/20260115T070000Z')).json()
    expect(one).toEqual({
      id: '20260115T070000Z',
      state: 'closed',
      start: '2026-01-15T07:00:00.000Z',
      notBefore: '2026-01-15T06:59:00.000Z',
      end: '2026-01-15T08:00:00.000Z',
      downMs: 59 * MINUTE,
      possibleMs: HOUR,
      letterDueAt: '2026-01-15T09:00:00.000Z',
      operatorAlarmAt: null,
      warnedAt: null,
      intermittent: false,
      failed: ['web'],
      expectedResolution: null,
      message: null,
      confirmed: null,
      cancelled: null,
      ordered: null,
      nextLetterBy: null,
      lettersTotal: 1,
      audit: [],
      letters: [
        expect.objectContaining({ id: 'l', outageId: '20260115T070000Z', kind: 'initial', attempts: [] }),
      ],
      timeline: [
        { from: '2026-01-15T07:00:00.000Z', to: '2026-01-15T08:00:00.000Z', class: 'down', ms: HOUR },
      ],
    })
    expect(await (await ask('/api/v1/outages')).json()).toEqual({ items: [one], next: null, total: 1 })
  })

  test('are paged, newest first, with the total on every page', async () => {
    world.outages = ['c', 'b', 'a'].map((id) => outage({ id }))
    const first = await (await ask('/api/v1/outages?limit=2')).json()
    expect(first).toMatchObject({ items: [{ id: 'c' }, { id: 'b' }], next: 'b', total: 3 })
    const second = await (await ask('/api/v1/outages?limit=2&cursor=b')).json()
    expect(second).toMatchObject({ items: [{ id: 'a' }], next: null, total: 3 })
  })

  test('that do not exist are 404, and a foreign cursor is 422', async () => {
    expect((await ask('/api/v1/outages/x')).status).toBe(404)
    expect((await ask('/api/v1/outages?cursor=x')).status).toBe(422)
  })
})

describe('letters', () => {
  beforeEach(async () => {
    const letters = ['a', 'b', 'c'].map((id) =>
      newLetter({ id, recipient: `${id}@example.org`, mime: Buffer.from(`Subject: ${id}\r\n\r\nЖ`) }),
    )
    await world.stores.outbox.add([
      ...letters,
      newLetter({ id: 't', subject: 'test-20260115', kind: 'test' }),
    ])
  })

  test('are listed with filters and pages', async () => {
    const first = await (await ask('/api/v1/letters?limit=2')).json()
    expect(first).toMatchObject({ items: [{ id: 't', outageId: null }, { id: 'c' }], next: 'c', total: 4 })
    const second = await (await ask('/api/v1/letters?limit=2&cursor=c')).json()
    expect(second).toMatchObject({ items: [{ id: 'b' }, { id: 'a' }], next: null, total: 4 })
    expect(await (await ask('/api/v1/letters?state=dead')).json()).toEqual({
      items: [],
      next: null,
      total: 0,
    })
    expect((await ask('/api/v1/letters?state=lost')).status).toBe(422)
    expect((await ask('/api/v1/letters?cursor=x')).status).toBe(422)
  })

  test('are shown one by one as the contract says', async () => {
    expect(await (await ask('/api/v1/letters/a')).json()).toMatchObject({
      id: 'a',
      outageId: '20261123T080410Z',
      kind: 'initial',
      recipient: 'a@example.org',
      state: 'pending',
      sentAt: null,
      attempts: [],
    })
  })

  test('are given as the very bytes that are sent', async () => {
    const response = await ask('/api/v1/letters/a.eml')
    expect(response.headers.get('content-type')).toBe('message/rfc822')
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="a.eml"')
    expect(Buffer.from(await response.arrayBuffer()).toString()).toBe('Subject: a\r\n\r\nЖ')
  })

  test('that do not exist are 404', async () => {
    expect((await ask('/api/v1/letters/x')).status).toBe(404)
    expect((await ask('/api/v1/letters/x.eml')).status).toBe(404)
  })
})

describe('maintenance', () => {
  const window = { from: '2026-01-15T11:00:00Z', to: '2026-01-15T12:00:00Z', reason: 'upgrade' }

  test('is added with 201 and listed', async () => {
    const response = await ask('/api/v1/maintenance', post(window))
    expect(response.status).toBe(201)
    const made = {
      id: 'window-1',
      from: '2026-01-15T11:00:00.000Z',
      to: '2026-01-15T12:00:00.000Z',
      reason: 'upgrade',
      announced: false,
      rule: null,
    }
    expect(await response.json()).toEqual(made)
    expect(await (await ask('/api/v1/maintenance')).json()).toEqual({ items: [made], next: null, total: 1 })
  })

  test.each([['2026-01-15T09:00:00Z'], ['2020-01-01T00:00:00Z']])(
    'cannot begin in the past at %s, however long',
    async (from) => {
      const response = await ask('/api/v1/maintenance', post({ ...window, from }))
      expect(response.status).toBe(409)
      expect(response.headers.get('content-type')).toBe('application/problem+json')
    },
  )

  test.each([
    [{ ...window, to: window.from }],
    [{ ...window, to: '2026-02-15T11:00:01Z' }],
    [{ ...window, from: '2062-01-17T11:00:00Z', to: '2062-01-17T12:00:00Z' }],
    [{ ...window, reason: ' ', announce: true }],
    [{ from: window.from, to: window.to, announce: true }],
    [{ from: window.from }],
    [{ ...window, reason: 'x'.repeat(501) }],
    [[]],
    [{ ...window, extra: true }],
  ])('of %j is 422', async (body) => {
    expect((await ask('/api/v1/maintenance', post(body))).status).toBe(422)
    expect(world.windows).toEqual([])
  })

  test('without a JSON body and with a broken one is 400', async () => {
    expect((await ask('/api/v1/maintenance', { method: 'POST' })).status).toBe(400)
    const broken = { ...post(null), body: '{"from":' }
    expect((await ask('/api/v1/maintenance', broken)).status).toBe(400)
  })

  test('is deleted, ended, refused when over and 404 when missing', async () => {
    world.windows = [
      { id: 'planned', from: NOW + HOUR, to: NOW + 2 * HOUR, reason: '' },
      { id: 'running', from: NOW - HOUR, to: NOW + HOUR, reason: '' },
      { id: 'over', from: NOW - 2 * HOUR, to: NOW - HOUR, reason: '' },
    ]
    const remove = async (id: string): Promise<number> =>
      (await ask(`/api/v1/maintenance/${id}`, { method: 'DELETE' })).status
    expect(await remove('planned')).toBe(204)
    expect(await remove('running')).toBe(204)
    expect(await remove('over')).toBe(409)
    expect(await remove('missing')).toBe(404)
  })
})

test('sources say whether they are blind and since when', async () => {
  world.sources = [
    { id: 'gate', connected: true, detail: { topics: 1, lastPacketAt: NOW, treeAt: null }, blindSince: null },
    { id: 'hub', connected: false, detail: {}, blindSince: NOW },
  ]
  expect(await (await ask('/api/v1/sources')).json()).toEqual({
    items: [
      {
        id: 'gate',
        connected: true,
        blind: false,
        blindSince: null,
        detail: { topics: 1, lastPacketAt: '2026-01-15T10:00:00.000Z', treeAt: null },
      },
      { id: 'hub', connected: false, blind: true, blindSince: '2026-01-15T10:00:00.000Z', detail: {} },
    ],
    next: null,
    total: 2,
  })
})
