import { beforeEach, describe, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts'
import { createApp } from '../../../src/http/app.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  bodyOf,
  createWorld,
  NOW,
  terminal,
} from '../../support/app-deps.ts'

let world: AppWorld

beforeEach(() => {
  world = createWorld()
  world.terminals = [terminal({ id: '1' })]
})

async function send(method: string, path: string, body?: unknown): Promise<Response> {
  return await createApp(appDeps(world), appOptions()).request(`/api/v1/terminals/${path}`, {
    method,
    headers: { ...BY_TOKEN, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
}

async function faultsOf(response: Response): Promise<string[]> {
  const { errors } = await bodyOf<{ errors: { path: string }[] }>(response)
  return errors.map(({ path }) => path)
}

describe('thresholds of a terminal', () => {
  test('are set as the configuration writes them', async () => {
    const body = {
      ...{ moving: '20m', parked: 'off', lost: '1d12h', neverAfter: '2d', liveLag: '90s' },
      ...{ learn: true, floor: '5m', cap: '2h' },
    }
    expect((await send('PUT', '1/thresholds', body)).status).toBe(200)
    const thresholds = {
      ...{ moving: 20 * MINUTE, parked: Infinity, lost: 36 * HOUR, neverAfter: 2 * DAY, liveLag: 90_000 },
      ...{ learn: true, floor: 5 * MINUTE, cap: 2 * HOUR },
    }
    expect(world.changes).toEqual([{ id: '1', change: { thresholds } }])
    expect(world.inventoryActors).toEqual(['admin'])
  })

  test.each([['{}'], ['null']])('are taken away by %s', async (body) => {
    expect((await send('PUT', '1/thresholds', body)).status).toBe(200)
    expect(world.changes).toEqual([{ id: '1', change: { thresholds: null } }])
  })

  test('stay when there is no body', async () => {
    const init = { method: 'PUT', headers: BY_TOKEN }
    const app = createApp(appDeps(world), appOptions())
    expect((await app.request('/api/v1/terminals/1/thresholds', init)).status).toBe(400)
    expect(world.changes).toEqual([])
  })

  test.each([
    ['a key that there is not', { moving: '5m', speed: '5m' }, ['body']],
    ['a number', { moving: 300 }, ['body.moving']],
    ['what is no duration', { moving: '5', lost: '0s', parked: 'never' }, ['moving', 'parked', 'lost']],
    ['off where that means nothing', { moving: 'off' }, ['body.moving']],
    ['a word for learn', { learn: 'yes' }, ['body.learn']],
    ['a cap below the floor', { floor: '1h', cap: '5m' }, ['body.cap']],
    ['a list', [], ['body']],
  ])('are refused with the place of each fault: %s', async (_name, body, places) => {
    const response = await send('PUT', '1/thresholds', body)
    expect(response.status).toBe(422)
    const paths = places.map((place) => (place.startsWith('body') ? place : `body.${place}`))
    expect(await faultsOf(response)).toEqual(paths)
    expect(world.changes).toEqual([])
  })

  test('are shown with the terminal as they are written', async () => {
    world.terminals = [
      terminal({ id: '1', ownThresholds: { moving: 90_000, parked: Infinity, learn: true } }),
    ]
    expect(await (await send('GET', '1')).json()).toMatchObject({
      ownThresholds: { moving: '1m30s', parked: 'off', learn: true },
    })
  })

  test('of nobody are 404', async () => {
    expect((await send('PUT', '2/thresholds', { moving: '5m' })).status).toBe(404)
  })
})

describe('what is known of a silence', () => {
  test('is set with who said so, and taken back', async () => {
    const body = { until: '2026-01-16T13:00:00+03:00', reason: ' in repair ' }
    expect((await send('PUT', '1/acknowledge', body)).status).toBe(200)
    expect((await send('PUT', '1/acknowledge', { until: null })).status).toBe(200)
    const acknowledged = { until: NOW + DAY, reason: 'in repair', by: 'admin' }
    expect(world.changes.map(({ change }) => change)).toEqual([{ acknowledged }, { acknowledged: null }])
  })

  test('is taken back by null, as thresholds and planned work are', async () => {
    expect((await send('PUT', '1/acknowledge', 'null')).status).toBe(200)
    expect(world.changes).toEqual([{ id: '1', change: { acknowledged: null } }])
  })

  test('is shown with the terminal', async () => {
    world.terminals = [
      terminal({ id: '1', acknowledged: { until: NOW + DAY, reason: 'repair', by: 'anna' } }),
    ]
    expect(await (await send('GET', '1')).json()).toMatchObject({
      acknowledged: { until: '2026-01-16T10:00:00.000Z', reason: 'repair', by: 'anna' },
    })
  })

  test.each([
    ['a time that is over', { until: '2026-01-15T10:00:00Z', reason: 'x' }, 'body.until'],
    ['a slip in the year', { until: '2126-01-15T10:00:00Z', reason: 'x' }, 'body.until'],
    ['no time', { until: 'tomorrow', reason: 'x' }, 'body.until'],
    ['nothing', { reason: 'x' }, 'body.until'],
    ['no reason', { until: '2026-01-16T10:00:00Z', reason: ' ' }, 'body.reason'],
    ['a reason of many lines', { until: '2026-01-16T10:00:00Z', reason: 'a\nb' }, 'body.reason'],
    ['an endless reason', { until: '2026-01-16T10:00:00Z', reason: 'x'.repeat(501) }, 'body.reason'],
    ['something more', { until: null, by: 'me' }, 'body'],
    ['a list', [], 'body'],
  ])('is refused with %s', async (_name, body, path) => {
    const response = await send('PUT', '1/acknowledge', body)
    expect(response.status).toBe(422)
    expect(await faultsOf(response)).toEqual([path])
    expect(world.changes).toEqual([])
  })

  test('of nobody is 404', async () => {
    expect((await send('PUT', '2/acknowledge', { until: null })).status).toBe(404)
  })
})

describe('what a terminal has learnt', () => {
  test('is shown, also while the gaps are too few', async () => {
    const learnt = { moving: { seconds: 240, gaps: 60 }, parked: { seconds: null, gaps: 3 } }
    world.terminals = [terminal({ id: '1', learnt })]
    expect(await (await send('GET', '1')).json()).toMatchObject({ learnt })
  })

  test('is forgotten', async () => {
    world.terminals = [terminal({ id: '1', learnt: {} })]
    expect((await send('DELETE', '1/learnt')).status).toBe(204)
    expect(world.inventoryActors).toEqual(['admin'])
  })

  test('is 409 where it is nothing and 404 where there is no terminal', async () => {
    expect((await send('DELETE', '1/learnt')).status).toBe(409)
    expect((await send('DELETE', '2/learnt')).status).toBe(404)
  })
})

describe('the profile of a terminal', () => {
  test('is one of the configuration, or none', async () => {
    expect((await send('PUT', '1/profile', { profile: 'tractor' })).status).toBe(200)
    expect((await send('PUT', '1/profile', { profile: '' })).status).toBe(200)
    expect(world.changes.map(({ change }) => change)).toEqual([{ profile: 'tractor' }, { profile: '' }])
  })

  test.each([[{ profile: 'ship' }], [{}], [{ profile: 'tractor', more: 1 }], [{ profile: null }]])(
    'is not set by %o',
    async (body) => {
      expect((await send('PUT', '1/profile', body)).status).toBe(422)
      expect(world.changes).toEqual([])
    },
  )

  test('of nobody is 404', async () => {
    expect((await send('PUT', '2/profile', { profile: 'tractor' })).status).toBe(404)
  })
})
