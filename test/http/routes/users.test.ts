import { beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../../src/http/app.ts'
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
} from '../../support/app-deps.ts'
import { cheapHash } from '../../support/cheap-hash.ts'

type User = { name: string; role: string; password?: string; mustChange: boolean; hasToken: boolean }

let world: AppWorld
let app: ReturnType<typeof createApp>

beforeEach(async () => {
  world = createWorld()
  app = createApp(appDeps(world), appOptions())
  await tokenOf(world, 'admin')
})

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: object = BY_TOKEN,
): Promise<Response> {
  return app.request(path, {
    method,
    headers: { 'Content-Type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

async function signIn(user: string, password: string): Promise<Response> {
  const body = new URLSearchParams({ user, password })
  return app.request('/login', { method: 'POST', headers: { Origin: 'http://localhost' }, body })
}

const cookieOf = (response: Response): string =>
  (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''

describe('an account', () => {
  test('is added, listed, changed and removed', async () => {
    const added = await call('POST', '/api/v1/users', {
      name: 'ольга@дилер.рф',
      role: 'dealer',
      clients: [' Agro ', 'Agro', ''],
      groups: ['D/Agro'],
      language: 'en',
      password: 'correct horse battery',
    })
    expect(added.status).toBe(201)
    expect(await bodyOf(added)).toEqual({
      name: 'ольга@дилер.рф',
      role: 'dealer',
      clients: ['Agro'],
      groups: ['D/Agro'],
      language: 'en',
      mustChange: false,
      hasPassword: true,
      hasToken: false,
      createdAt: '2026-01-15T10:00:00.000Z',
      createdBy: 'admin',
    })
    const path = `/api/v1/users/${encodeURIComponent('ольга@дилер.рф')}`
    const list = await bodyOf<{ items: User[]; total: number }>(await call('GET', '/api/v1/users?limit=1'))
    expect(list).toMatchObject({ items: [{ name: 'admin' }], next: '1', total: 2 })
    const changed = await call('PUT', path, { role: 'operator' })
    expect(await bodyOf(changed)).toMatchObject({ role: 'operator', clients: ['Agro'], language: 'en' })
    expect((await call('PUT', path, { name: 'other' })).status).toBe(422)
    expect((await call('DELETE', path)).status).toBe(204)
    for (const [method, body] of [['GET'], ['PUT', {}], ['DELETE']] as const) {
      expect((await call(method, path, body)).status).toBe(404)
    }
  })

  test.each([
    [{ name: 'ADMIN', role: 'dealer' }, 409],
    [{ name: '..', role: 'dealer' }, 422],
    [{ name: 'two words', role: 'dealer' }, 422],
    [{ name: 'x'.repeat(65), role: 'dealer' }, 422],
    [{ name: 'olga', role: 'root' }, 422],
    [{ name: 'olga' }, 422],
    [{ name: 'olga', role: 'dealer', password: 'short' }, 422],
    [{ name: 'olga@example.org', role: 'dealer', password: 'OLGA@example.org' }, 422],
    [{ name: 'olga', role: 'dealer', clients: ['x'.repeat(501)] }, 422],
    [{ name: 'olga', role: 'dealer', clients: ['a\nb'] }, 422],
    [{ name: 'olga', role: 'dealer', clients: Array.from({ length: 1001 }, (_, i) => `${i}`) }, 422],
    [{ name: 'olga', role: 'dealer', admin: true }, 422],
  ])('of %j is %i', async (body, status) => {
    expect((await call('POST', '/api/v1/users', body)).status).toBe(status)
    expect(world.accounts.list()).toHaveLength(1)
  })

  test('without a password gets one that is shown once and leads to the page for another one', async () => {
    const { password = '', mustChange } = await bodyOf<User>(
      await call('POST', '/api/v1/users', { name: 'olga', role: 'dealer' }),
    )
    expect(mustChange).toBe(true)
    const signedIn = await signIn('Olga', password)
    const headers = { Cookie: cookieOf(signedIn), Origin: 'http://localhost' }
    expect((await app.request('/', { headers })).headers.get('location')).toBe('/account')
    expect((await call('GET', '/api/v1/summary', undefined, headers)).status).toBe(403)
    const text = await (await app.request('/account', { headers })).text()
    expect(text).toContain('Выберите свой пароль')
    expect(text).not.toContain('<nav')
    const chosen = await call(
      'PUT',
      '/api/v1/account/password',
      { current: password, new: 'my own long password' },
      headers,
    )
    expect(chosen.status).toBe(204)
    expect((await app.request('/', { headers })).status).toBe(303)
    const renewed = { Cookie: cookieOf(chosen), Origin: 'http://localhost' }
    expect((await app.request('/', { headers: renewed })).status).toBe(200)
  })

  test('of a machine has no password, and pushes by its token', async () => {
    const added = await bodyOf<User>(await call('POST', '/api/v1/users', { name: 'gate', role: 'ingest' }))
    expect(added).toMatchObject({ hasPassword: false, mustChange: false })
    expect(added.password).toBeUndefined()
    const { token } = await bodyOf<{ token: string }>(await call('POST', '/api/v1/users/gate/token'))
    const headers = { Authorization: `Bearer ${token}` }
    expect((await call('POST', '/api/v1/ingest/push', {}, headers)).status).toBe(202)
    expect((await call('GET', '/api/v1/summary', undefined, headers)).status).toBe(403)
  })

  test('that is the last administrator stays', async () => {
    expect((await call('DELETE', '/api/v1/users/admin')).status).toBe(409)
    expect((await call('PUT', '/api/v1/users/admin', { role: 'operator' })).status).toBe(409)
  })
})

describe('a token', () => {
  test('is shown once, replaced and taken away', async () => {
    await tokenOf(world, 'operator')
    const statusOf = async (token: string) =>
      (await call('GET', '/api/v1/summary', undefined, { Authorization: `Bearer ${token}` })).status
    const give = async () =>
      (await bodyOf<{ token: string }>(await call('POST', '/api/v1/users/operator/token'))).token
    const first = await give()
    expect(first).toMatch(/^[\w-]{43}$/)
    expect(await statusOf(first)).toBe(200)
    const second = await give()
    expect([await statusOf(first), await statusOf(second)]).toEqual([401, 200])
    expect(JSON.stringify(await world.stores.accounts.load())).not.toContain(second)
    expect((await call('DELETE', '/api/v1/users/operator/token')).status).toBe(204)
    expect(await statusOf(second)).toBe(401)
    expect((await call('DELETE', '/api/v1/users/operator/token')).status).toBe(409)
    expect((await call('POST', '/api/v1/users/nobody/token')).status).toBe(404)
  })
})

describe('sessions', () => {
  const isIn = async (headers: Record<string, string>) =>
    (await app.request('/account', { headers })).status === 200

  test.each([
    ['another scope', 'PUT', '/api/v1/users/dealer', { clients: ['Other'] }],
    ['another role', 'PUT', '/api/v1/users/dealer', { role: 'operator' }],
    ['a new password', 'POST', '/api/v1/users/dealer/password', undefined],
    ['being removed', 'DELETE', '/api/v1/users/dealer', undefined],
  ])('end with %s', async (_name, method, path, body) => {
    const headers = await sessionOf(world, 'dealer', { clients: ['Agro'] })
    expect(await isIn(headers)).toBe(true)
    expect((await call(method, path, body)).status).toBeLessThan(300)
    expect(await isIn(headers)).toBe(false)
  })

  test('end one by one by signing out, and all by signing out everywhere', async () => {
    const [a, b, c] = [
      await sessionOf(world, 'dealer'),
      await sessionOf(world, 'dealer'),
      await sessionOf(world, 'dealer'),
    ]
    await app.request('/logout', { method: 'POST', headers: a })
    expect([await isIn(a), await isIn(b), await isIn(c)]).toEqual([false, true, true])
    expect((await call('DELETE', '/api/v1/account/sessions', undefined, b)).status).toBe(204)
    expect([await isIn(b), await isIn(c)]).toEqual([false, false])
  })

  test('are secure when a trusted proxy says https, and only then', async () => {
    await call('POST', '/api/v1/users', { name: 'olga', role: 'dealer', password: 'correct horse battery' })
    for (const trustProxy of [true, false]) {
      app = createApp(appDeps(world), appOptions({ trustProxy }))
      const body = new URLSearchParams({ user: 'olga', password: 'correct horse battery' })
      const headers = { Origin: 'http://localhost', 'X-Forwarded-Proto': 'https' }
      const cookie = (await app.request('/login', { method: 'POST', headers, body })).headers.get(
        'set-cookie',
      )
      expect(cookie?.includes('; Secure')).toBe(trustProxy)
    }
  })
})

describe('the own account', () => {
  test('tells who one is and keeps a language', async () => {
    const headers = await tokenOf(world, 'dealer')
    expect(await bodyOf(await call('PUT', '/api/v1/account', { language: 'en' }, headers))).toMatchObject({
      name: 'dealer',
      language: 'en',
    })
    expect(await (await app.request('/account', { headers })).text()).toContain('<html lang="en">')
    const remembered = { ...headers, Cookie: 'lang=ru' }
    expect(await (await app.request('/account', { headers: remembered })).text()).toContain(
      '<html lang="ru">',
    )
  })

  test.each([
    ['the wrong one', { current: 'wrong', new: 'another long password' }, 'body.current'],
    ['a short one', { current: 'correct horse battery', new: 'short' }, 'body.new'],
    ['the same one', { current: 'correct horse battery', new: 'correct horse battery' }, 'body.new'],
  ])('keeps its password when %s is given', async (_name, body, path) => {
    await call('POST', '/api/v1/users', { name: 'olga', role: 'dealer', password: 'correct horse battery' })
    const headers = {
      Cookie: cookieOf(await signIn('olga', 'correct horse battery')),
      Origin: 'http://localhost',
    }
    const response = await call('PUT', '/api/v1/account/password', body, headers)
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ errors: [{ path }] })
    expect((await app.request('/account', { headers })).status).toBe(200)
  })
})

describe('the audit trail', () => {
  test('has sign-ins, a few refused ones per name, and no secret', async () => {
    await world.accounts.change('admin', { passwordHash: cheapHash('correct horse battery') }, TEST_ACTOR)
    for (let i = 0; i < 5; i++) await signIn('admin', 'wrong')
    await signIn('my password by mistake', 'x')
    await signIn('admin', 'correct horse battery')
    const entries = await world.stores.audit.list({ limit: 100 })
    expect(entries.map(({ action, subject }) => `${action} ${subject}`).slice(0, 5)).toEqual([
      'account.sign-in admin',
      'account.refused ?',
      'account.refused admin',
      'account.refused admin',
      'account.refused admin',
    ])
    expect(JSON.stringify(entries)).not.toMatch(/mistake|horse|scrypt/)
  })
})
