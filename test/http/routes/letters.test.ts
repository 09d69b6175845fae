import { beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../../src/http/app.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  createWorld,
  NOW,
  outage,
} from '../../support/app-deps.ts'
import { newLetter } from '../../support/letters.ts'

let world: AppWorld
let ask: (path: string, init?: RequestInit) => Promise<Response>

beforeEach(() => {
  world = createWorld()
  const app = createApp(appDeps(world), appOptions())
  ask = async (path, init = {}) => app.request(path, { ...init, headers: { ...BY_TOKEN, ...init.headers } })
})

/** Puts a letter into the outbox that was refused for good. */
async function deadLetter(id: string): Promise<void> {
  const { outbox } = world.stores
  await outbox.add([newLetter({ id, dueAt: NOW })])
  await outbox.claim(NOW, 10)
  const attempt = { at: NOW, result: 'dead', reply: '550 5.1.1 unknown' }
  await outbox.settle(id, { state: 'dead', nextAt: null, sentAt: null, bodyHandedOver: false, attempt })
}

describe('letters', () => {
  test('are filtered by kind, alone and with the other filters', async () => {
    await world.stores.outbox.add([
      newLetter({ id: 'a', kind: 'initial', subject: 'o' }),
      newLetter({ id: 'b', kind: 'update', subject: 'o' }),
      newLetter({ id: 'c', kind: 'update', subject: 'p' }),
    ])
    expect(await (await ask('/api/v1/letters?kind=update')).json()).toMatchObject({
      items: [{ id: 'c' }, { id: 'b', kind: 'update', sequence: 1, subject: 'o' }],
      total: 2,
    })
    expect(await (await ask('/api/v1/letters?kind=update&outage=o&state=pending')).json()).toMatchObject({
      items: [{ id: 'b' }],
      total: 1,
    })
    expect((await ask('/api/v1/letters?kind=love')).status).toBe(422)
  })
})

describe('an undeliverable letter', () => {
  const requeue = (id: string) => ask(`/api/v1/letters/${id}/requeue`, { method: 'POST' })

  test('is queued again, which the audit trail keeps', async () => {
    await deadLetter('l')
    const response = await requeue('l')
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      id: 'l',
      state: 'pending',
      nextAt: '2026-01-15T10:00:00.000Z',
    })
    const { items } = (await (await ask('/api/v1/audit?subject=l')).json()) as { items: unknown[] }
    expect(items).toMatchObject([{ action: 'letter.requeue', subject: 'l', by: 'admin', via: 'token' }])
  })

  test('is queued again once; one that is not dead is 409 and one that does not exist 404', async () => {
    await deadLetter('l')
    await requeue('l')
    expect((await requeue('l')).status).toBe(409)
    expect((await requeue('x')).status).toBe(404)
  })
})

describe('the preview', () => {
  beforeEach(() => {
    world.preview = { subject: 'S', text: 'T <b>\n', html: '<p style="margin:0">T</p>' }
    world.outages = [outage({ id: 'o' })]
  })

  const preview = (query: string, accept?: string) =>
    ask(`/api/v1/letters/preview?${query}`, accept ? { headers: { Accept: accept } } : {})

  test('gives subject and both parts, in the configured language unless another is asked for', async () => {
    const made = { text: 'T <b>\n', html: '<p style="margin:0">T</p>' }
    expect(await (await preview('kind=initial')).json()).toEqual({ subject: 'S initial ru', ...made })
    expect(await (await preview('')).json()).toEqual({ subject: 'S initial ru', ...made })
    expect(await (await preview('kind=digest')).json()).toEqual({ subject: 'S digest ru', ...made })
    expect(await (await preview('kind=update&language=en&outage=o')).json()).toEqual({
      subject: 'S update en',
      ...made,
    })
  })

  test.each([
    ['text/plain', 'text/plain; charset=UTF-8', 'T <b>\n'],
    ['text/html', 'text/html; charset=UTF-8', '<p style="margin:0">T</p>'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'text/html; charset=UTF-8', '<p style="margin:0">T</p>'],
  ])('gives %s as it is asked for', async (accept, type, body) => {
    const response = await preview('kind=initial', accept)
    expect(response.headers.get('content-type')).toBe(type)
    expect(await response.text()).toBe(body)
  })

  test('as HTML may show its own styles and run nothing', async () => {
    const policy = (await preview('kind=initial', 'text/html')).headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("style-src 'unsafe-inline'")
    expect(policy).toMatch(/; sandbox$/)
    const json = (await preview('kind=initial')).headers.get('content-security-policy')
    expect(json).not.toContain('unsafe-inline')
  })

  test.each([
    ['kind=love', 422],
    ['kind=initial&language=de', 422],
    ['kind=initial&outage=x', 404],
  ])('of %j is %i', async (query, status) => {
    expect((await preview(query)).status).toBe(status)
  })
})
