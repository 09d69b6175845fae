import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createControlCheck } from '../../../src/adapters/probe/control-check.ts'
import { createNameResolver, type ResolveName } from '../../../src/adapters/probe/name-resolver.ts'
import type { ControlCheck } from '../../../src/ports.ts'
import { type FailingService, startFailingService } from '../../support/failing-service.ts'
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts'
import { until } from '../../support/until.ts'

let clock: FakeClock
let service: FailingService

beforeEach(async () => {
  clock = createFakeClock()
  service = await startFailingService()
})

afterEach(() => service[Symbol.asyncDispose]())

function controls(
  urls: readonly string[],
  resolveName: ResolveName = createNameResolver({ clock }),
): ControlCheck {
  return createControlCheck(urls, { clock, resolveName, version: '1.2.3' })
}

describe('control check', () => {
  test.each([200, 302, 404, 429, 503])('status %i is an answer', async (status) => {
    service.behave({ kind: 'answer', status })
    const url = service.url()
    expect(await controls([url])(5_000)).toEqual([{ url, kind: 'answered', byName: true }])
  })

  test('a header is answer enough, whatever becomes of the body', async () => {
    service.behave({ kind: 'hang-after-headers' })
    expect(await controls([service.url()])(5_000)).toMatchObject([{ kind: 'answered' }])
    await until(() => service.openSockets() === 0)
  })

  test('an accepted connection is an answer for tcp, told apart by name and by address', async () => {
    await using v6 = await startFailingService({ host: '::1' })
    service.behave({ kind: 'silent' })
    v6.behave({ kind: 'silent' })
    const urls = [
      `tcp://localhost:${service.port}`,
      `tcp://127.0.0.1:${service.port}/`,
      `tcp://[::1]:${v6.port}`,
      `TCP://LOCALHOST:${service.port}`,
    ]
    expect(await controls(urls)(5_000)).toEqual([
      { url: urls[0], kind: 'answered', byName: true },
      { url: urls[1], kind: 'answered', byName: false },
      { url: urls[2], kind: 'answered', byName: false },
      { url: urls[3], kind: 'answered', byName: true },
    ])
  })

  test.each([
    ['reset', /ECONNRESET/],
    ['close', /hang up/],
    ['garbage', /HPE_/],
  ] as const)('%s in place of HTTP is silence with a reason', async (kind, reason) => {
    service.behave({ kind })
    const url = service.url()
    expect(await controls([url])(5_000)).toEqual([
      { url, kind: 'silent', reason: expect.stringMatching(reason) },
    ])
  })

  test('a certificate that does not hold is silence', async () => {
    await using intercepted = await startFailingService({ tls: 'self-signed' })
    expect(await controls([intercepted.url()])(5_000)).toMatchObject([{ kind: 'silent' }])
  })

  test('all hosts are asked at once and a silent one holds up none but itself', async () => {
    await using other = await startFailingService()
    service.behave({ kind: 'hang-before-headers' })
    const pending = controls([service.url(), other.url(), 'tcp://no-such-name.invalid:80'])(5_000)
    await until(() => service.requests.length === 1 && other.requests.length === 1)
    // The answer that was sent is read before the limit passes.
    await until(() => other.openSockets() === 0)
    await clock.advance(5_000)
    expect(await pending).toMatchObject([
      { kind: 'silent', reason: expect.stringMatching(/^no end within 5s: stopped in phase http/) },
      { kind: 'answered' },
      { kind: 'silent', reason: expect.stringMatching(/no address for no-such-name\.invalid/) },
    ])
  })

  test('without name resolution addresses still answer', async () => {
    const gone: ResolveName = async () => ({ kind: 'missing', code: 'EAI_AGAIN' })
    const urls = [service.url(), `http://127.0.0.1:${service.port}/`]
    expect(await controls(urls, gone)(5_000)).toEqual([
      { url: urls[0], kind: 'silent', reason: 'no address for localhost: EAI_AGAIN' },
      { url: urls[1], kind: 'answered', byName: false },
    ])
  })

  test.each([
    'ya.ru',
    'ftp://ya.ru/',
    'tcp://ya.ru',
    'tcp://ya.ru:0',
    'tcp://ya.ru:65536',
    'tcp://ya.ru:80/path',
    'tcp://a b:80',
    '',
  ])('"%s" is refused when the check is made', (url) => {
    expect(() => controls([url])).toThrow(/must be http\(s\):\/\/host or tcp:\/\/host:port/)
  })
})
