import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createInfluxStore } from '../../../src/adapters/influx/store.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { influxError, type StubAnswer, startInfluxStub } from '../../support/influx-stub.ts'
import { createRecordingLog } from '../../support/recorders.ts'
import { until } from '../../support/until.ts'

const NOW = Date.parse('2026-11-26T08:00:00Z')
const LINES = new TextEncoder().encode('a v=1 1\na v=2 2')
const TOKEN = 'secret-token'

let stub: Awaited<ReturnType<typeof startInfluxStub>>
beforeAll(async () => {
  stub = await startInfluxStub()
})
afterAll(() => stub[Symbol.asyncDispose]())
beforeEach(() => {
  stub.asked.length = 0
  stub.written.length = 0
})

function openStore(url = stub.url) {
  const clock = createFakeClock(NOW)
  const options = { url, org: 'an org', bucket: 'a&b', token: TOKEN }
  return { clock, store: createInfluxStore({ clock, log: createRecordingLog() }, options) }
}

test('lines are written with the token to the bucket of the organisation', async () => {
  stub.answer(() => ({ status: 204 }))
  expect(await openStore().store.write(LINES)).toEqual({ kind: 'written' })
  const [write] = stub.asked
  expect(write?.token).toBe(`Token ${TOKEN}`)
  expect(write?.path).toBe('/api/v2/write?org=an+org&bucket=a%26b&precision=ns')
  expect(stub.written).toEqual(['a v=1 1', 'a v=2 2'])
})

test('many lines arrive as they were, below a path of the address too', async () => {
  stub.answer(() => ({ status: 204 }))
  const lines = Array.from({ length: 3000 }, (_, i) => `fleet,client=Ромашка terminals=${i} ${i}`)
  const { store } = openStore(`${stub.url}/influx/`)
  expect(await store.write(new TextEncoder().encode(lines.join('\n')))).toEqual({ kind: 'written' })
  expect(stub.asked[0]?.path).toMatch(/^\/influx\/api\/v2\/write/)
  expect(stub.written).toEqual(lines)
})

test.each<[string, StubAnswer, object]>([
  [
    'a bad line',
    influxError(400, "unable to parse 'x': missing fields"),
    { kind: 'refused', reason: "400: unable to parse 'x': missing fields" },
  ],
  [
    'points that are dropped while the others are written',
    influxError(422, 'failure: partial write: points beyond retention policy dropped=7'),
    { kind: 'refused', dropped: 7 },
  ],
  [
    'a wrong token',
    influxError(401, 'unauthorized access'),
    { kind: 'denied', reason: '401: unauthorized access' },
  ],
  [
    'a token without rights',
    influxError(403, 'insufficient permissions for write'),
    { kind: 'denied', reason: '403: insufficient permissions for write' },
  ],
  [
    'no such bucket',
    influxError(404, 'bucket "a&b" not found'),
    { kind: 'missing', reason: '404: bucket "a&b" not found' },
  ],
  ['a page in place of a database', { status: 200, body: '<html>' }, { kind: 'missing' }],
  ['a redirect', { status: 301, headers: { location: 'https://elsewhere/' } }, { kind: 'missing' }],
  [
    'a body that is too large',
    { status: 413, body: 'too large' },
    { kind: 'too-large', reason: '413 Payload Too Large : too large' },
  ],
  [
    'too many writes',
    influxError(429, 'slow down', { 'retry-after': '30' }),
    { kind: 'busy', retryAfterMs: 30_000 },
  ],
  [
    'a database that starts',
    { status: 503, headers: { 'retry-after': 'Thu, 26 Nov 2026 08:01:00 GMT' } },
    { kind: 'busy', retryAfterMs: 60_000 },
  ],
  [
    'a time that is over',
    { status: 503, headers: { 'retry-after': 'Thu, 26 Nov 2026 07:00:00 GMT' } },
    { kind: 'busy' },
  ],
  ['a fault', { status: 500, body: 'boom' }, { kind: 'failed' }],
  ['a gateway without its server', { status: 502 }, { kind: 'failed' }],
  ['a cut connection', 'cut', { kind: 'failed', reason: 'socket hang up' }],
])('%s is told as it is', async (_, answered, expected) => {
  stub.answer(() => answered)
  expect(await openStore().store.write(LINES)).toMatchObject(expected)
})

test('a database that does not answer is given up after 10 s, and its connection closed', async () => {
  stub.answer(() => 'hang')
  const { store, clock } = openStore()
  const answer = store.write(LINES)
  await until(() => stub.asked.length === 1)
  await clock.advance(10_000)
  expect(await answer).toEqual({ kind: 'failed', reason: 'no answer within 10 s' })
})

test('a write that is under way is broken off by closing', async () => {
  stub.answer(() => 'hang')
  const { store } = openStore()
  const answer = store.write(LINES)
  await until(() => stub.asked.length === 1)
  store.close()
  expect(await answer).toMatchObject({ kind: 'failed' })
})

test('an address where nobody listens is a failure', async () => {
  const { store } = openStore('http://127.0.0.1:1')
  expect(await store.write(LINES)).toEqual({ kind: 'failed', reason: 'connect ECONNREFUSED 127.0.0.1:1' })
})

test('a token that comes back in an answer is in no reason', async () => {
  stub.answer(() => influxError(401, `token ${TOKEN} is unknown`))
  expect(await openStore().store.write(LINES)).toEqual({
    kind: 'denied',
    reason: '401: token *** is unknown',
  })
})

test.each<[string, StubAnswer, object]>([
  [
    'InfluxDB 2, which has nothing to write',
    influxError(400, 'writing requires points'),
    { kind: 'written' },
  ],
  ['a database that takes an empty write', { status: 204 }, { kind: 'written' }],
  [
    'one without the organisation',
    influxError(400, 'Please provide either orgID or org'),
    { kind: 'missing' },
  ],
  ['one that refuses the token', influxError(401, 'unauthorized access'), { kind: 'denied' }],
])('the check asks without writing anything: %s', async (_, answered, expected) => {
  stub.answer(() => answered)
  expect(await openStore().store.check()).toMatchObject(expected)
  expect(stub.asked.map(({ lines }) => lines)).toEqual([[]])
})
