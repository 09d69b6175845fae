import { beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { StoreError } from '../../src/ports.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  bodyOf,
  createWorld,
  sessionOf,
  TEST_ACTOR,
  tokenOf,
} from '../support/app-deps.ts'

let world: AppWorld

beforeEach(() => {
  world = createWorld()
})

type Call = { readonly headers?: Record<string, string>; readonly address?: string; readonly method?: string }

/** A request as the server hands it over, with the address of the caller. */
async function call(path: string, { address, ...init }: Call = {}, options = {}): Promise<Response> {
  const app = createApp(appDeps(world), appOptions(options))
  return app.request(path, init, address ? { incoming: { socket: { remoteAddress: address } } } : {})
}

const STRANGER = { address: '192.0.2.7' }
const LOCAL = { address: '127.0.0.1' }
const PROXIED = { address: '127.0.0.1', headers: { 'X-Forwarded-For': '192.0.2.7' } }

describe('readiness', () => {
  test('is 200 when nothing is wrong', async () => {
    const response = await call('/readyz', STRANGER)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'ready' })
  })

  test.each([
    ['a local caller', LOCAL, true],
    ['IPv6 loopback', { address: '::1' }, true],
    ['IPv4 loopback in IPv6', { address: '::ffff:127.0.0.1' }, true],
    ['an account', { ...STRANGER, headers: BY_TOKEN }, true],
    ['a stranger', STRANGER, false],
    ['a stranger behind a proxy on this machine', PROXIED, false],
    ['a caller with Forwarded', { address: '127.0.0.1', headers: { Forwarded: 'for=192.0.2.7' } }, false],
  ])('tells %s the reasons only if he may know', async (_name, caller, told) => {
    world.troubles = ['the disk is full']
    const response = await call('/readyz', caller)
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({
      status: 'not-ready',
      ...(told ? { reasons: ['the disk is full'] } : {}),
    })
  })

  test('is told even when the accounts cannot be read', async () => {
    world.troubles = ['the database is locked']
    const deps = appDeps(world)
    const settings = { ...deps.settings, get: () => Promise.reject(new StoreError('locked', 'x')) }
    const headers = { Cookie: `watch_session=YWRtaW4.9999999999999.${'A'.repeat(43)}` }
    const response = await createApp({ ...deps, settings }, appOptions()).request('/readyz', { headers })
    expect(await response.json()).toEqual({ status: 'not-ready' })
  })

  test('is not asked by /healthz, which needs no account', async () => {
    world.troubles = ['the disk is full']
    expect((await call('/healthz', STRANGER)).status).toBe(200)
  })
})

test.each([
  ['/metrics', 401],
  ['/readyz', 503],
])('%s tells nothing to an administrator who must choose a password first', async (path, status) => {
  world.troubles = ['the disk is full']
  const told = async () => {
    const response = await call(path, { ...STRANGER, headers: await sessionOf(world, 'admin') })
    return [response.status, /disk is full|watch_service_up/.test(await response.text())]
  }
  expect((await told())[1]).toBe(true)
  await world.accounts.change('admin', { mustChange: true }, TEST_ACTOR)
  expect(await told()).toEqual([status, false])
})

describe('/metrics', () => {
  test.each([
    ['loopback', LOCAL, 200],
    ['loopback with a forwarding header', PROXIED, 401],
    [
      'loopback with X-Forwarded-Proto',
      { address: '127.0.0.1', headers: { 'X-Forwarded-Proto': 'https' } },
      401,
    ],
    ['a stranger', STRANGER, 401],
    ['the metrics token', { ...STRANGER, headers: { Authorization: 'Bearer m' } }, 200],
    ['the admin', { ...STRANGER, headers: BY_TOKEN }, 200],
    ['another token', { ...STRANGER, headers: { Authorization: 'Bearer x' } }, 401],
  ])('answers %s', async (_name, caller, status) => {
    const response = await call('/metrics', caller, { metricsToken: 'm' })
    expect(response.status).toBe(status)
    if (status === 200) expect(await response.text()).toBe('watch_service_up 1\n')
  })

  test('is forbidden to an account that is known and no administrator', async () => {
    for (const headersOf of [tokenOf, sessionOf]) {
      const headers = await headersOf(world, 'operator')
      expect((await call('/metrics', { ...STRANGER, headers })).status).toBe(403)
    }
  })

  test('does not take an empty token for one that is not configured', async () => {
    const headers = { Authorization: 'Bearer ' }
    expect((await call('/metrics', { ...STRANGER, headers })).status).toBe(401)
  })
})

describe('problems', () => {
  test.each(['/users', '/api/v1/account'])(
    'of a wrong method at %s are not said to be packed',
    async (path) => {
      const headers = { ...BY_TOKEN, 'Accept-Encoding': 'gzip' }
      const response = await call(path, { method: 'DELETE', headers })
      expect([response.status, response.headers.get('content-encoding')]).toEqual([405, null])
      expect(await bodyOf(response)).toMatchObject({ status: 405 })
    },
  )

  test.each([
    ['GET', '/api/v1/nothing', 404],
    ['DELETE', '/api/v1/terminals', 405],
    ['POST', '/api/v1/terminals/1', 405],
    ['PATCH', '/api/v1/maintenance', 405],
    ['GET', '/nothing', 404],
  ])('%s %s is a %i problem document', async (method, path, status) => {
    const response = await call(path, { method, headers: BY_TOKEN })
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ type: 'about:blank', status })
  })

  test('a wrong method names the right ones', async () => {
    const response = await call('/api/v1/maintenance', { method: 'PATCH', headers: BY_TOKEN })
    expect(response.headers.get('allow')).toBe('GET, HEAD, POST')
  })

  test('a fault of the program shows nothing of the inside and is logged', async () => {
    const deps = appDeps(world)
    const failing = { ...deps, fleet: { ...deps.fleet, seenBy: () => fail('secret detail') } }
    const app = createApp(failing, appOptions())
    const response = await app.request('/api/v1/summary', { headers: BY_TOKEN })
    expect(response.status).toBe(500)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.text()).not.toContain('secret')
    expect(world.log.lines).toMatchObject([{ level: 'error', message: 'request failed' }])
  })

  test('a store that does not work is 503', async () => {
    const deps = appDeps(world)
    const outages = () => Promise.reject(new StoreError('full', 'no space in /var/lib'))
    const app = createApp({ ...deps, service: { ...deps.service, outages } }, appOptions())
    const response = await app.request('/api/v1/outages', { headers: BY_TOKEN })
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain('/var/lib')
  })
})

describe('the OpenAPI document', () => {
  test('is version 3.1 and describes every route of the API', async () => {
    const document = await bodyOf<{ openapi: string; paths: Record<string, object> }>(
      await call('/api/v1/openapi.json'),
    )
    expect(document.openapi).toBe('3.1.0')
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    )
    expect(routes.sort()).toEqual([
      'delete /api/v1/account/sessions',
      'delete /api/v1/contacts',
      'delete /api/v1/contacts/{dealer}',
      'delete /api/v1/firmware/{model}',
      'delete /api/v1/maintenance/rules/{id}',
      'delete /api/v1/maintenance/{id}',
      'delete /api/v1/recipients/{id}',
      'delete /api/v1/templates/{id}',
      'delete /api/v1/terminals/{id}/learnt',
      'delete /api/v1/users/{name}',
      'delete /api/v1/users/{name}/token',
      'get /api/v1/account',
      'get /api/v1/audit',
      'get /api/v1/check/{id}',
      'get /api/v1/contacts',
      'get /api/v1/contacts/{dealer}',
      'get /api/v1/firmware',
      'get /api/v1/firmware/{model}',
      'get /api/v1/incidents',
      'get /api/v1/incidents/{id}',
      'get /api/v1/inventory/conflicts',
      'get /api/v1/inventory/export',
      'get /api/v1/letters',
      'get /api/v1/letters/preview',
      'get /api/v1/letters/{id}',
      'get /api/v1/maintenance',
      'get /api/v1/maintenance/rules',
      'get /api/v1/outages',
      'get /api/v1/outages/{id}',
      'get /api/v1/recipients',
      'get /api/v1/recipients/{id}',
      'get /api/v1/recording',
      'get /api/v1/reports/uptime',
      'get /api/v1/requests',
      'get /api/v1/requests/{id}',
      'get /api/v1/requests/{id}/letters/{number}',
      'get /api/v1/service',
      'get /api/v1/sources',
      'get /api/v1/summary',
      'get /api/v1/templates',
      'get /api/v1/templates/{id}',
      'get /api/v1/terminals',
      'get /api/v1/terminals/{id}',
      'get /api/v1/terminals/{id}/history',
      'get /api/v1/terminals/{id}/notes',
      'get /api/v1/uptime',
      'get /api/v1/users',
      'get /api/v1/users/{name}',
      'post /api/v1/check',
      'post /api/v1/check/{id}/reply',
      'post /api/v1/firmware/import',
      'post /api/v1/ingest/{source}',
      'post /api/v1/letters/{id}/requeue',
      'post /api/v1/maintenance',
      'post /api/v1/maintenance/rules',
      'post /api/v1/outages/{id}/cancel',
      'post /api/v1/outages/{id}/confirm',
      'post /api/v1/outages/{id}/expected-resolution',
      'post /api/v1/outages/{id}/message',
      'post /api/v1/outages/{id}/send-letter',
      'post /api/v1/recipients',
      'post /api/v1/recipients/import',
      'post /api/v1/requests',
      'post /api/v1/requests/{id}/answered',
      'post /api/v1/requests/{id}/asked',
      'post /api/v1/requests/{id}/close',
      'post /api/v1/requests/{id}/follow-up',
      'post /api/v1/requests/{id}/note',
      'post /api/v1/requests/{id}/official-answered',
      'post /api/v1/requests/{id}/official-asked',
      'post /api/v1/requests/{id}/promised',
      'post /api/v1/requests/{id}/reopen',
      'post /api/v1/requests/{id}/sent',
      'post /api/v1/requests/{id}/step',
      'post /api/v1/requests/{id}/step-done',
      'post /api/v1/requests/{id}/ticket',
      'post /api/v1/terminals/adopt',
      'post /api/v1/terminals/import',
      'post /api/v1/terminals/{id}/ask',
      'post /api/v1/terminals/{id}/notes',
      'post /api/v1/users',
      'post /api/v1/users/{name}/password',
      'post /api/v1/users/{name}/token',
      'put /api/v1/account',
      'put /api/v1/account/password',
      'put /api/v1/contacts',
      'put /api/v1/contacts/{dealer}',
      'put /api/v1/firmware/{model}',
      'put /api/v1/recipients/{id}',
      'put /api/v1/templates/{id}',
      'put /api/v1/terminals/{id}/acknowledge',
      'put /api/v1/terminals/{id}/lifecycle',
      'put /api/v1/terminals/{id}/maintenance',
      'put /api/v1/terminals/{id}/profile',
      'put /api/v1/terminals/{id}/thresholds',
      'put /api/v1/users/{name}',
    ])
  })

  test('says what is answered before a route has its turn, where the route itself does not', async () => {
    type Operation = { responses: object; requestBody?: { content: object } }
    const { paths } = await bodyOf<{ paths: Record<string, Record<string, Operation>> }>(
      await call('/api/v1/openapi.json'),
    )
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { responses, requestBody }] of Object.entries(operations)) {
        const takesJson = 'application/json' in (requestBody?.content ?? {})
        const expected = ['401', '403', ...(takesJson ? ['400', '413'] : [])]
        const missing = expected.filter((status) => !Object.hasOwn(responses, status))
        expect([method, path, missing]).toEqual([method, path, []])
      }
    }
    expect(Object.keys(paths['/api/v1/maintenance']?.['post']?.responses ?? {})).toEqual([
      ...['201', '400', '401', '403', '409', '413', '422'],
    ])
  })
})

test('every answer carries the security headers', async () => {
  for (const path of ['/healthz', '/login', '/api/v1/summary', '/nothing', '/assets/app.css']) {
    const { headers } = await call(path)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('content-security-policy')).not.toContain('unsafe-inline')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('same-origin')
  }
})

function fail(message: string): never {
  throw new Error(message)
}
