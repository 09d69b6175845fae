import { beforeEach, describe, expect, test } from 'vitest'
import { MINUTE } from '../../../src/core/time.ts'
import { createApp } from '../../../src/http/app.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  bodyOf,
  createWorld,
  incident,
  member,
  NOW,
} from '../../support/app-deps.ts'

type Listed = { items: { id: string; state: string }[]; next: string | null; total: number }

let world: AppWorld
let get: (path: string, headers?: Record<string, string>) => Promise<Response>

beforeEach(() => {
  world = createWorld()
  const app = createApp(appDeps(world), appOptions({ language: 'en' }))
  get = async (path, headers = BY_TOKEN) => app.request(path, { headers })
})

describe('the list of incidents', () => {
  beforeEach(() => {
    world.incidents = [
      incident({ id: 'new' }),
      incident({ id: 'over', closedAt: NOW - MINUTE }),
      incident({ id: 'old', closedAt: NOW - MINUTE }),
    ]
  })

  test('holds open and closed ones, newest first, in pages', async () => {
    const first = await bodyOf<Listed>(await get('/api/v1/incidents?limit=2'))
    expect(first.items.map(({ id, state }) => [id, state])).toEqual([
      ['new', 'open'],
      ['over', 'closed'],
    ])
    expect([first.next, first.total]).toEqual(['over', 3])
    const last = await bodyOf<Listed>(await get('/api/v1/incidents?limit=2&cursor=over'))
    expect(last.items.map(({ id }) => id)).toEqual(['old'])
    expect(last.next).toBeNull()
  })

  test.each([
    ['open', ['new']],
    ['closed', ['over', 'old']],
  ])('holds only those that are %s when asked', async (state, ids) => {
    const { items, total } = await bodyOf<Listed>(await get(`/api/v1/incidents?state=${state}`))
    expect(items.map(({ id }) => id)).toEqual(ids)
    expect(total).toBe(ids.length)
  })

  test('refuses another state and a cursor that is none', async () => {
    expect((await get('/api/v1/incidents?state=half')).status).toBe(422)
    const refused = await get('/api/v1/incidents?cursor=nobody')
    expect(refused.status).toBe(422)
    expect(await refused.json()).toMatchObject({ errors: [{ path: 'query.cursor' }] })
  })

  test('is for those with an account', async () => {
    expect((await get('/api/v1/incidents', {})).status).toBe(401)
    expect((await get('/api/v1/incidents/new', {})).status).toBe(401)
  })
})

describe('one incident', () => {
  test('is written whole, with its suspected cause in words', async () => {
    world.incidents = [
      incident({
        id: 'i',
        also: [{ dimension: 'region', group: 'North' }],
        closedAt: NOW,
        silent: 1,
        timeline: [
          { at: NOW - 20 * MINUTE, kind: 'opened', silent: 37 },
          { at: NOW, kind: 'closed', silent: 1 },
        ],
      }),
    ]
    world.members = [member({ id: '7', name: 'Truck', client: 'ACME', contactAt: null })]
    expect(await (await get('/api/v1/incidents/i')).json()).toEqual({
      id: 'i',
      state: 'closed',
      dimension: 'operator',
      group: 'MTS',
      title: 'mobile operator "MTS"',
      also: [{ dimension: 'region', group: 'North' }],
      openedAt: '2026-01-15T09:40:00.000Z',
      onsetAt: '2026-01-15T09:35:00.000Z',
      closedAt: '2026-01-15T10:00:00.000Z',
      expected: 41,
      members: 37,
      silent: 1,
      suspected: expect.stringContaining("operator's network"),
      timeline: [
        { at: '2026-01-15T09:40:00.000Z', kind: 'opened', silent: 37 },
        { at: '2026-01-15T10:00:00.000Z', kind: 'closed', silent: 1 },
      ],
      terminals: {
        items: [
          {
            id: '7',
            name: 'Truck',
            client: 'ACME',
            state: 'stale',
            stateSince: '2026-01-15T09:50:00.000Z',
            contactAt: null,
          },
        ],
        next: null,
        total: 1,
      },
    })
  })

  test('gives its terminals in pages', async () => {
    world.incidents = [incident({ id: 'i' })]
    world.members = ['1', '2', '3'].map((id) => member({ id }))
    const first = await bodyOf<{ terminals: Listed }>(await get('/api/v1/incidents/i?limit=2'))
    expect(first.terminals.items.map(({ id }) => id)).toEqual(['1', '2'])
    expect([first.terminals.next, first.terminals.total]).toEqual(['2', 3])
    const last = await bodyOf<{ terminals: Listed }>(await get('/api/v1/incidents/i?limit=2&cursor=2'))
    expect(last.terminals.items.map(({ id }) => id)).toEqual(['3'])
    expect(last.terminals.next).toBeNull()
    expect((await get('/api/v1/incidents/i?cursor=x')).status).toBe(422)
  })

  test('that there is not is a 404 problem', async () => {
    const response = await get('/api/v1/incidents/nobody')
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
  })
})
