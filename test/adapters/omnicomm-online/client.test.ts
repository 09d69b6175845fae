import { describe, expect, test } from 'vitest'
import { createHttpCall } from '../../../src/adapters/probe/http-call.ts'
import type { ResolveName } from '../../../src/adapters/probe/name-resolver.ts'
import type { OnlineBehaviour } from '../../support/fake-online.ts'
import { ACTIVITY, LOGIN, REFRESH, STATE, TREE } from '../../support/fake-online.ts'
import { until } from '../../support/until.ts'
import { PASSWORD, setUp } from './rig.ts'

const LIMITS = { timeoutMs: 5_000, maxBytes: 10_000 }

const answer = (status: number, json?: unknown): OnlineBehaviour => ({ kind: 'answer', status, json })

describe('session', () => {
  test('a first call logs in by JSON and shows its token as JWT', async () => {
    await using rig = await setUp()
    const { client, online } = rig
    expect(await client.get(STATE, LIMITS)).toMatchObject({
      kind: 'answered',
      status: 200,
      value: { voltage: 27.6 },
    })
    expect(online.requests).toMatchObject([
      {
        method: 'POST',
        path: '/auth/login?jwt=1',
        authorization: '',
        contentType: 'application/json',
        body: JSON.stringify({ login: 'watcher', password: PASSWORD }),
      },
      { method: 'GET', path: STATE, authorization: expect.stringMatching(/^JWT header\./) },
    ])
    await client.get(STATE, LIMITS)
    expect(online.paths()).toEqual([LOGIN, STATE, STATE])
  })

  test('all who need a session wait for one login', async () => {
    await using rig = await setUp()
    const { client, online } = rig
    const gate = Promise.withResolvers<void>()
    online.on(LOGIN, { kind: 'late', until: gate.promise })
    const all = [client.get(STATE, LIMITS), client.get(TREE, LIMITS), client.get(ACTIVITY, LIMITS)]
    await until(() => online.requests.length === 1)
    gate.resolve()
    expect((await Promise.all(all)).map(({ kind }) => kind)).toEqual(['answered', 'answered', 'answered'])
    expect(online.count(LOGIN)).toBe(1)
  })

  test('a session that has ended is refreshed once, and the new refresh token is used the next time', async () => {
    await using rig = await setUp()
    const { client, online } = rig
    for (const refreshToken of ['refresh-token-1', 'refresh-token-2']) {
      await client.get(STATE, LIMITS)
      online.endSessions()
      expect(await client.get(STATE, LIMITS)).toMatchObject({ kind: 'answered' })
      expect(online.requests.findLast(({ path }) => path === REFRESH)).toMatchObject({
        method: 'POST',
        authorization: `JWT ${refreshToken}`,
        body: '',
      })
    }
    expect(online.count(LOGIN)).toBe(1)
  })

  test('so is one whose end is told with a number in the body', async () => {
    await using rig = await setUp()
    const { client, online } = rig
    const expired = answer(401, { code: 401, message: 'Expired JWT Token' })
    online.on(STATE, (turn) => (turn === 1 ? expired : { kind: 'usual' }))
    await client.get(STATE, LIMITS)
    expect(await client.get(STATE, LIMITS)).toMatchObject({ kind: 'answered' })
    expect(online.paths()).toEqual([LOGIN, STATE, STATE, REFRESH, STATE])
  })

  test('where the refresh token is over too it logs in', async () => {
    await using rig = await setUp()
    const { client, online } = rig
    await client.get(STATE, LIMITS)
    online.endSessions()
    online.endRefreshTokens()
    expect(await client.get(STATE, LIMITS)).toMatchObject({ kind: 'answered' })
    expect(online.paths()).toEqual([LOGIN, STATE, STATE, REFRESH, LOGIN, STATE])
  })

  test('where the refresh fails by itself it logs in', async () => {
    await using rig = await setUp()
    const { client, online } = rig
    await client.get(STATE, LIMITS)
    online.endSessions()
    online.on(REFRESH, answer(502))
    expect(await client.get(STATE, LIMITS)).toMatchObject({ kind: 'answered' })
  })

  test.each([2, 3])('body code %i with status 200 is a session that is over', async (code) => {
    await using rig = await setUp()
    const { client, online } = rig
    online.on(STATE, (turn) =>
      turn === 0 ? answer(200, { code, message: 'session is dead' }) : { kind: 'usual' },
    )
    // The first session was made for this call, so that it is judged at once; the next call makes a new one.
    await client.get(TREE, LIMITS)
    expect(await client.get(STATE, LIMITS)).toMatchObject({ kind: 'answered' })
    expect(online.paths()).toEqual([LOGIN, TREE, STATE, REFRESH, STATE])
  })

  test('code 3 about our request is no dead session', async () => {
    await using rig = await setUp()
    const { client, online } = rig
    online.on(STATE, answer(200, { code: 3, message: 'timeBegin is required' }))
    await client.get(TREE, LIMITS)
    expect(await client.get(STATE, LIMITS)).toMatchObject({ kind: 'unusable', cause: 'request' })
    expect(online.count(LOGIN) + online.count(REFRESH)).toBe(1)
  })

  test('a token that says when it ends is renewed before, by its own two times', async () => {
    await using rig = await setUp()
    const { client, online, clock } = rig
    // Issued for an hour by a clock that is years away from ours.
    online.claims = { iat: 1_000_000, exp: 1_003_600 }
    await client.get(STATE, LIMITS)
    await clock.advance(57 * 60_000)
    await client.get(STATE, LIMITS)
    expect(online.paths()).toEqual([LOGIN, STATE, STATE])
    await clock.advance(2 * 60_000)
    await client.get(STATE, LIMITS)
    expect(online.paths().slice(3)).toEqual([REFRESH, STATE])
  })

  test('an early renewal that fails leaves the session in use until it ends', async () => {
    await using rig = await setUp()
    const { client, online, clock } = rig
    online.claims = { iat: 1_000_000, exp: 1_003_600 }
    await client.get(STATE, LIMITS)
    online.on(REFRESH, answer(503))
    online.on(LOGIN, answer(503))
    await clock.advance(59 * 60_000)
    expect(await client.get(STATE, LIMITS)).toMatchObject({ kind: 'answered' })
    await clock.advance(61_000)
    expect(await client.get(STATE, LIMITS)).toMatchObject({ kind: 'failed', phase: 'login', status: 503 })
  })

  test('while name servers are silent all who need a session fail for want of names', async () => {
    let asked = 0
    const never: ResolveName = () => {
      asked += 1
      return new Promise(() => {})
    }
    await using rig = await setUp((_, clock) => createHttpCall({ clock, resolveName: never, version: '1' }))
    const { clients, account, clock } = rig
    const client = clients.of(account({ baseUrl: 'https://online.example' }))
    const pending = [STATE, TREE, ACTIVITY].map((path) => client.get(path, LIMITS))
    await until(() => asked === 1)
    await clock.advance(5_000)
    expect((await Promise.all(pending)).map((end) => end.kind === 'failed' && end.phase)).toEqual([
      'dns',
      'dns',
      'dns',
    ])
  })

  test('an account of tokens uses, refreshes and never logs in', async () => {
    await using rig = await setUp()
    const { clients, online, account } = rig
    await rig.client.get(STATE, LIMITS)
    const client = clients.of(
      account({
        id: 'token',
        login: undefined,
        password: undefined,
        token: 'over',
        refresh: 'refresh-token-1',
      }),
    )
    expect(await client.get(STATE, LIMITS)).toMatchObject({ kind: 'answered' })
    expect(online.paths().slice(2)).toEqual([STATE, REFRESH, STATE])
    expect(await client.login(5_000)).toMatchObject({ kind: 'answered' })
    expect(online.count(LOGIN)).toBe(1)
  })

  test.each([
    ['its refresh token is refused', { refresh: 'over' }, /^account main: enter a new token and refresh/],
    ['it has no refresh token', {}, /^account main: enter a new token in accounts/],
  ])('an account of tokens stops when %s', async (_, more, reason) => {
    await using rig = await setUp()
    const { clients, online, account } = rig
    const tokens = account({ login: undefined, password: undefined, token: 'over', ...more })
    const client = clients.of(tokens)
    const stopped = { kind: 'unusable', cause: 'credentials', reason: expect.stringMatching(reason) }
    expect(await client.get(STATE, LIMITS)).toMatchObject(stopped)
    const sent = online.requests.length
    expect(await client.get(STATE, LIMITS)).toMatchObject(stopped)
    expect(online.requests.length).toBe(sent)
  })

  test('a fresh token that is refused is a matter of rights, and an outage where the path had worked', async () => {
    await using rig = await setUp()
    const { client, online } = rig
    online.on(STATE, answer(401))
    expect(await client.get(STATE, LIMITS)).toMatchObject({
      kind: 'unusable',
      cause: 'rights',
      reason: expect.stringContaining('ask Omnicomm support to enable REST for the account'),
    })
    online.on(STATE, { kind: 'usual' })
    await client.get(STATE, LIMITS)
    online.on(STATE, answer(401))
    expect(await client.get(STATE, LIMITS)).toMatchObject({ kind: 'failed', phase: 'http' })
  })
})

test('while fresh tokens are refused each call costs one login and one refusal, not three', async () => {
  await using rig = await setUp()
  const { client, online } = rig
  online.on(STATE, answer(401))
  await client.get(STATE, LIMITS)
  await client.get(STATE, LIMITS)
  expect(online.paths()).toEqual([LOGIN, STATE, LOGIN, STATE])
})

describe('refused credentials', () => {
  test.each([
    ['status 401', answer(401)],
    ['status 403', answer(403)],
    ['code 1', answer(200, { code: 1, message: 'signing in failed' })],
    ['code 6, of an administrator', answer(200, { errorCode: '6' })],
  ])('%s: one login, however often it is asked', async (_, behaviour) => {
    await using rig = await setUp()
    const { client, online, clock, log } = rig
    online.on(LOGIN, behaviour)
    const refused = { kind: 'unusable', cause: 'credentials' }
    for (let round = 0; round < 50; round++) {
      const results = await Promise.all([client.get(STATE, LIMITS), client.login(5_000)])
      expect(results).toMatchObject([refused, refused])
      await clock.advance(60_000)
    }
    expect(online.paths()).toEqual([LOGIN])
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
  })

  test('the reason begins with the account and the next step, and holds no password', async () => {
    await using rig = await setUp()
    const { clients, account, log } = rig
    const client = clients.of(account({ password: 'wrong"secret' }))
    const answer = await client.login(5_000)
    expect(answer).toMatchObject({
      kind: 'unusable',
      reason: expect.stringMatching(/^account main: correct login and password in accounts and reload/),
    })
    const told = JSON.stringify([answer, log.lines])
    expect(told).not.toContain('secret')
    expect(told).toContain('***')
  })

  test('an account that is configured anew is tried again, an unchanged one is not', async () => {
    await using rig = await setUp()
    const { clients, online, account } = rig
    await clients.of(account({ password: 'wrong' })).login(5_000)
    await clients.of(account({ password: 'wrong' })).login(5_000)
    expect(online.count(LOGIN)).toBe(1)
    expect(await clients.of(account()).login(5_000)).toMatchObject({ kind: 'answered' })
  })

  test('over all accounts at most five refusals come in a minute', async () => {
    await using rig = await setUp()
    const { clients, online, account, clock } = rig
    const wrong = Array.from({ length: 12 }, (_, number) =>
      clients.of(account({ id: `a${number}`, login: `user${number}` })),
    )
    // The clock stands still: whoever waits knows that there is no room within his time when the last refusal is in.
    const results = await Promise.all(wrong.map((client) => client.login(5_000)))
    expect(online.count(LOGIN)).toBe(5)
    expect(results.map((one) => one.kind === 'unusable' && one.cause)).toEqual([
      ...Array(5).fill('credentials'),
      ...Array(7).fill('budget'),
    ])
    expect(await rig.client.get(STATE, LIMITS)).toMatchObject({ kind: 'unusable', cause: 'budget' })
    await clock.advance(60_001)
    expect(await rig.client.get(STATE, LIMITS)).toMatchObject({ kind: 'answered' })
  })

  test.each([
    ['one account', ['watcher']],
    ['two accounts', ['watcher', 'second']],
  ])('a service that forgets all sessions of %s is asked on at once', async (_, logins) => {
    await using rig = await setUp()
    const { clients, online, account } = rig
    for (const login of logins) online.users[login] = PASSWORD
    const paths = [STATE, TREE, ACTIVITY]
    const all = logins.map((login) => clients.of(account({ id: login, login })))
    const gate = Promise.withResolvers<void>()
    await Promise.all(all.map((client) => client.get(STATE, LIMITS)))
    online.endSessions()
    // All are refused, the last ones when the first ones know it already.
    for (const path of [TREE, ACTIVITY]) {
      online.on(path, (turn) =>
        turn < all.length ? { kind: 'late', until: gate.promise } : { kind: 'usual' },
      )
    }
    const pending = all.flatMap((client) =>
      [...paths, ...paths.slice(0, 1)].map((path) => client.get(path, LIMITS)),
    )
    await until(() => online.count(REFRESH) === all.length)
    gate.resolve()
    expect((await Promise.all(pending)).map(({ kind }) => kind)).toEqual(pending.map(() => 'answered'))
  })

  test('logins that are answered without a token count as refused', async () => {
    await using rig = await setUp()
    const { client, online, clock } = rig
    online.on(LOGIN, answer(200, {}))
    for (let round = 0; round < 10; round++) {
      await client.login(1_000)
      await clock.advance(1_000)
    }
    expect(online.count(LOGIN)).toBe(5)
  })

  test('a login that is not taken for what is wrong with the request is left alone for ten minutes', async () => {
    await using rig = await setUp()
    const { client, online, clock } = rig
    online.on(LOGIN, answer(400))
    for (let minute = 0; minute < 10; minute++) {
      expect(await client.login(5_000)).toMatchObject({ kind: 'unusable', cause: 'request' })
      await clock.advance(60_000)
    }
    expect(online.count(LOGIN)).toBe(1)
    await client.login(5_000)
    expect(online.count(LOGIN)).toBe(2)
  })
})

describe('faults of the service', () => {
  test.each([
    [
      'status 500',
      answer(500),
      { phase: 'http', status: 500, evidence: /state: status 500, an empty body$/ },
    ],
    [
      'a page with status 503',
      { kind: 'answer', status: 503, body: '<title>Работы</title>' },
      { phase: 'http', status: 503, evidence: /status 503, a page "Работы"$/ },
    ],
    [
      'a page with status 200',
      { kind: 'answer', body: '<html>' },
      { phase: 'assert', status: 200, evidence: /status 200, no JSON$/ },
    ],
    [
      'code 14',
      answer(200, { code: 14 }),
      { phase: 'assert', status: 200, evidence: /code 14 \(undefined error\)$/ },
    ],
    ['an answer that breaks off', { kind: 'cut' }, { phase: 'http', status: 200, evidence: /broke off/ }],
    ['a reset connection', { kind: 'reset' }, { phase: 'http', evidence: /ECONNRESET/ }],
  ] as const)('%s on a call fails', async (_, behaviour, { evidence, ...failure }) => {
    await using rig = await setUp()
    rig.online.on(STATE, behaviour)
    expect(await rig.client.get(STATE, LIMITS)).toMatchObject({
      kind: 'failed',
      ...failure,
      evidence: expect.stringMatching(evidence),
    })
  })

  test.each([
    ['status 502', answer(502), { phase: 'login', status: 502 }],
    ['an answer without a token', answer(200, {}), { phase: 'login', status: 200 }],
    ['a page', { kind: 'answer', body: '<html>' }, { phase: 'login', status: 200 }],
    ['a reset connection', { kind: 'reset' }, { phase: 'http' }],
  ] as const)('%s at login fails and is tried again', async (_, behaviour, failure) => {
    await using rig = await setUp()
    const { client, online } = rig
    online.on(LOGIN, (turn) => (turn < 2 ? behaviour : { kind: 'usual' }))
    expect(await client.get(STATE, LIMITS)).toMatchObject({ kind: 'failed', ...failure })
    expect(await client.login(5_000)).toMatchObject({ kind: 'failed', ...failure })
    expect(await client.get(STATE, LIMITS)).toMatchObject({ kind: 'answered' })
  })

  test.each([[LOGIN], [STATE]])('silence of %s ends with the time', async (path) => {
    await using rig = await setUp()
    const { client, online, clock } = rig
    online.on(path, { kind: 'silent' })
    const pending = client.get(STATE, LIMITS)
    await until(() => online.count(path) === 1)
    await clock.advance(5_000)
    expect(await pending).toMatchObject({ kind: 'failed', phase: 'timeout', latencyMs: 5_000 })
  })

  test('one who has less time than the login that he waits for ends with his own', async () => {
    await using rig = await setUp()
    const { client, online, clock } = rig
    online.on(LOGIN, { kind: 'silent' })
    const long = client.get(TREE, { timeoutMs: 30_000, maxBytes: 10_000 })
    await until(() => online.count(LOGIN) === 1)
    const short = client.get(STATE, LIMITS)
    await clock.advance(5_010)
    expect(await short).toMatchObject({ kind: 'failed', phase: 'timeout', latencyMs: 5_000 })
    await clock.advance(25_000)
    expect(await long).toMatchObject({ kind: 'failed', phase: 'timeout', latencyMs: 30_000 })
  })

  test('one who has more time than he who began the login tries it himself', async () => {
    await using rig = await setUp()
    const { client, online, clock } = rig
    online.on(LOGIN, (turn) => ({ kind: turn === 0 ? 'silent' : 'usual' }))
    const short = client.get(STATE, LIMITS)
    const long = client.get(TREE, { timeoutMs: 30_000, maxBytes: 10_000 })
    await until(() => online.count(LOGIN) === 1)
    await clock.advance(5_000)
    expect(await short).toMatchObject({ kind: 'failed', phase: 'timeout' })
    expect(await long).toMatchObject({ kind: 'answered' })
  })

  test('a path that worked before and is gone is a fault, one that never worked is our mistake', async () => {
    await using rig = await setUp()
    const { client, online } = rig
    online.on(STATE, answer(404))
    expect(await client.get(STATE, LIMITS)).toMatchObject({
      kind: 'unusable',
      cause: 'request',
      reason: expect.stringContaining('check baseUrl'),
    })
    online.on(STATE, { kind: 'usual' })
    await client.get(STATE, LIMITS)
    online.on(STATE, answer(404))
    expect(await client.get(STATE, LIMITS)).toMatchObject({
      kind: 'failed',
      phase: 'http',
      status: 404,
      evidence: expect.stringContaining('which worked before'),
    })
  })

  test('an answer that is longer than what is read is no outage', async () => {
    await using rig = await setUp()
    rig.online.state = { address: 'x'.repeat(20_000) }
    expect(await rig.client.get(STATE, LIMITS)).toMatchObject({
      kind: 'unusable',
      reason: expect.stringContaining('longer than 10000 bytes'),
    })
  })

  test('a machine without file handles is told apart from a service that fails', async () => {
    await using rig = await setUp(() => async () => ({ kind: 'own-fault', reason: 'EMFILE' }))
    expect(await rig.client.get(STATE, LIMITS)).toEqual({ kind: 'own-fault', reason: 'EMFILE' })
  })
})

describe('a block', () => {
  test('429 on a call stops everything of the user for ten minutes, then for twenty', async () => {
    await using rig = await setUp()
    const { client, online, clock, log } = rig
    online.on(STATE, answer(429))
    const blocked = { kind: 'unusable', cause: 'blocked' }
    for (const [minutes, until] of [
      [10, '2026-01-01T00:10:00Z'],
      [20, '2026-01-01T00:30:00Z'],
    ] as const) {
      expect(await client.get(STATE, LIMITS)).toMatchObject({
        ...blocked,
        reason: expect.stringContaining(`nothing is asked until ${until}`),
      })
      const sent = online.requests.length
      await clock.advance(minutes * 60_000 - 1)
      expect(await client.get(TREE, LIMITS)).toMatchObject(blocked)
      expect(await client.login(5_000)).toMatchObject(blocked)
      expect(online.requests.length).toBe(sent)
      await clock.advance(1)
    }
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(2)
    online.on(STATE, { kind: 'usual' })
    expect(await client.get(STATE, LIMITS)).toMatchObject({ kind: 'answered' })
    online.on(STATE, answer(429))
    await client.get(STATE, LIMITS)
    await clock.advance(10 * 60_000)
    online.on(STATE, { kind: 'usual' })
    expect(await client.get(STATE, LIMITS)).toMatchObject({ kind: 'answered' })
  })

  test.each([
    ['7200', '2026-01-01T02:00:00Z'],
    ['Thu, 01 Jan 2026 03:00:00 GMT', '2026-01-01T03:00:00Z'],
    ['5', '2026-01-01T00:10:00Z'],
    ['99999999', '2026-01-02T00:00:00Z'],
    ['soon', '2026-01-01T00:10:00Z'],
  ])('Retry-After %s: until %s', async (retryAfter, until) => {
    await using rig = await setUp()
    rig.online.on(STATE, { kind: 'answer', status: 429, headers: { 'retry-after': retryAfter } })
    expect(await rig.client.get(STATE, LIMITS)).toMatchObject({ reason: expect.stringContaining(until) })
  })

  test('429 at login stops the logins of all accounts, and one on a call only its own user', async () => {
    await using rig = await setUp()
    const { client, clients, online, account } = rig
    online.users['other'] = 'p2'
    const other = clients.of(account({ id: 'other', login: 'other', password: 'p2' }))
    online.on(STATE, answer(429))
    await client.get(STATE, LIMITS)
    expect(await other.get(TREE, LIMITS)).toMatchObject({ kind: 'answered' })
    online.on(LOGIN, answer(429))
    expect(await other.login(5_000)).toMatchObject({ cause: 'blocked' })
    const third = clients.of(account({ id: 'third', login: 'third' }))
    const sent = online.requests.length
    expect(await third.login(5_000)).toMatchObject({ cause: 'blocked' })
    expect(online.requests.length).toBe(sent)
  })

  test('calls that were under way together are blocked once', async () => {
    await using rig = await setUp()
    const { client, online, clock } = rig
    await client.login(5_000)
    for (const path of [STATE, TREE, ACTIVITY]) online.on(path, answer(429))
    await Promise.all([STATE, TREE, ACTIVITY].map((path) => client.get(path, LIMITS)))
    expect(online.requests).toHaveLength(4)
    await clock.advance(10 * 60_000)
    expect(await client.get(STATE, LIMITS)).toMatchObject({ reason: expect.stringContaining('00:30:00Z') })
  })

  test('it outlives a change of the password', async () => {
    await using rig = await setUp()
    const { client, clients, online, account } = rig
    online.on(STATE, answer(429))
    await client.get(STATE, LIMITS)
    online.users['watcher'] = 'new'
    const sent = online.requests.length
    expect(await clients.of(account({ password: 'new' })).get(STATE, LIMITS)).toMatchObject({
      cause: 'blocked',
    })
    expect(online.requests.length).toBe(sent)
  })
})
