import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHttpCall } from '../../../src/adapters/probe/http-call.ts'
import { createNameResolver, type ResolveName } from '../../../src/adapters/probe/name-resolver.ts'
import type { HttpRequest } from '../../../src/ports.ts'
import { type Behaviour, type FailingService, startFailingService } from '../../support/failing-service.ts'
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts'
import { startFakeOnline } from '../../support/fake-online.ts'
import { until } from '../../support/until.ts'

let clock: FakeClock
let service: FailingService

beforeEach(async () => {
  clock = createFakeClock()
  service = await startFailingService()
})

afterEach(() => service[Symbol.asyncDispose]())

function call(more: Partial<HttpRequest> = {}, resolveName: ResolveName = createNameResolver({ clock })) {
  const ask = createHttpCall({ clock, resolveName, version: '1.2.3' })
  return ask({ method: 'GET', url: service.url('/a?b=c'), maxBytes: 1000, ...more }, 5_000)
}

test.each([200, 204, 302, 401, 404, 429, 500])(
  'status %i is an answer, and no redirect is followed',
  async (status) => {
    service.behave({
      kind: 'answer',
      status,
      headers: { Location: '/elsewhere', 'Retry-After': '5' },
      body: '',
    })
    expect(await call()).toMatchObject({
      kind: 'answered',
      status,
      body: '',
      headers: { location: '/elsewhere', 'retry-after': '5' },
    })
    expect(service.requests).toHaveLength(1)
  },
)

test('a POST carries its headers and its body, in bytes', async () => {
  await using online = await startFakeOnline()
  const request = {
    method: 'POST',
    url: `${online.baseUrl}/auth/login?jwt=1`,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ login: 'вася', password: 'ы' }),
  } as const
  expect(await call(request)).toMatchObject({ kind: 'answered', status: 401 })
  expect(online.requests).toMatchObject([
    { method: 'POST', path: '/auth/login?jwt=1', contentType: 'application/json', body: request.body },
  ])
})

test('a POST without a body says so', async () => {
  service.behave({ kind: 'answer', body: 'x' })
  await call({ method: 'POST', headers: { Authorization: 'JWT t' } })
  expect(service.requests[0]).toMatch(/^POST \/a\?b=c HTTP/)
  expect(service.requests[0]).toContain('Content-Length: 0')
  expect(service.requests[0]).toContain('Authorization: JWT t')
})

test('a body is read up to its limit, and told to be cut beyond', async () => {
  service.behave({ kind: 'answer', body: 'x'.repeat(1000) })
  expect(await call()).toMatchObject({ kind: 'answered', body: 'x'.repeat(1000) })
  expect(await call()).not.toHaveProperty('cut')
  service.behave({ kind: 'answer', body: 'x'.repeat(1001) })
  expect(await call()).toMatchObject({ kind: 'answered', body: 'x'.repeat(1000), cut: true })
  service.behave({ kind: 'endless-body' })
  expect(await call()).toMatchObject({ kind: 'answered', cut: true })
  await until(() => service.openSockets() === 0)
})

const failures: readonly [Behaviour['kind'], object][] = [
  ['reset', { phase: 'http', evidence: expect.stringContaining('ECONNRESET') }],
  ['close', { phase: 'http' }],
  ['garbage', { phase: 'http' }],
  ['cut-body', { phase: 'http', status: 200 }],
]

test.each(failures)('%s is a failure', async (kind, failure) => {
  service.behave({ kind } as Behaviour)
  expect(await call()).toMatchObject({ kind: 'failed', ...failure })
})

test('a refused connection fails in phase tcp, a missing name in phase dns', async () => {
  await service.refuse()
  expect(await call()).toMatchObject({ kind: 'failed', phase: 'tcp' })
  expect(await call({}, async () => ({ kind: 'missing', code: 'ENOTFOUND' }))).toMatchObject({
    kind: 'failed',
    phase: 'dns',
  })
})

test.each(['hang-before-headers', 'hang-after-headers'] as const)('%s ends with the time', async (kind) => {
  service.behave({ kind })
  const pending = call()
  await until(() => service.requests.length === 1)
  await clock.advance(5_000)
  expect(await pending).toMatchObject({ kind: 'failed', phase: 'timeout', latencyMs: 5_000 })
  await until(() => service.openSockets() === 0)
})

test('a machine without file handles, and a fault of this program, are our own', async () => {
  expect(await call({}, async () => ({ kind: 'missing', code: 'EMFILE' }))).toMatchObject({
    kind: 'own-fault',
    reason: expect.stringContaining('EMFILE'),
  })
  expect(await call({ url: 'no address' })).toMatchObject({
    kind: 'own-fault',
    reason: expect.stringContaining('report this'),
  })
})

test('evidence shows nothing of the query and the headers', async () => {
  service.behave({ kind: 'reset' })
  const answer = await call({ url: service.url('/a?key=secret'), headers: { Authorization: 'JWT secret' } })
  expect(JSON.stringify(answer)).not.toContain('secret')
})
