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

const SMART = {
  model: 'Smart 3.0',
  latest: 120,
  critical_min: 100,
  broken: [115],
  released: '2026-01-15',
  note: 'TNL',
}

let world: AppWorld

beforeEach(() => {
  world = createWorld()
})

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = BY_TOKEN) {
  return await createApp(appDeps(world), appOptions()).request(`/api/v1${path}`, {
    method,
    headers: { ...headers, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
}

describe('the firmware catalogue', () => {
  test('takes a model, gives it back and forgets it, with an audit trail', async () => {
    const { model, ...entry } = SMART
    const put = await ask('PUT', '/firmware/Smart%203.0', entry)
    expect([put.status, await put.json()]).toEqual([200, SMART])
    expect(await (await ask('GET', '/firmware/smart%203.0')).json()).toEqual(SMART)
    expect(await (await ask('GET', '/firmware')).json()).toEqual({ items: [SMART], next: null, total: 1 })
    expect((await ask('DELETE', '/firmware/Smart%203.0')).status).toBe(204)
    expect((await ask('DELETE', '/firmware/Smart%203.0')).status).toBe(404)
    expect((await ask('GET', `/firmware/${encodeURIComponent(model)}`)).status).toBe(404)
    const actions = (await world.stores.audit.list({ limit: 10 })).map(({ action }) => action)
    expect(actions).toEqual(['firmware.delete', 'firmware.add'])
  })

  test('refuses what is wrong with every fault', async () => {
    const response = await ask('PUT', '/firmware/x', { latest: 5, critical_min: 6, released: 'soon' })
    expect(response.status).toBe(422)
    const { errors } = (await response.json()) as { errors: { path: string; message: string }[] }
    expect(errors.map(({ path }) => path)).toEqual(['body.released', 'body.critical_min'])
    expect(errors[1]?.message).toBe('must not be higher than latest')
    expect((await ask('PUT', '/firmware/x', {})).status).toBe(422)
  })

  test('is imported as a whole or not at all', async () => {
    const csv = 'model,latest\nSmart 3.0,120\nOBD,7\n'
    expect(await (await ask('POST', '/firmware/import', csv)).json()).toEqual({ created: 2, updated: 0 })
    const wrong = await ask('POST', '/firmware/import', 'model,latest\nOBD,8\nLight,new')
    expect(wrong.status).toBe(422)
    expect(await (await ask('GET', '/firmware/OBD')).json()).toMatchObject({ latest: 7 })
  })

  test('is read by dealers and changed by the desk only', async () => {
    const dealer = await tokenOf(world, 'dealer', { clients: ['Alfa'] })
    expect((await ask('GET', '/firmware', undefined, dealer)).status).toBe(200)
    expect((await ask('PUT', '/firmware/x', { latest: 1 }, dealer)).status).toBe(403)
    expect((await ask('POST', '/firmware/import', '[]', dealer)).status).toBe(403)
  })
})

describe('a terminal', () => {
  test('tells its firmware with the status in JSON and CSV', async () => {
    const firmware = { version: '110', at: null, status: 'old', latest: 120 } as const
    world.terminals = [terminal({ id: '1', firmware }), terminal({ id: '2' })]
    const told = await (await ask('GET', '/terminals/1')).json()
    expect(told).toMatchObject({ firmware: { version: '110', status: 'old', at: null, latest: 120 } })
    expect(await (await ask('GET', '/terminals/2')).json()).not.toHaveProperty('firmware')
    const csv = await (await ask('GET', '/terminals?format=csv')).text()
    expect(csv.split('\r\n')[0]).toContain('firmware,firmwareStatus')
    expect(csv).toContain('110,old')
  })
})
