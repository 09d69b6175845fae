import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  createHttpProbe,
  type HttpProbeDeps,
  type HttpProbeOptions,
} from '../../../src/adapters/probe/http-probe.ts'
import { createNameResolver, type ResolveName } from '../../../src/adapters/probe/name-resolver.ts'
import type { Probe } from '../../../src/ports.ts'
import { TEST_CERTIFICATE } from '../../support/certificates.ts'
import {
  type Behaviour,
  type FailingService,
  type FailingServiceOptions,
  PAGE,
  startFailingService,
} from '../../support/failing-service.ts'
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts'
import { until } from '../../support/until.ts'
import { openDeafPort } from './deaf-port.ts'

let clock: FakeClock
let service: FailingService
const others: FailingService[] = []

beforeEach(async () => {
  clock = createFakeClock()
  service = await startFailingService()
})

afterEach(async () => {
  for (const each of [service, ...others.splice(0)]) await each[Symbol.asyncDispose]()
})

async function startAnother(options: FailingServiceOptions): Promise<FailingService> {
  const other = await startFailingService(options)
  others.push(other)
  return other
}

type Overrides = Partial<HttpProbeOptions & Pick<HttpProbeDeps, 'resolveName' | 'clock'>>

const realTime: HttpProbeDeps['clock'] = {
  monotonic: () => performance.now(),
  after: (ms, tick) => {
    const timer = setTimeout(tick, ms)
    return () => clearTimeout(timer)
  },
}

function probe({
  clock: ownClock = clock,
  resolveName = createNameResolver({ clock }),
  ...options
}: Overrides = {}): Probe {
  return createHttpProbe(
    { url: service.url(), expect: { status: 200, contains: 'Welcome' }, ...options },
    { clock: ownClock, resolveName, version: '1.2.3' },
  )
}

describe('http probe', () => {
  test('a page with the expected status and text is ok', async () => {
    expect(await probe()(5_000)).toEqual({ kind: 'ok', latencyMs: 0, slow: false, status: 200 })
  })

  test('it introduces itself, asks for the plain page and past caches', async () => {
    await probe({ url: service.url('/a%20b?c=d#e') })(5_000)
    expect(service.requests[0]?.split('\r\n')).toEqual([
      'GET /a%20b?c=d HTTP/1.1',
      `Host: localhost:${service.port}`,
      'User-Agent: omnicomm-watch/1.2.3',
      'Accept: */*',
      'Accept-Encoding: identity',
      'Cache-Control: no-cache',
      'Connection: close',
    ])
  })

  test('each attempt makes a connection of its own', async () => {
    const ask = probe()
    await ask(5_000)
    await ask(5_000)
    expect(service.connections()).toBe(2)
  })

  const failures: readonly [string, Behaviour, string, number | undefined, RegExp][] = [
    ['status 500', { kind: 'answer', status: 500 }, 'http', 500, /expected status 200, got 500/],
    ['status 503', { kind: 'answer', status: 503, body: PAGE }, 'http', 503, /got 503 Service Unavail/],
    ['status 204 for 200', { kind: 'answer', status: 204 }, 'http', 204, /got 204 No Content/],
    ['a reset connection', { kind: 'reset' }, 'http', undefined, /ECONNRESET/],
    ['a connection closed without answer', { kind: 'close' }, 'http', undefined, /no HTTP answer.*hang up/],
    ['something that is not HTTP', { kind: 'garbage' }, 'http', undefined, /no HTTP answer.*HPE_/],
    [
      'a switch to another protocol',
      { kind: 'answer', status: 101, headers: { upgrade: 'x', connection: 'upgrade' } },
      'http',
      undefined,
      /closed without an answer/,
    ],
    ['an answer that breaks off', { kind: 'cut-body' }, 'http', 200, /broke off after 6 bytes/],
    [
      'a page without the text',
      { kind: 'answer', body: '<title>Works\n in progress</title>' },
      'assert',
      200,
      /^expected text "Welcome" is missing: got 33 bytes, title "Works in progress"$/,
    ],
    ['an empty page', { kind: 'answer' }, 'assert', 200, /got 0 bytes, title ""/],
    ['an endless page', { kind: 'endless-body' }, 'assert', 200, /got the first 262144 bytes/],
    [
      'a packed page that cannot be unpacked',
      { kind: 'answer', body: PAGE, headers: { 'content-encoding': 'gzip' } },
      'http',
      200,
      /incorrect header check/,
    ],
    [
      'a redirect to another protocol',
      { kind: 'redirect', to: 'ftp://user:secret@localhost/' },
      'http',
      302,
      /redirects to no http\(s\) URL/,
    ],
    ['a redirect without a target', { kind: 'answer', status: 302 }, 'http', 302, /got 302 Found/],
  ]
  test.each(failures)('%s is a failure with its phase', async (_name, behaviour, phase, status, evidence) => {
    service.behave(behaviour)
    const result = await probe()(5_000)
    expect(result).toMatchObject({ kind: 'failed', phase, evidence: expect.stringMatching(evidence) })
    expect('status' in result ? result.status : undefined).toBe(status)
    await until(() => service.openSockets() === 0)
  })

  test('a refused connection is a failure of phase tcp, and the service is ok when it is back', async () => {
    await service.refuse()
    expect(await probe()(5_000)).toMatchObject({
      kind: 'failed',
      phase: 'tcp',
      evidence: expect.stringMatching(/no connection to localhost:\d+: connect ECONNREFUSED/),
    })
    await service.accept()
    expect(await probe()(5_000)).toMatchObject({ kind: 'ok' })
  })

  test('a name that does not exist is a failure of phase dns', async () => {
    const resolveName = createNameResolver({ clock }, { system: () => Promise.reject(dnsError('ENOTFOUND')) })
    expect(await probe({ resolveName })(5_000)).toEqual({
      kind: 'failed',
      phase: 'dns',
      latencyMs: 0,
      evidence: 'no address for localhost: ENOTFOUND',
    })
  })

  test('with several addresses the first that accepts counts', async () => {
    const resolveName: ResolveName = async () => ({
      kind: 'found',
      addresses: [
        { address: '::1', family: 6 },
        { address: '127.0.0.1', family: 4 },
      ],
    })
    expect(await probe({ resolveName })(5_000)).toMatchObject({ kind: 'ok' })
  })

  test('an IPv6 address in the URL is asked', async () => {
    const v6 = await startAnother({ host: '::1' })
    expect(await probe({ url: v6.url() })(5_000)).toMatchObject({ kind: 'ok' })
    expect(v6.requests[0]).toContain(`Host: [::1]:${v6.port}`)
  })

  test('being blocked (429) is not held against the service and says what to do', async () => {
    service.behave({ kind: 'answer', status: 429, headers: { 'retry-after': '120' } })
    const result = await probe()(5_000)
    expect(result.kind === 'unusable' && result.reason).toMatch(/429.*Retry-After: 120\. Probe less often/)
  })

  test.each([401, 403])(
    'user and password that are refused (%i) are not held against the service',
    async (status) => {
      service.behave({ kind: 'answer', status })
      const url = service.url().replace('//', '//watch:p%40ss@')
      for (const expected of [200, 302]) {
        expect(await probe({ url, expect: { status: expected, contains: '' } })(5_000)).toMatchObject({
          kind: 'unusable',
          cause: 'credentials',
          reason: expect.stringMatching(`^correct user and password in the url .*${status}`),
        })
      }
      expect(await probe({ url, expect: { status, contains: '' } })(5_000)).toMatchObject({ kind: 'ok' })
      expect(await probe()(5_000)).toMatchObject({ kind: 'failed', phase: 'http', status })
    },
  )

  test('a refusal behind a redirect to another origin, which does not get them, is held against it', async () => {
    const elsewhere = await startAnother({})
    elsewhere.behave({ kind: 'answer', status: 401 })
    service.behave({ kind: 'redirect', to: elsewhere.url() })
    const url = service.url().replace('//', '//watch:p%40ss@')
    expect(await probe({ url })(5_000)).toMatchObject({ kind: 'failed', phase: 'http', status: 401 })
  })

  test('an expected 429 is ok', async () => {
    service.behave({ kind: 'answer', status: 429 })
    expect(await probe({ expect: { status: 429, contains: '' } })(5_000)).toMatchObject({ kind: 'ok' })
  })

  test.each([
    [1_001, true],
    [1_000, false],
  ])('an answer after %i ms with a limit of 1,000: slow is %s', async (tookMs, slow) => {
    service.behave(() => {
      void clock.advance(tookMs)
      return { kind: 'answer', body: PAGE }
    })
    const result = await probe({ slowAfterMs: 1_000 })(5_000)
    expect(result).toEqual({ kind: 'ok', latencyMs: tookMs, slow, status: 200 })
  })

  test('a text within the first 256 KiB is found, one beyond is not', async () => {
    service.behave({ kind: 'answer', body: `${'x'.repeat(256 * 1024 - 7)}Welcome and more` })
    expect(await probe()(5_000)).toMatchObject({ kind: 'ok' })
    service.behave({ kind: 'answer', body: `${'x'.repeat(256 * 1024 - 6)}Welcome and more` })
    expect(await probe()(5_000)).toMatchObject({ kind: 'failed', phase: 'assert' })
  })

  test.each([
    ['gzip', gzipSync(PAGE)],
    ['deflate', deflateSync(PAGE)],
    ['BR', brotliCompressSync(PAGE)],
  ])('a page packed by %s is unpacked', async (encoding, body) => {
    service.behave({ kind: 'answer', body, headers: { 'content-encoding': encoding } })
    expect(await probe()(5_000)).toMatchObject({ kind: 'ok' })
  })

  test('a packed bomb is read up to the limit only', async () => {
    const body = gzipSync(Buffer.alloc(50 * 1024 * 1024))
    service.behave({ kind: 'answer', body, headers: { 'content-encoding': 'gzip' } })
    expect(await probe()(5_000)).toMatchObject({
      phase: 'assert',
      evidence: expect.stringContaining('262144 bytes'),
    })
  })

  test.each([
    ['text/html; charset=windows-1251', new Uint8Array([0xc2, 0xf5, 0xee, 0xe4])],
    ['text/html; charset="utf-8"', 'Вход'],
    ['text/html; charset=no-such', 'Вход'],
    ['text/html', 'Вход'],
  ])('the text is compared in the character set of %s', async (type, body) => {
    service.behave({ kind: 'answer', body, headers: { 'content-type': type } })
    const result = await probe({ expect: { status: 200, contains: 'Вход' } })(5_000)
    expect(result).toMatchObject({ kind: 'ok' })
  })
})

describe('http probe and redirects', () => {
  const hops =
    (count: number) =>
    (path: string): Behaviour => {
      const hop = Number(path.slice(1))
      return hop < count ? { kind: 'redirect', to: `/${hop + 1}` } : { kind: 'answer', body: PAGE }
    }

  test('five redirects are followed', async () => {
    service.behave(hops(5))
    expect(await probe({ url: service.url('/0') })(5_000)).toMatchObject({ kind: 'ok', status: 200 })
    expect(service.requests).toHaveLength(6)
  })

  test('a loop ends after five redirects as a failure of phase http', async () => {
    service.behave({ kind: 'redirect', to: '/?token=secret', status: 307 })
    expect(await probe()(5_000)).toEqual({
      kind: 'failed',
      phase: 'http',
      status: 307,
      latencyMs: 0,
      evidence: `more than 5 redirects, the last one to http://localhost:${service.port}/`,
    })
    expect(service.requests).toHaveLength(6)
  })

  test('an expected redirect is not followed', async () => {
    service.behave({ kind: 'redirect', to: '/login' })
    expect(await probe({ expect: { status: 302, contains: '' } })(5_000)).toMatchObject({
      kind: 'ok',
      status: 302,
    })
    expect(service.requests).toHaveLength(1)
  })

  test('a failure behind a redirect has its own phase', async () => {
    const refusing = await startAnother({})
    await refusing.refuse()
    service.behave({ kind: 'redirect', to: refusing.url() })
    expect(await probe()(5_000)).toMatchObject({ kind: 'failed', phase: 'tcp' })
  })

  test('user and password go to their own origin only and are never shown', async () => {
    const elsewhere = await startAnother({})
    service.behave((path) => ({ kind: 'redirect', to: path === '/' ? '/next' : elsewhere.url() }))
    elsewhere.behave({ kind: 'garbage' })
    const url = service.url().replace('//', '//watch:p%40ss@')
    const result = await probe({ url })(5_000)
    const basic = `Authorization: Basic ${Buffer.from('watch:p@ss').toString('base64')}`
    expect(service.requests.map((head) => head.includes(basic))).toEqual([true, true])
    expect(elsewhere.requests[0]).not.toContain('Authorization')
    expect(JSON.stringify(result)).not.toMatch(/watch:|p%40ss|p@ss/)
  })

  test('a target with letters beyond ASCII is reached', async () => {
    service.behave((path) =>
      path === '/' ? { kind: 'redirect', to: '/вход' } : { kind: 'answer', body: PAGE },
    )
    await probe()(5_000)
    expect(service.requests[1]).toContain('GET /%D0%B2%D1%85%D0%BE%D0%B4 ')
  })
})

describe('http probe and TLS', () => {
  test('a self-signed certificate is a failure of phase tls', async () => {
    const other = await startAnother({ tls: 'self-signed' })
    expect(await probe({ url: other.url() })(5_000)).toMatchObject({
      kind: 'failed',
      phase: 'tls',
      evidence: expect.stringMatching(
        /^no TLS with localhost:\d+: DEPTH_ZERO_SELF_SIGNED_CERT: self-signed certificate$/,
      ),
    })
    await until(() => other.openSockets() === 0)
  })

  test('it is trusted when it is given as ca, for its own name only', async () => {
    const other = await startAnother({ tls: 'self-signed' })
    const ca = TEST_CERTIFICATE
    expect(await probe({ url: other.url(), ca })(5_000)).toMatchObject({ kind: 'ok' })
    expect(await probe({ url: other.url().replace('localhost', '127.0.0.1'), ca })(5_000)).toMatchObject({
      phase: 'tls',
      evidence: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
    })
  })

  test('an expired certificate is a failure of phase tls', async () => {
    const other = await startAnother({ tls: 'expired' })
    expect(await probe({ url: other.url() })(5_000)).toMatchObject({ kind: 'failed', phase: 'tls' })
  })

  test('a service that speaks no TLS is a failure of phase tls', async () => {
    const pending = probe({ url: service.url().replace('http', 'https') })(5_000)
    await until(() => service.connections() === 1)
    await service.refuse()
    expect(await pending).toMatchObject({ kind: 'failed', phase: 'tls' })
  })

  test('TLS that breaks after the handshake is a failure of phase tls', async () => {
    const other = await startAnother({ tls: 'self-signed' })
    other.behave({ kind: 'broken-tls' })
    expect(await probe({ url: other.url(), ca: TEST_CERTIFICATE })(5_000)).toMatchObject({
      kind: 'failed',
      phase: 'tls',
      evidence: expect.stringMatching(/^no HTTP answer from .*ERR_SSL_/),
    })
  })

  test('a redirect to https is followed', async () => {
    const other = await startAnother({ tls: 'self-signed' })
    service.behave({ kind: 'redirect', to: other.url(), status: 301 })
    expect(await probe({ ca: TEST_CERTIFICATE })(5_000)).toMatchObject({ kind: 'ok' })
  })
})

describe('http probe and its time limit', () => {
  const never: ResolveName = () => new Promise(() => {})

  /** The probe's end when time runs out after `reached`. */
  async function timedOut(ask: Probe, reached: () => boolean): Promise<unknown> {
    const pending = ask(5_000)
    await until(reached)
    await clock.advance(5_000)
    return await pending
  }

  test('no answer is a time-out in phase http', async () => {
    service.behave({ kind: 'hang-before-headers' })
    expect(await timedOut(probe(), () => service.requests.length === 1)).toEqual({
      kind: 'failed',
      phase: 'timeout',
      latencyMs: 5_000,
      evidence: `no end within 5s: stopped in phase http, waiting for the answer of ${service.url()}`,
    })
    await until(() => service.openSockets() === 0)
  })

  test('an answer that stops after its header is a time-out in phase http', async () => {
    service.behave({ kind: 'hang-after-headers' })
    // Nothing outside the probe tells when it has read the header, so this one runs in real time.
    expect(await probe({ clock: realTime })(1_000)).toMatchObject({
      kind: 'failed',
      phase: 'timeout',
      evidence: 'no end within 1s: stopped in phase http, reading the body of the answer',
    })
    await until(() => service.openSockets() === 0)
  })

  test('until its limit it goes on waiting', async () => {
    service.behave({ kind: 'hang-before-headers' })
    const ended = vi.fn()
    const pending = probe()(5_000).then(ended)
    await until(() => service.requests.length === 1)
    await clock.advance(4_999)
    expect(ended).not.toHaveBeenCalled()
    await clock.advance(1)
    await pending
  })

  test('a silent TLS handshake is a time-out in phase tls', async () => {
    service.behave({ kind: 'silent' })
    const ask = probe({ url: service.url().replace('http', 'https') })
    expect(await timedOut(ask, () => service.connections() === 1)).toMatchObject({
      phase: 'timeout',
      evidence: expect.stringMatching(/in phase tls, in the TLS handshake with localhost:/),
    })
    await until(() => service.openSockets() === 0)
  })

  test('a port that neither accepts nor refuses is a time-out in phase tcp', async () => {
    await using deaf = await openDeafPort()
    const ask = probe({ url: `http://127.0.0.1:${deaf.port}/` })
    expect(await timedOut(ask, () => true)).toMatchObject({
      phase: 'timeout',
      evidence: expect.stringMatching(/in phase tcp, connecting to 127\.0\.0\.1:/),
    })
  })

  test('a hanging name resolution is a failure of names, as one that is refused', async () => {
    expect(await timedOut(probe({ resolveName: never }), () => true)).toEqual({
      kind: 'failed',
      phase: 'dns',
      latencyMs: 5_000,
      evidence: 'no end within 5s: stopped in phase dns, looking up localhost',
    })
  })

  test('a name that is resolved after the end opens no connection', async () => {
    const late = Promise.withResolvers<Awaited<ReturnType<ResolveName>>>()
    const ask = probe({ resolveName: () => late.promise })
    await timedOut(ask, () => true)
    late.resolve({ kind: 'found', addresses: [{ address: '127.0.0.1', family: 4 }] })
    // A second probe, begun later, has been through the same server when it ends.
    await probe()(5_000)
    expect(service.connections()).toBe(1)
  })
})

describe('http probe as a neighbour', () => {
  test('two hundred attempts of all kinds leave no socket and no timer', async () => {
    const kinds = ['endless-body', 'reset', 'close', 'garbage', 'cut-body'] as const
    let timers = 0
    const counted: HttpProbeDeps['clock'] = {
      monotonic: clock.monotonic,
      after: (ms, tick) => {
        const stop = clock.after(ms, tick)
        timers++
        return () => {
          timers--
          stop()
        }
      },
    }
    const resolveName = createNameResolver({ clock: counted })
    service.behave((path) => ({ kind: kinds.find((kind) => path.endsWith(kind)) ?? 'close' }))
    for (let round = 0; round < 200 / kinds.length; round++) {
      await Promise.all(
        kinds.map((kind) => probe({ clock: counted, resolveName, url: service.url(`/${kind}`) })(5_000)),
      )
    }
    expect(service.connections()).toBe(200)
    await until(() => service.openSockets() === 0)
    expect(process.getActiveResourcesInfo()).not.toContain('TCPSocketWrap')
    expect(timers).toBe(0)
  })

  test('evidence is one line of at most 200 characters, whatever the service sends', async () => {
    const body = `<title>\u001b[31m${'я\u202e😀'.repeat(500)}</title>`
    service.behave({ kind: 'answer', body })
    const result = await probe({ expect: { status: 200, contains: `a\nb${'😀'.repeat(300)}` } })(5_000)
    const evidence = result.kind === 'failed' ? result.evidence : ''
    expect(evidence).toMatch(/^expected text "a b/)
    expect(evidence.length).toBeLessThanOrEqual(200)
    expect(evidence).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
  })

  test('a URL of another kind is refused when the probe is made', () => {
    expect(() => probe({ url: 'ftp://user:secret@host/' })).toThrow(
      /needs an http\(s\) URL, not ftp:\/\/host/,
    )
  })

  test('a fault of the probe itself is not held against the service', async () => {
    const resolveName: ResolveName = () => Promise.reject(new Error('bug'))
    expect(await probe({ resolveName })(5_000)).toEqual({
      kind: 'own-fault',
      reason: 'the probe itself failed, report this: bug',
    })
  })

  test('a machine out of file handles is not held against the service', async () => {
    const resolveName = createNameResolver({ clock }, { system: () => Promise.reject(dnsError('EMFILE')) })
    expect(await probe({ resolveName })(5_000)).toMatchObject({ kind: 'own-fault' })
  })
})

function dnsError(code: string): Error {
  return Object.assign(new Error(`getaddrinfo ${code}`), { code })
}
