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

let world: AppWorld

beforeEach(() => {
  world = createWorld()
  world.terminals = [terminal({ id: '1', client: 'Alfa' })]
})

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = BY_TOKEN) {
  return await createApp(appDeps(world), appOptions()).request(`/api/v1${path}`, {
    method,
    headers: { ...headers, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

const OFFICIAL = { text: '1. Логин\n2. IMEI\n3. Фото (если есть)', source: 'FAQ, 15.01.2026' }

test('official points take the place of a draft, count up its version, and the draft can come back', async () => {
  const replaced = await ask('PUT', '/templates/no-data', OFFICIAL)
  expect(await replaced.json()).toMatchObject({
    id: 'no-data',
    version: 2,
    status: 'official',
    source: OFFICIAL.source,
    points: [
      { key: 'p1', label: { ru: 'Логин' }, required: true, fill_from: 'account' },
      { key: 'imei', required: true, fill_from: 'imei' },
      { key: 'p3', required: false, fill_from: 'ask' },
    ],
  })
  const check = (await (await ask('GET', '/check/1')).json()) as { request: { draft: boolean; text: string } }
  expect(check.request.draft).toBe(false)
  expect(check.request.text).not.toContain('ЧЕРНОВИК')
  expect(await (await ask('DELETE', '/templates/no-data')).json()).toMatchObject({
    version: 3,
    status: 'draft',
  })
  expect((await ask('DELETE', '/templates/no-data')).status).toBe(409)
})

describe('templates', () => {
  test('are all listed, and one by one', async () => {
    const list = (await (await ask('GET', '/templates')).json()) as { total: number }
    expect(list.total).toBe(12)
    expect((await ask('GET', '/templates/fuel')).status).toBe(200)
    expect((await ask('GET', '/templates/moon')).status).toBe(404)
  })

  test.each([
    [{ ...OFFICIAL, text: '' }],
    [{ ...OFFICIAL, text: '- \n - ' }],
    [{ ...OFFICIAL, source: '' }],
    [{ ...OFFICIAL, text: 'x'.repeat(10_001) }],
    [{ text: 'a' }],
  ])('are not replaced by %j', async (body) => {
    expect((await ask('PUT', '/templates/no-data', body)).status).toBe(422)
  })

  test('of an unknown kind are 404, and dealers may not change them', async () => {
    expect((await ask('PUT', '/templates/moon', OFFICIAL)).status).toBe(404)
    expect((await ask('DELETE', '/templates/moon')).status).toBe(404)
    const dealer = await tokenOf(world, 'dealer', { clients: ['Alfa'] })
    expect((await ask('PUT', '/templates/no-data', OFFICIAL, dealer)).status).toBe(403)
    expect((await ask('GET', '/templates', undefined, dealer)).status).toBe(200)
  })
})
