import { describe, expect, test } from 'vitest'
import {
  createActivityProbe,
  createDataPlaneProbe,
  createLoginProbe,
  createStateProbe,
  createTreeProbe,
} from '../../../src/adapters/omnicomm-online/probes.ts'
import { ACTIVITY, LOGIN, REFRESH, STATE, TREE } from '../../support/fake-online.ts'
import { until } from '../../support/until.ts'
import { setUp } from './rig.ts'

const MINUTE = 60_000
const ok = { kind: 'ok', slow: false, status: 200 }

describe('login probe', () => {
  test('each turn is a login of its own, and calls use the newest session', async () => {
    await using rig = await setUp()
    const { client, online } = rig
    const probe = createLoginProbe({ client })
    expect([await probe(5_000), await probe(5_000)]).toMatchObject([ok, ok])
    await client.get(STATE, { timeoutMs: 5_000, maxBytes: 1000 })
    expect(online.paths()).toEqual([LOGIN, LOGIN, STATE])
  })

  test('for an account of tokens a refresh takes its place; without any it says what to give', async () => {
    await using rig = await setUp()
    const { clients, account, online, client } = rig
    await client.login(5_000)
    const tokens = account({ id: 't', login: undefined, password: undefined, token: 'x' })
    const probe = createLoginProbe({ client: clients.of({ ...tokens, refresh: 'refresh-token-1' }) })
    expect(await probe(5_000)).toMatchObject(ok)
    expect(online.paths()).toEqual([LOGIN, REFRESH])
    expect(await createLoginProbe({ client: clients.of(tokens) })(5_000)).toMatchObject({
      kind: 'unusable',
      reason: expect.stringContaining('give login and password'),
    })
  })

  test('an answer beyond the limit is slow, and so is none of the waiting before it', async () => {
    await using rig = await setUp()
    const { client, online, clock } = rig
    const gate = Promise.withResolvers<void>()
    online.on(LOGIN, { kind: 'late', until: gate.promise })
    const pending = createLoginProbe({ client, slowAfterMs: 1_000 })(5_000)
    await until(() => online.count(LOGIN) === 1)
    await clock.advance(1_001)
    gate.resolve()
    expect(await pending).toEqual({ kind: 'ok', latencyMs: 1_001, slow: true, status: 200 })
  })
})

describe('state probe', () => {
  test('a state is ok', async () => {
    await using rig = await setUp()
    expect(await createStateProbe({ client: rig.client, terminal: '200000001' })(5_000)).toMatchObject(ok)
  })

  test.each([{}, [], null, 'state', { other: 1 }])('%j is no state', async (state) => {
    await using rig = await setUp()
    rig.online.state = state
    expect(await createStateProbe({ client: rig.client, terminal: '200000001' })(5_000)).toMatchObject({
      kind: 'failed',
      phase: 'assert',
      evidence: 'the answer is no state of a vehicle',
    })
  })

  test('a terminal that the service does not know is a matter of the configuration', async () => {
    await using rig = await setUp()
    expect(await createStateProbe({ client: rig.client, terminal: '999' })(5_000)).toEqual({
      kind: 'unusable',
      cause: 'vehicle',
      reason:
        'see whether terminal of the component is right, else check baseUrl of the account: our request is not taken, /ls/api/v1/vehicles/999/state: status 404, no JSON',
    })
  })

  test.each([5, 7, 9, 10, 11])('code %i is a matter of the canary', async (code) => {
    await using rig = await setUp()
    rig.online.state = { code, message: 'no' }
    expect(await createStateProbe({ client: rig.client, terminal: '200000001' })(5_000)).toMatchObject({
      kind: 'unusable',
      reason: expect.stringMatching(/^set terminal of the component to another one: .*code \d+ \(.*\): no$/),
    })
  })

  test('an id with slashes and spaces stays one part of the path', async () => {
    await using rig = await setUp()
    await createStateProbe({ client: rig.client, terminal: 'a/b c?d' })(5_000)
    expect(rig.online.requests.at(-1)?.path).toBe('/ls/api/v1/vehicles/a%2Fb%20c%3Fd/state')
  })

  test('missing rights are told with the next step', async () => {
    await using rig = await setUp()
    rig.online.on(STATE, { kind: 'answer', status: 403 })
    expect(await createStateProbe({ client: rig.client, terminal: '200000001' })(5_000)).toMatchObject({
      kind: 'unusable',
      reason: expect.stringMatching(/^ask Omnicomm support for the right to this call/),
    })
  })
})

describe('tree probe', () => {
  const vehicle = (uuid: string) => ({ uuid, name: uuid, terminal_id: 1 })

  test.each([
    ['enough vehicles', 2, { objects: [vehicle('a')], children: [{ objects: [vehicle('b')] }] }, null],
    [
      'a vehicle in two groups',
      2,
      { objects: [vehicle('a')], children: [{ objects: [vehicle('a')] }] },
      /got 1$/,
    ],
    ['an empty tree', 1, { objects: [], children: [] }, /expected 1 vehicles or more in the tree, got 0/],
    ['an empty tree where none is asked for', 0, { objects: [], children: [] }, /got 0/],
    ['an empty list', 1, [], /got 0/],
    ['an empty object', 1, {}, /no tree/],
  ])('%s', async (_, minVehicles, tree, fault) => {
    await using rig = await setUp()
    rig.online.tree = tree
    expect(await createTreeProbe({ client: rig.client, minVehicles })(5_000)).toMatchObject(
      fault === null
        ? ok
        : { kind: 'failed', phase: 'assert', status: 200, evidence: expect.stringMatching(fault) },
    )
  })

  test('a huge tree is read within its time', async () => {
    await using rig = await setUp()
    rig.online.tree = { objects: Array.from({ length: 100_000 }, (_, number) => vehicle(`u-${number}`)) }
    const probe = createTreeProbe({ client: rig.client, minVehicles: 100_000 })
    expect(await probe(5_000)).toMatchObject(ok)
  })

  test('a tree that breaks off is a failure of its own, and login goes on answering', async () => {
    await using rig = await setUp()
    rig.online.on(TREE, { kind: 'cut' })
    expect(await createTreeProbe({ client: rig.client, minVehicles: 1 })(5_000)).toMatchObject({
      kind: 'failed',
      phase: 'http',
    })
    expect(await createLoginProbe({ client: rig.client })(5_000)).toMatchObject(ok)
  })
})

test.each([
  ['a list of terminals', [{ id: 1, dateID: 1 }], null],
  ['an empty list', [], /empty/],
  ['rows without terminals', [{ foo: 1 }], /empty/],
  ['no list', { foo: 1 }, /no list/],
])('activity probe: %s', async (_, activity, fault) => {
  await using rig = await setUp()
  rig.online.activity = activity
  expect(await createActivityProbe({ client: rig.client })(5_000)).toMatchObject(
    fault === null ? ok : { kind: 'failed', phase: 'assert', evidence: expect.stringMatching(fault) },
  )
})

describe('data plane probe', () => {
  test('fails once the newest data has stood still for longer than its limit, and recovers with new data', async () => {
    await using rig = await setUp()
    const { client, online, clock } = rig
    const probe = createDataPlaneProbe({ client, stalledAfterMs: 30 * MINUTE, clock })
    const start = clock.now()
    online.activity = [
      { id: 1, dateID: start - MINUTE },
      { id: 2, dateID: start + 3 * 60 * MINUTE },
      { id: 3, dateID: start - 60 * MINUTE },
    ]
    expect(await probe(5_000)).toMatchObject(ok)
    await clock.advance(29 * MINUTE)
    expect(await probe(5_000)).toMatchObject(ok)
    await clock.advance(1)
    expect(await probe(5_000)).toMatchObject({
      kind: 'failed',
      phase: 'assert',
      stalled: true,
      evidence: 'newest data is of 2025-12-31T23:59:00Z, has not advanced for 30m',
    })
    await clock.advance(4 * 60 * MINUTE)
    // The time that lay in the future has come to lie in the past; nothing was sent.
    expect(await probe(5_000)).toMatchObject({ kind: 'failed' })
    online.activity = [{ id: 1, dateID: clock.now() - MINUTE }]
    expect(await probe(5_000)).toMatchObject(ok)
  })

  test('a clock of this machine that is behind is not held against the service', async () => {
    await using rig = await setUp()
    const { client, online, clock } = rig
    online.activity = [1, 2, 3].map((id) => ({ id, dateID: clock.now() + 60 * MINUTE }))
    expect(await createDataPlaneProbe({ client, stalledAfterMs: MINUTE, clock })(5_000)).toMatchObject({
      kind: 'own-fault',
      reason: expect.stringContaining('set the clock of this machine'),
    })
  })

  test('an empty list and a failing call are what they are everywhere', async () => {
    await using rig = await setUp()
    const { client, online, clock } = rig
    const probe = createDataPlaneProbe({ client, stalledAfterMs: MINUTE, clock })
    online.activity = []
    const empty = await probe(5_000)
    expect(empty).toMatchObject({ kind: 'failed', evidence: 'the list of terminals is empty' })
    expect(empty).not.toHaveProperty('stalled')
    online.on(ACTIVITY, { kind: 'answer', status: 500 })
    expect(await probe(5_000)).toMatchObject({ kind: 'failed', phase: 'http', status: 500 })
  })
})

test('no evidence or reason is longer than 200 characters, however much the server says', async () => {
  await using rig = await setUp()
  const { client, online } = rig
  const much = 'much '.repeat(1000)
  for (const json of [
    { code: 14, message: much },
    { code: 5, message: much },
    { code: 4, message: much },
  ]) {
    online.state = json
    const result = await createStateProbe({ client, terminal: '200000001' })(5_000)
    const text = result.kind === 'failed' ? result.evidence : result.kind === 'unusable' ? result.reason : ''
    expect(text.length).toBeGreaterThan(50)
    expect(text.length).toBeLessThanOrEqual(200)
  }
})
