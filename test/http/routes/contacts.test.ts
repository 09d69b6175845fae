import { beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../../src/http/app.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  createWorld,
  terminal,
  tokenOf,
} from '../../support/app-deps.ts'

const PATH = '/api/v1/contacts'
const GIVEN = {
  name: 'Поддержка',
  phone: '+7 495 000-00-00 доб. 12',
  email: 's@dealer.ru',
  hours: 'пн-пт 9-18',
}

let world: AppWorld
let ask: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Response>

beforeEach(() => {
  world = createWorld()
  world.terminals = [
    terminal({ id: '1', client: 'Alfa', dealer: 'ООО Д/1' }),
    terminal({ id: '2', client: 'Beta', dealer: 'Other' }),
  ]
  const app = createApp(appDeps(world), appOptions())
  ask = async (method, path, body, headers = BY_TOKEN) =>
    app.request(PATH + path, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
})

const DEALER = `/${encodeURIComponent('ООО Д/1')}`

describe('contacts', () => {
  test('are put, listed, read and removed by dealer, and the common one without', async () => {
    const put = await ask('PUT', DEALER, GIVEN)
    expect(put.status).toBe(200)
    expect(await put.json()).toEqual({ dealer: 'ООО Д/1', ...GIVEN, warnings: [] })
    expect((await ask('PUT', '', { phone: '112' })).status).toBe(200)
    expect(await (await ask('GET', '')).json()).toMatchObject({
      items: [{ dealer: '', phone: '112' }, { dealer: 'ООО Д/1' }],
      next: null,
      total: 2,
    })
    expect(await (await ask('GET', DEALER)).json()).toMatchObject(GIVEN)
    expect((await ask('DELETE', DEALER)).status).toBe(204)
    expect((await ask('DELETE', DEALER)).status).toBe(404)
    expect((await ask('GET', DEALER)).status).toBe(404)
    expect((await ask('DELETE', '')).status).toBe(204)
  })

  test.each([
    [{}],
    [{ name: 'Anna' }],
    [{ phone: 'call me' }],
    [{ email: 'anna' }],
    [{ email: 'a@b.ru\r\nBcc: c@d.ru' }],
    [{ phone: '112', name: 't.me/anna' }],
    [{ phone: '112', hours: 'пишите в WhatsApp' }],
    [{ phone: '112', name: 'Viber +7 999 000-00-00' }],
    [{ phone: '112', hours: 'wa.me/79990000000' }],
    [{ phone: '112', name: 'x'.repeat(201) }],
    [{ phone: '112', extra: 1 }],
  ])('as %j are 422', async (body) => {
    expect((await ask('PUT', DEALER, body)).status).toBe(422)
    expect(world.contacts.list()).toEqual([])
  })

  test('with an address of private people are taken with a warning', async () => {
    const response = await ask('PUT', DEALER, { email: 'anna@gmail.com' })
    expect(await response.json()).toMatchObject({ warnings: ['personal-mail'] })
  })
})

describe('a dealer', () => {
  test('reads his own and the common one, and changes none', async () => {
    for (const path of [DEALER, '/Other', '']) await ask('PUT', path, { phone: '112' })
    const dealer = await tokenOf(world, 'dealer', { clients: ['Alfa'] })
    const list = (await (await ask('GET', '', undefined, dealer)).json()) as { items: { dealer: string }[] }
    expect(list.items.map((each) => each.dealer)).toEqual(['', 'ООО Д/1'])
    expect((await ask('GET', DEALER, undefined, dealer)).status).toBe(200)
    expect((await ask('GET', '/Other', undefined, dealer)).status).toBe(404)
    expect((await ask('PUT', DEALER, GIVEN, dealer)).status).toBe(403)
    expect((await ask('DELETE', DEALER, undefined, dealer)).status).toBe(403)
  })
})
