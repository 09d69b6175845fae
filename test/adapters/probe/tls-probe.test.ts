import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createNameResolver, type ResolveName } from '../../../src/adapters/probe/name-resolver.ts'
import { createTlsProbe, type TlsProbeOptions } from '../../../src/adapters/probe/tls-probe.ts'
import { parseIso } from '../../../src/core/time.ts'
import { TEST_CERTIFICATE } from '../../support/certificates.ts'
import {
  type FailingService,
  type FailingServiceOptions,
  startFailingService,
} from '../../support/failing-service.ts'
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts'
import { until } from '../../support/until.ts'

const DAY = 86_400_000
/** When the test certificate ends. */
const END = parseIso('2120-01-01T00:00:00Z') ?? 0

const services: FailingService[] = []

afterEach(async () => {
  for (const service of services.splice(0)) await service[Symbol.asyncDispose]()
})

async function start(options: FailingServiceOptions = { tls: 'self-signed' }): Promise<FailingService> {
  const service = await startFailingService(options)
  services.push(service)
  return service
}

function probe(
  { port }: Pick<FailingService, 'port'>,
  options: Partial<TlsProbeOptions> = {},
  clock: FakeClock = createFakeClock(),
  resolveName: ResolveName = createNameResolver({ clock }),
) {
  const given = { host: 'localhost', port, daysLeft: 14, ca: TEST_CERTIFICATE, ...options }
  return createTlsProbe(given, { clock, resolveName })(5_000)
}

test('a certificate with time enough is ok', async () => {
  expect(await probe(await start())).toEqual({ kind: 'ok', latencyMs: 0, slow: false })
})

test.each([
  [14 * DAY, 14, 'ok'],
  [14 * DAY - 1, 14, 'failed'],
  [DAY / 2, 0, 'ok'],
  [DAY / 2, 1, 'failed'],
])('%i ms before its end, with %i days asked for: %s', async (beforeEnd, daysLeft, kind) => {
  const clock = createFakeClock(END - beforeEnd)
  expect((await probe(await start(), { daysLeft }, clock)).kind).toBe(kind)
})

test('it says when the certificate ends, whether that is soon or not', async () => {
  const heard: number[] = []
  for (const beforeEnd of [100 * DAY, DAY]) {
    await probe(await start(), { ends: (at) => heard.push(at) }, createFakeClock(END - beforeEnd))
  }
  expect(heard).toEqual([END, END])
})

test('the evidence says when it ends', async () => {
  const clock = createFakeClock(END - 5.5 * DAY)
  expect(await probe(await start(), {}, clock)).toMatchObject({
    kind: 'failed',
    phase: 'assert',
    evidence: 'the certificate ends on 2120-01-01, in 5 days; it must be valid for 14 days',
  })
})

test.each([
  ['an authority that nobody knows', { ca: undefined }, 'self-signed', /DEPTH_ZERO_SELF_SIGNED_CERT/],
  ['another host name', { host: '127.0.0.1' }, 'self-signed', /ERR_TLS_CERT_ALTNAME_INVALID/],
  ['a certificate that has ended', {}, 'expired', /CERT_HAS_EXPIRED|self-signed/i],
] as const)('%s fails in phase tls', async (_, options, tls, evidence) => {
  expect(await probe(await start({ tls }), options)).toMatchObject({
    kind: 'failed',
    phase: 'tls',
    evidence: expect.stringMatching(evidence),
  })
})

test('a service without TLS fails in phase tls', async () => {
  const server = createServer((socket) => socket.on('error', () => {}).end('SSH-2.0-OpenSSH_9.6\r\n'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  expect(await probe({ port })).toMatchObject({ kind: 'failed', phase: 'tls' })
  server.close()
})

test('silence fails in phase timeout, a refused connection in phase tcp', async () => {
  const service = await start()
  service.behave({ kind: 'silent' })
  const clock = createFakeClock()
  const pending = probe(service, {}, clock)
  await until(() => service.openSockets() === 1)
  await clock.advance(5_000)
  expect(await pending).toMatchObject({
    kind: 'failed',
    phase: 'timeout',
    evidence: expect.stringContaining('in phase tls'),
  })
  await service.refuse()
  expect(await probe(service)).toMatchObject({ kind: 'failed', phase: 'tcp' })
})

test('many probes in a row leave nothing open, and the process alive', async () => {
  const service = await start()
  for (let turn = 0; turn < 50; turn++) expect((await probe(service)).kind).toBe('ok')
  await until(() => service.openSockets() === 0)
})
