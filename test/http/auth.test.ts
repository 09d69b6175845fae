import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { DAY, MINUTE, SECOND } from '../../src/core/time.ts'
import { createApp } from '../../src/http/app.ts'
import type { AppOptions } from '../../src/http/deps.ts'
import { ensureFirstAdmin, hashPassword } from '../../src/http/password.ts'
import {
  ADMIN_TOKEN,
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  createWorld,
  NOW,
  outage,
  sessionOf,
  TEST_ACTOR,
} from '../support/app-deps.ts'
import { cheapHash } from '../support/cheap-hash.ts'

const ORIGIN = 'http://localhost'

let world: AppWorld
let password: string
/** The hash of it that the first start keeps. */
let stored: string

beforeAll(async () => {
  const { accounts } = createWorld()
  password = (await ensureFirstAdmin(accounts)) ?? ''
  stored = accounts.get('admin')?.passwordHash ?? ''
})

beforeEach(async () => {
  world = createWorld()
  const admin = { role: 'admin', clients: [], groups: [], language: null, mustChange: false } as const
  await world.accounts.add({ id: 'admin', ...admin, passwordHash: cheapHash(password) }, TEST_ACTOR)
})

const appOf = (options: Partial<AppOptions> = {}) => createApp(appDeps(world), appOptions(options))

type Form = Readonly<Record<string, string>>

function form(fields: Form, headers: Record<string, string> = { Origin: ORIGIN }): RequestInit {
  return { method: 'POST', headers, body: new URLSearchParams(fields) }
}

async function signIn(app = appOf(), fields: Form = {}): Promise<Response> {
  return app.request('/login', form({ user: 'admin', password, next: '/service', ...fields }))
}

const cookieOf = async (): Promise<string> => (await sessionOf(world, 'admin')).Cookie

describe('the generated password', () => {
  test('is made once and kept as a hash', async () => {
    expect(password).toMatch(/^[\w-]{20}$/)
    expect(await ensureFirstAdmin(world.accounts)).toBeNull()
    expect(stored).toMatch(/^scrypt\$32768\$8\$3\$/)
  })

  test('opens a session that leads to the page that was asked for', async () => {
    const response = await signIn()
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/service')
    const cookie = response.headers.get('set-cookie')
    expect(cookie).toMatch(/^watch_session=[\w.-]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/)
  })

  test('makes a secure cookie when the public address is https', async () => {
    const app = appOf({ publicUrl: 'https://watch.example.org/' })
    const headers = { Origin: 'https://watch.example.org' }
    const response = await app.request('/login', form({ user: 'admin', password }, headers))
    expect(response.headers.get('set-cookie')).toContain('; Secure')
  })

  test.each([
    ['a wrong password', { password: 'x' }],
    ['an empty password', { password: '' }],
    ['another name', { user: 'root' }],
  ])('is not replaced by %s', async (_name, fields) => {
    const response = await signIn(appOf(), fields)
    expect(response.status).toBe(401)
    expect(response.headers.get('set-cookie')).toBeNull()
    expect(await response.text()).toContain('role="alert"')
    expect(world.log.lines).toMatchObject([{ level: 'warn', message: 'login refused' }])
  })
})

describe('login', () => {
  test('leads nowhere outside this site', async () => {
    expect((await signIn(appOf(), { next: '//evil.example/' })).headers.get('location')).toBe('/')
  })

  test('from a page of another site is 403', async () => {
    const response = await appOf().request(
      '/login',
      form({ user: 'admin', password }, { Origin: 'http://evil' }),
    )
    expect(response.status).toBe(403)
  })

  test('is throttled after ten failures within a minute, also for the right password', async () => {
    const app = appOf()
    for (let i = 0; i < 10; i++) expect((await signIn(app, { password: 'x' })).status).toBe(401)
    const response = await signIn(app)
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('60')
    await world.clock.advance(MINUTE + SECOND)
    expect((await signIn(app)).status).toBe(303)
  })

  test('takes the admin token in place of a lost password, of the admin alone', async () => {
    expect((await signIn(appOf(), { password: ADMIN_TOKEN })).status).toBe(303)
    expect((await signIn(appOf(), { user: 'other', password: ADMIN_TOKEN })).status).toBe(401)
    expect((await signIn(appOf({ adminToken: '' }), { password: '' })).status).toBe(401)
  })

  test('is throttled by the address that a trusted proxy saw', async () => {
    const app = appOf({ trustProxy: true })
    const from = (address: string): RequestInit =>
      form({ user: 'admin', password: 'x' }, { Origin: ORIGIN, 'X-Forwarded-For': `1.1.1.1, ${address}` })
    for (let i = 0; i < 10; i++) await app.request('/login', from('192.0.2.1'))
    expect((await app.request('/login', from('192.0.2.1'))).status).toBe(429)
    const other = form(
      { user: 'olga', password: 'x' },
      { Origin: ORIGIN, 'X-Forwarded-For': '1.1.1.1, 192.0.2.2' },
    )
    expect((await app.request('/login', other)).status).toBe(401)
  })
})

describe('a session', () => {
  test('opens pages and the API', async () => {
    const app = appOf()
    const headers = { Cookie: await cookieOf() }
    expect((await app.request('/', { headers })).status).toBe(200)
    expect((await app.request('/api/v1/summary', { headers })).status).toBe(200)
    expect((await app.request('/login', { headers })).headers.get('location')).toBe('/')
  })

  test('outlives a restart and ends after seven days', async () => {
    const headers = { Cookie: await cookieOf() }
    await world.clock.advance(7 * DAY - SECOND)
    expect((await appOf().request('/', { headers })).status).toBe(200)
    await world.clock.advance(SECOND)
    expect((await appOf().request('/', { headers })).status).toBe(303)
  })

  test('ends when the password changes', async () => {
    const headers = { Cookie: await cookieOf() }
    await world.accounts.change('admin', { passwordHash: await hashPassword('new') }, TEST_ACTOR)
    expect((await appOf().request('/api/v1/summary', { headers })).status).toBe(401)
  })

  test('with a forged name, time or signature is none', async () => {
    const app = appOf()
    const [name = '', expiry = '', mac = ''] = (await cookieOf()).replace('watch_session=', '').split('.')
    const later = String(Number(expiry) + 1)
    for (const value of [
      `${name}.${later}.${mac}`,
      `${Buffer.from('root').toString('base64url')}.${expiry}.${mac}`,
      `${name}.${expiry}.${mac.slice(0, -2)}AA`,
      `${name}.${NOW}`,
      'x',
    ]) {
      const headers = { Cookie: `watch_session=${value}` }
      expect((await app.request('/api/v1/summary', { headers })).status).toBe(401)
    }
  })

  test('is left by signing out', async () => {
    const app = appOf()
    const response = await app.request('/logout', form({}, { Origin: ORIGIN, Cookie: await cookieOf() }))
    expect(response.headers.get('location')).toBe('/login')
    expect(response.headers.get('set-cookie')).toContain('watch_session=; Max-Age=0')
  })
})

describe('a change by cookie', () => {
  const window = JSON.stringify({ from: '2026-01-15T11:00:00Z', to: '2026-01-15T12:00:00Z' })
  const add = async (app: ReturnType<typeof appOf>, headers: Record<string, string>): Promise<number> => {
    const all = { 'Content-Type': 'application/json', ...headers }
    return (await app.request('/api/v1/maintenance', { method: 'POST', headers: all, body: window })).status
  }

  test('needs the Origin of this host when no public address is set', async () => {
    const app = appOf()
    const Cookie = await cookieOf()
    expect(await add(app, { Cookie, Origin: ORIGIN })).toBe(201)
    expect(await add(app, { Cookie, Origin: 'http://evil.example' })).toBe(403)
    expect(await add(app, { Cookie, Origin: 'null' })).toBe(403)
    expect(await add(app, { Cookie })).toBe(403)
  })

  test('needs the Origin of the public address when one is set', async () => {
    const Cookie = await cookieOf()
    const app = appOf({ publicUrl: 'https://watch.example.org/' })
    expect(await add(app, { Cookie, Origin: 'https://watch.example.org' })).toBe(201)
    expect(await add(app, { Cookie, Origin: ORIGIN })).toBe(403)
    expect(await add(app, { Cookie, Origin: 'https://watch.example.org.evil' })).toBe(403)
  })

  test('on a page needs it as well', async () => {
    const app = appOf()
    const Cookie = await cookieOf()
    const fields = { from: '', to: '2026-01-15T18:00', reason: 'x' }
    const foreign = await app.request('/service/maintenance', form(fields, { Cookie, Origin: 'http://evil' }))
    expect(foreign.status).toBe(403)
    expect((await app.request('/service/maintenance', form(fields, { Cookie, Origin: ORIGIN }))).status).toBe(
      303,
    )
    expect(world.windows).toHaveLength(1)
  })

  test.each([
    '/api/v1/outages/o/confirm',
    '/api/v1/letters/l/requeue',
    '/api/v1/recipients/import',
    '/service/rules',
    '/outages/o/confirm',
    '/letters/l/requeue',
    '/recipients',
    '/recipients/import',
    '/api/v1/terminals/adopt',
    '/inventory/import',
    '/inventory/adopt',
  ])('to %s from another site is 403', async (path) => {
    const headers = { Cookie: await cookieOf(), Origin: 'http://evil.example' }
    expect((await appOf().request(path, form({}, headers))).status).toBe(403)
    const without = { Cookie: headers.Cookie }
    expect((await appOf().request(path, form({}, without))).status).toBe(403)
  })

  test('stands in the audit trail as made in a session', async () => {
    const row = outage({ id: 'o', state: 'open', end: null })
    world.outages = [row]
    const headers = { Cookie: await cookieOf(), Origin: ORIGIN }
    expect((await appOf().request('/outages/o/confirm', form({}, headers))).status).toBe(303)
    const [entry] = await world.stores.audit.list({ limit: 1 })
    expect(entry?.actor).toEqual({ name: 'admin', via: 'session', address: 'unknown' })
  })

  test('is not what a token makes', async () => {
    expect(await add(appOf(), BY_TOKEN)).toBe(201)
  })
})

describe('a stranger', () => {
  test.each([
    ['GET', '/api/v1/terminals'],
    ['GET', '/api/v1/terminals/1'],
    ['GET', '/api/v1/terminals/1/history'],
    ['PUT', '/api/v1/terminals/1/maintenance'],
    ['PUT', '/api/v1/terminals/1/lifecycle'],
    ['PUT', '/api/v1/terminals/1/thresholds'],
    ['PUT', '/api/v1/terminals/1/acknowledge'],
    ['DELETE', '/api/v1/terminals/1/learnt'],
    ['POST', '/api/v1/terminals/import'],
    ['POST', '/api/v1/terminals/adopt'],
    ['GET', '/api/v1/inventory/export'],
    ['GET', '/api/v1/inventory/conflicts'],
    ['GET', '/api/v1/summary'],
    ['GET', '/api/v1/service'],
    ['GET', '/api/v1/outages'],
    ['GET', '/api/v1/outages/1'],
    ['GET', '/api/v1/letters'],
    ['GET', '/api/v1/letters/1'],
    ['GET', '/api/v1/letters/1.eml'],
    ['GET', '/api/v1/uptime'],
    ['GET', '/api/v1/maintenance'],
    ['POST', '/api/v1/maintenance'],
    ['DELETE', '/api/v1/maintenance/1'],
    ['GET', '/api/v1/sources'],
    ['POST', '/api/v1/outages/1/expected-resolution'],
    ['POST', '/api/v1/outages/1/cancel'],
    ['POST', '/api/v1/outages/1/send-letter'],
    ['GET', '/api/v1/letters/preview?kind=initial'],
    ['POST', '/api/v1/letters/1/requeue'],
    ['GET', '/api/v1/maintenance/rules'],
    ['POST', '/api/v1/maintenance/rules'],
    ['DELETE', '/api/v1/maintenance/rules/1'],
    ['GET', '/api/v1/recipients'],
    ['POST', '/api/v1/recipients'],
    ['POST', '/api/v1/recipients/import'],
    ['PUT', '/api/v1/recipients/1'],
    ['DELETE', '/api/v1/recipients/1'],
    ['GET', '/api/v1/reports/uptime'],
    ['GET', '/api/v1/audit'],
    ['GET', '/api/v1/anything'],
  ])('gets 401 for %s %s, with or without a wrong token', async (method, path) => {
    for (const headers of [{}, { Authorization: 'Bearer wrong' }, { Authorization: 'Basic YWRtaW46eA==' }]) {
      const response = await appOf().request(path, { method, headers })
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/)
      expect(response.headers.get('content-type')).toBe('application/problem+json')
    }
  })

  test('is led from pages to the login and back', async () => {
    const response = await appOf().request('/?client=A&state=stale')
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/login?next=%2F%3Fclient%3DA%26state%3Dstale')
    for (const path of [
      'service',
      'outages/1',
      'letters',
      'letters/1',
      'letters/1/html',
      'recipients',
      'audit',
      'inventory',
    ]) {
      const next = encodeURIComponent(`/${path}`)
      expect((await appOf().request(`/${path}`)).headers.get('location')).toBe(`/login?next=${next}`)
    }
  })

  test('has no account when no admin token is set', async () => {
    const headers = { Authorization: 'Bearer ' }
    expect((await appOf({ adminToken: '' }).request('/api/v1/summary', { headers })).status).toBe(401)
  })
})
