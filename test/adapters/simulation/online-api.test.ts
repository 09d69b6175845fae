import { describe, expect, test } from 'vitest'
import { createOnlineClients } from '../../../src/adapters/omnicomm-online/clients.ts'
import {
  createActivityProbe,
  createDataPlaneProbe,
  createLoginProbe,
  createStateProbe,
  createTreeProbe,
} from '../../../src/adapters/omnicomm-online/probes.ts'
import { createHttpCall } from '../../../src/adapters/probe/http-call.ts'
import { createNameResolver } from '../../../src/adapters/probe/name-resolver.ts'
import { createCast } from '../../../src/adapters/simulation/cast.ts'
import { startOnline } from '../../../src/adapters/simulation/online.ts'
import { createOnlineApi, type OnlineApi } from '../../../src/adapters/simulation/online-api.ts'
import { createOnlineFleet } from '../../../src/adapters/simulation/online-fleet.ts'
import { createTokens } from '../../../src/adapters/simulation/online-tokens.ts'
import { createSystemClock } from '../../../src/adapters/system/clock.ts'
import { HOUR, MINUTE } from '../../../src/core/time.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { createRecordingLog } from '../../support/recorders.ts'

const USER = { login: 'watch', password: 'secret-1' }
const cast = createCast(52)
const canary = cast.find(({ character }) => character.kind === 'driving')?.id ?? ''

function setApi() {
  const clock = createFakeClock()
  const tokens = createTokens(clock.now, 'key')
  const api = createOnlineApi([USER], { tokens, fleet: createOnlineFleet(clock, cast) })
  return { clock, tokens, ask: asker(api) }
}

function asker(api: OnlineApi) {
  return (method: string, path: string, { token = '', body = '' } = {}) =>
    api({
      method,
      target: new URL(path, 'http://online.example'),
      authorization: token === '' ? '' : `JWT ${token}`,
      body,
    })
}

describe('the simulated API', () => {
  test.each<[string, string, string, number, unknown]>([
    ['a wrong password', 'POST', '/auth/login?jwt=1', 401, { code: 1, message: 'signing in failed' }],
    ['no token', 'GET', '/ls/api/v2/tree/vehicle', 401, { code: 2, message: 'authorisation required' }],
    [
      'a refresh without a token',
      'POST',
      '/auth/refresh',
      401,
      { code: 2, message: 'authorisation required' },
    ],
  ])('answers %s as the reference says', (_what, method, path, status, value) => {
    const { ask } = setApi()
    expect(ask(method, path, { body: '{"login":"watch","password":"wrong"}' })).toEqual({ status, value })
    expect(ask(method, path, { body: 'no json' })?.status).toBe(status)
  })

  test('knows its paths, methods and vehicles', () => {
    const { ask, tokens } = setApi()
    const token = tokens.issue('watch').jwt
    expect(ask('GET', '/ls/api/v2/tree/vehicle', { token })?.status).toBe(200)
    expect(ask('POST', '/ls/api/v1/activity/vehicles', { token })?.status).toBe(404)
    expect(ask('GET', '/ls/api/v9/tree', { token })?.status).toBe(404)
    expect(ask('GET', '/ls/api/v1/vehicles/1/state', { token })).toEqual({
      status: 200,
      value: { code: 5, message: 'bad object' },
    })
    expect(ask('GET', '/', { token })).toBeUndefined()
  })

  test('gives tokens only to one who asks for them', () => {
    const { ask } = setApi()
    const body = JSON.stringify(USER)
    expect(ask('POST', '/auth/login', { body })?.value).toEqual({ login: 'watch' })
    expect(ask('POST', '/auth/login?jwt=1', { body })?.value).toEqual({
      jwt: expect.any(String),
      refresh: expect.any(String),
    })
  })
})

describe('a simulated token', () => {
  test('holds for an hour, and a refresh token for new ones', async () => {
    const { clock, tokens, ask } = setApi()
    const { jwt, refresh } = tokens.issue('watch')
    await clock.advance(HOUR - MINUTE)
    expect(tokens.loginOf(jwt, 'access')).toBe('watch')
    await clock.advance(MINUTE)
    expect(tokens.loginOf(jwt, 'access')).toBeUndefined()
    expect(ask('POST', '/auth/refresh', { token: refresh })?.status).toBe(200)
  })

  test('is good for its own use only, and not when it was changed', () => {
    const { tokens } = setApi()
    const { jwt, refresh } = tokens.issue('watch')
    expect(tokens.loginOf(jwt, 'refresh')).toBeUndefined()
    expect(tokens.loginOf(refresh, 'access')).toBeUndefined()
    const [header, , sign] = jwt.split('.')
    const claims = { login: 'root', aud: 'access', exp: 1e10 }
    const forged = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${sign}`
    expect(tokens.loginOf(forged, 'access')).toBeUndefined()
    expect(tokens.loginOf('', 'access')).toBeUndefined()
  })
})

test('every probe of Omnicomm Online finds the simulation well, and its failures are failures', async () => {
  const clock = createSystemClock({ onError: (error) => expect.fail(String(error)) })
  const scenes = createFakeClock()
  const online = await startOnline(scenes, {
    script: [
      { atMs: 0, mood: 'answering' },
      { atMs: MINUTE, mood: 'error' },
    ],
    cycleMs: HOUR,
    onScene: () => {},
    api: createOnlineApi([USER], {
      tokens: createTokens(clock.now, 'key'),
      fleet: createOnlineFleet(clock, cast),
    }),
  })
  const clients = createOnlineClients({
    clock,
    log: createRecordingLog(),
    call: createHttpCall({ clock, resolveName: createNameResolver({ clock }), version: '0' }),
  })
  const client = clients.of({ id: 'demo', baseUrl: online.url, ...USER })
  const probes = {
    login: createLoginProbe({ client }),
    state: createStateProbe({ client, terminal: canary }),
    tree: createTreeProbe({ client, minVehicles: 290 }),
    activity: createActivityProbe({ client }),
    data: createDataPlaneProbe({ client, clock, stalledAfterMs: MINUTE }),
  }
  const look = async () =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(probes).map(async ([id, probe]) => {
          const result = await probe(5000)
          return [id, result.kind === 'failed' ? result.phase : result.kind]
        }),
      ),
    )
  try {
    expect(await look()).toEqual({ login: 'ok', state: 'ok', tree: 'ok', activity: 'ok', data: 'ok' })
    await scenes.advance(MINUTE)
    expect(await look()).toEqual({
      login: 'login',
      state: 'http',
      tree: 'http',
      activity: 'http',
      data: 'http',
    })
  } finally {
    await online.stop()
  }
})
