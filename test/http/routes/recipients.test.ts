import { beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../../src/http/app.ts'
import { type AppWorld, appDeps, appOptions, BY_TOKEN, createWorld } from '../../support/app-deps.ts'

let world: AppWorld
let ask: (path: string, init?: RequestInit) => Promise<Response>

const FILED = { id: 'f1', email: 'file@example.org', name: 'File', language: 'ru', origin: 'file' } as const
const ANNA = { id: 'r1', email: 'anna@example.org', name: 'Анна', language: 'ru', origin: 'page' } as const

beforeEach(() => {
  world = createWorld()
  world.recipients = [FILED, ANNA]
  const app = createApp(appDeps(world), appOptions())
  ask = async (path, init = {}) => app.request(path, { ...init, headers: { ...BY_TOKEN, ...init.headers } })
})

const send = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
})

describe('recipients', () => {
  test('are listed with where they come from, and one by one', async () => {
    const list: unknown = await (await ask('/api/v1/recipients')).json()
    expect(list).toEqual({ items: [FILED, ANNA], next: null, total: 2 })
    expect(await (await ask('/api/v1/recipients/r1')).json()).toEqual(ANNA)
    expect((await ask('/api/v1/recipients/x')).status).toBe(404)
  })

  test('are added with 201 and the defaults of the configuration', async () => {
    const response = await ask('/api/v1/recipients', send('POST', { email: ' bob@example.org ' }))
    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({
      id: 'r3',
      email: 'bob@example.org',
      name: '',
      language: 'ru',
      origin: 'page',
    })
    expect(world.recipients).toHaveLength(3)
  })

  test.each([
    [{}],
    [{ email: 'anna' }],
    [{ email: 'a@b\r\nBcc: c@d' }],
    [{ email: `${'a'.repeat(250)}@example.org` }],
    [{ email: 'a@example.org', name: 'x'.repeat(201) }],
    [{ email: 'a@example.org', name: 'two\nlines' }],
    [{ email: 'a@example.org', language: 'de' }],
    [{ email: 'a@example.org', extra: 1 }],
    [[]],
  ])('as %j are 422', async (body) => {
    expect((await ask('/api/v1/recipients', send('POST', body))).status).toBe(422)
    expect(world.recipients).toHaveLength(2)
  })

  test('with an address that is taken are 409', async () => {
    expect((await ask('/api/v1/recipients', send('POST', { email: 'ANNA@example.org' }))).status).toBe(409)
    expect((await ask('/api/v1/recipients/r1', send('PUT', { email: FILED.email }))).status).toBe(409)
  })

  test('are changed and removed, unless they are of the file', async () => {
    const changed = { email: 'anna@example.org', name: 'Anna', language: 'en' }
    const response = await ask('/api/v1/recipients/r1', send('PUT', changed))
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ ...ANNA, ...changed })
    expect((await ask('/api/v1/recipients/f1', send('PUT', changed))).status).toBe(409)
    expect((await ask('/api/v1/recipients/x', send('PUT', changed))).status).toBe(404)
    const remove = async (id: string): Promise<number> =>
      (await ask(`/api/v1/recipients/${id}`, { method: 'DELETE' })).status
    expect(await remove('f1')).toBe(409)
    expect(await remove('r1')).toBe(204)
    expect(await remove('r1')).toBe(404)
    expect(world.recipients).toEqual([FILED])
  })
})

describe('recipients as CSV', () => {
  test.each([
    ['/api/v1/recipients', { Accept: 'text/csv' }],
    ['/api/v1/recipients?format=csv', {}],
  ])('come from %s %j, without formulas', async (path, headers: Record<string, string>) => {
    world.recipients = [ANNA, { ...ANNA, id: 'r2', email: 'b@example.org', name: '=cmd|x', language: 'en' }]
    const response = await ask(path, { headers })
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(Buffer.from(await response.arrayBuffer()).toString()).toBe(
      "\uFEFFemail,name,language\r\nanna@example.org,Анна,ru\r\nb@example.org,'=cmd|x,en\r\n",
    )
  })

  const csv = (body: string): RequestInit => ({
    method: 'POST',
    headers: { 'Content-Type': 'text/csv' },
    body,
  })

  test('are imported', async () => {
    const response = await ask('/api/v1/recipients/import', csv('email\na@example.org\n'))
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ created: 1, updated: 2, rejected: [] })
    expect(Buffer.from(world.imported[0] ?? []).toString()).toBe('email\na@example.org\n')
  })

  test('with bad lines are 422 and named', async () => {
    const rejected = [{ line: 2, reason: 'is no address' }]
    world.importReport = { created: 0, updated: 0, rejected, warnings: [] }
    const response = await ask('/api/v1/recipients/import', csv('email\nx\n'))
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ created: 0, updated: 0, rejected })
  })

  test('may be larger than other bodies, but not without end', async () => {
    expect((await ask('/api/v1/recipients/import', csv('x'.repeat(2_000_000)))).status).toBe(200)
    expect((await ask('/api/v1/recipients/import', csv('x'.repeat(9_000_000)))).status).toBe(413)
  })
})
