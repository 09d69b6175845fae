import { beforeEach, describe, expect, test } from 'vitest'
import type { Role } from '../../src/core/people/account.ts'
import { ACCESS } from '../../src/http/access.ts'
import { createApp } from '../../src/http/app.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  createWorld,
  sessionOf,
  terminal,
  tokenOf,
} from '../support/app-deps.ts'

const ROUTES = [
  ...new Set(
    createApp(appDeps(createWorld()), appOptions())
      .routes.filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path}`),
  ),
]

const OPEN = [
  /^GET \/(healthz|readyz|metrics|login|help|assets\/.*)$/,
  /^POST \/(login|logout)$/,
  /^GET \/api\/v1\/openapi\.json$/,
  // By the token of the source or of an ingest account: test/http/routes/ingest.test.ts.
  /^POST \/api\/v1\/ingest\/:source$/,
]
const OWN = [/^\w+ (\/api\/v1)?\/account(\/|$)/]
const ADMIN = [/^\w+ (\/api\/v1)?\/(users|audit)(\/|$)/, /^GET \/api\/v1\/recording$/]
/** What dealers have no business with at all. */
const DESK = [
  /^\w+ (\/api\/v1)?\/(letters|recipients|inventory|sources)(\/|$)/,
  /^\w+ \/api\/v1\/terminals\/(import|adopt)$/,
  /^\w+ \/templates(\/|$)/,
  /\/lifecycle$/,
]
/** What dealers may read and nothing else. */
const DESK_CHANGES =
  /^(POST|PUT|DELETE) (\/api\/v1)?\/(outages|service|maintenance|firmware|templates|contacts)(\/|$)/

/** Who may, in the words of the regulation of roles and not in those of the table. */
function expected(route: string): readonly Role[] | 'anybody' {
  const isOne = (patterns: readonly RegExp[]) => patterns.some((pattern) => pattern.test(route))
  if (isOne(OPEN)) return 'anybody'
  if (isOne(OWN)) return ['admin', 'operator', 'dealer', 'ingest']
  if (isOne(ADMIN)) return ['admin']
  if (isOne(DESK) || DESK_CHANGES.test(route)) return ['admin', 'operator']
  return ['admin', 'operator', 'dealer']
}

const ROLES = ['admin', 'operator', 'dealer', 'ingest'] as const

function requestOf(route: string, headers: Record<string, string> = {}, id = '1'): [string, RequestInit] {
  const [method = '', path = ''] = route.split(' ')
  const address = path.replaceAll(/:\w+/g, id)
  if (method === 'GET') return [address, { headers }]
  const type = path.startsWith('/api/') ? 'application/json' : 'application/x-www-form-urlencoded'
  return [
    address,
    { method, headers: { 'Content-Type': type, ...headers }, body: type.endsWith('json') ? '{}' : '' },
  ]
}

test('the table has every route and nothing else', () => {
  expect(Object.keys(ACCESS).sort()).toEqual([...ROUTES].sort())
})

describe.each(ROUTES)('%s', (route) => {
  const allowed = expected(route)
  const isPage = !route.includes(' /api/')

  test('lets in whom it should, by token and by session, and nobody else', async () => {
    const world = createWorld()
    const app = createApp(appDeps(world), appOptions())
    const stranger = await app.request(...requestOf(route))
    if (allowed === 'anybody') return expect(stranger.headers.get('location') ?? '').not.toContain('/login?')
    expect(stranger.status).toBe(isPage ? 303 : 401)
    if (isPage) expect(stranger.headers.get('location')).toMatch(/^\/login(\?|$)/)
    for (const role of ROLES) {
      for (const headersOf of [tokenOf, sessionOf]) {
        const { status } = await app.request(...requestOf(route, await headersOf(world, role)))
        const [got, may] = [status !== 403, allowed.includes(role)]
        expect({ role, by: headersOf.name, status, may: got }).toEqual({
          role,
          by: headersOf.name,
          status,
          may,
        })
        expect(status).not.toBe(401)
        expect(status).toBeLessThan(500)
      }
    }
  })
})

/** Bodies that would change something if the terminal were his. */
const BODIES: Readonly<Record<string, string>> = {
  'PUT /api/v1/terminals/:id/thresholds': '{"moving":"1h"}',
  'PUT /api/v1/terminals/:id/profile': '{"profile":"tractor"}',
  'PUT /api/v1/terminals/:id/maintenance': 'null',
  'PUT /api/v1/terminals/:id/acknowledge': '{"until":"2026-01-16T10:00:00Z","reason":"known"}',
  'POST /api/v1/terminals/:id/notes': '{"text":"hello"}',
  'POST /terminals/:id/acknowledge': 'until=2026-01-16T10:00&reason=known',
  'POST /terminals/:id/notes': 'text=hello',
  'POST /terminals/:id/thresholds': 'moving=1h',
  'POST /terminals/:id/profile': 'profile=tractor',
  'POST /terminals/:id/maintenance': 'from=2026-01-15T18:00&to=2026-01-15T19:00&reason=x',
}

describe('a dealer and the terminal of another one', () => {
  let world: AppWorld
  let headers: Record<string, string>

  beforeEach(async () => {
    world = createWorld()
    world.terminals = [
      terminal({ id: '1', client: 'Agro', name: 'mine' }),
      terminal({ id: '2', client: 'Other', name: 'Zagadka', group: 'D/Other' }),
    ]
    headers = await sessionOf(world, 'dealer', { clients: ['Agro'], groups: ['D/Agro'] })
  })

  const withTerminal = ROUTES.filter(
    (route) => /\/(terminals|check)\/:id/.test(route) && expected(route).includes('dealer'),
  )

  test('there are routes with the id of a terminal, in the API and in pages', () => {
    expect(withTerminal.length).toBeGreaterThan(15)
  })

  test.each(withTerminal)(
    '%s answers as for an id that does not exist, and nothing happens',
    async (route) => {
      const app = createApp(appDeps(world), appOptions())
      const before = await world.stores.audit.list({ limit: 10 })
      const ask = async (id: string) => {
        const [address, init] = requestOf(route, headers, id)
        const body = BODIES[route]
        const response = await app.request(address, body === undefined ? init : { ...init, body })
        // A page links to itself in the other language.
        return { status: response.status, body: (await response.text()).replaceAll(address, 'ADDRESS') }
      }
      const [foreign, missing] = [await ask('2'), await ask('9')]
      expect(foreign).toEqual(missing)
      if (BODIES[route] !== undefined || route.startsWith('GET')) expect(foreign.status).toBe(404)
      expect(foreign.body).not.toContain('Zagadka')
      expect(world.changes).toEqual([])
      expect(await world.stores.audit.list({ limit: 10 })).toEqual(before)
      expect(await world.stores.notes.of('2', 'all', 10)).toEqual([])
    },
  )

  test.each([
    '/',
    '/?all=1',
    '/?q=2',
    '/?client=Other',
    '/api/v1/terminals',
    '/api/v1/summary',
    '/api/v1/terminals?q=2',
  ])('%s does not know of it', async (path) => {
    const app = createApp(appDeps(world), appOptions())
    const text = await (await app.request(path, { headers })).text()
    expect(text).not.toMatch(/Zagadka|"client":"Other"/)
  })

  test('it is seen by an operator, so that the test means something', async () => {
    const app = createApp(appDeps(world), appOptions())
    const by = await tokenOf(world, 'operator')
    expect((await app.request('/api/v1/terminals/2', { headers: by })).status).toBe(200)
    expect((await app.request('/api/v1/terminals/1', { headers })).status).toBe(200)
  })
})
