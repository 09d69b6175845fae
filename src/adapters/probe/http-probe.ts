import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { SecureContext } from 'node:tls'
import { oneLine, pageTitle } from '../../core/one-line.ts'
import type { Clock, Probe } from '../../ports.ts'
import { type Attempt, type Broken, runProbe, type Step } from './attempt.ts'
import { readBody } from './body.ts'
import { type ExchangeDeps, exchange } from './exchange.ts'
import { showUrl } from './text.ts'
import { trusting } from './trust.ts'

export type HttpProbeDeps = ExchangeDeps & { readonly clock: Pick<Clock, 'monotonic' | 'after'> }

export type HttpProbeOptions = {
  /** http or https; user and password in it are sent as Basic authorisation to its origin only. */
  readonly url: string
  readonly expect: {
    readonly status: number
    /** Text that the first 256 KiB of the page must hold; empty: any page will do. */
    readonly contains: string
  }
  readonly slowAfterMs?: number | undefined
  /** Further certificate authorities, PEM: a redirect may still lead to a host that the usual ones vouch for. */
  readonly ca?: string | undefined
}

const MAX_REDIRECTS = 5
const BODY_LIMIT_BYTES = 256 * 1024

/**
 * A probe that asks for a page over a fresh connection and reads it. Redirects are followed, up to five, unless
 * the expected status is 3xx. Where user and password are refused nothing is known of the page. Throws at once when `url`
 * is no http(s) URL or `ca` no certificate.
 */
export function createHttpProbe(options: HttpProbeOptions, deps: HttpProbeDeps): Probe {
  const url = new URL(options.url)
  if (!isHttp(url)) throw new Error(`A probe of kind http needs an http(s) URL, not ${showUrl(url)}`)
  const secureContext = options.ca === undefined ? undefined : trusting(options.ca)
  return (timeoutMs) =>
    runProbe(deps.clock, { timeoutMs, slowAfterMs: options.slowAfterMs }, async (attempt) => {
      const answer = await follow(attempt, deps, url, options.expect.status, secureContext)
      return answer.kind === 'done' ? judge(attempt, answer.value, options.expect) : answer
    })
}

/** The first answer that is no redirect, or the very first one if a redirect is expected. */
async function follow(
  attempt: Attempt,
  deps: HttpProbeDeps,
  start: URL,
  expectedStatus: number,
  secureContext: SecureContext | undefined,
): Promise<Step<IncomingMessage>> {
  let url = start
  for (let redirects = 0; ; redirects++) {
    const headers = url.origin === start.origin ? basicAuthorization(start) : undefined
    const answer = await exchange(attempt, deps, url, { secureContext, headers })
    if (answer.kind !== 'done') return answer
    const status = answer.value.statusCode ?? 0
    if (headers !== undefined && status !== expectedStatus && isRefusal(status)) return refused(status)
    if (Math.floor(expectedStatus / 100) === 3) return answer
    const location = answer.value.headers.location
    if (!isRedirect(status) || location === undefined) return answer
    answer.value.destroy()
    const next = redirectTarget(location, url)
    if (next === undefined) return httpFailure(status, `${showUrl(url)} redirects to no http(s) URL`)
    if (redirects === MAX_REDIRECTS) {
      return httpFailure(status, `more than ${MAX_REDIRECTS} redirects, the last one to ${showUrl(next)}`)
    }
    url = next
  }
}

async function judge(
  attempt: Attempt,
  answer: IncomingMessage,
  expected: HttpProbeOptions['expect'],
): Promise<Step<{ readonly status: number }>> {
  const status = answer.statusCode ?? 0
  if (status !== expected.status) return unexpectedStatus(status, expected.status, answer)
  const body = await readBody(attempt, answer, BODY_LIMIT_BYTES)
  if (body.kind === 'failed') return { ...body, status }
  if (body.kind !== 'done') return body
  const { text, bytes, cut } = body.value
  if (text.includes(expected.contains)) return { kind: 'done', value: { status } }
  const came = `${cut ? 'the first ' : ''}${bytes} bytes, title "${pageTitle(text)}"`
  const evidence = `expected text "${oneLine(expected.contains, 60)}" is missing: got ${came}`
  return { kind: 'failed', phase: 'assert', status, evidence }
}

function unexpectedStatus(status: number, expected: number, answer: IncomingMessage): Broken {
  if (status !== 429) return httpFailure(status, `expected status ${expected}, got ${named(status)}`)
  const retryAfter = oneLine(answer.headers['retry-after'] ?? 'not said', 40)
  const reason = `blocked: ${named(status)}, Retry-After: ${retryAfter}. Probe less often (longer interval or every) or ask its operator to lift the limit`
  return { kind: 'unusable', cause: 'blocked', reason }
}

/** To a request with user and password 403 says that they do not suffice (RFC 9110 15.5.4). */
function isRefusal(status: number): boolean {
  return status === 401 || status === 403
}

function refused(status: number): Broken {
  const reason = `correct user and password in the url of the component and reload: refused with ${named(status)}`
  return { kind: 'unusable', cause: 'credentials', reason }
}

function named(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`.trim()
}

function httpFailure(status: number, evidence: string): Broken {
  return { kind: 'failed', phase: 'http', status, evidence }
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status)
}

/** Header texts are bytes to Node; those of a path with letters beyond ASCII are UTF-8. */
function redirectTarget(location: string, base: URL): URL | undefined {
  const target = URL.parse(Buffer.from(location, 'latin1').toString('utf8'), base.href)
  return target && isHttp(target) ? target : undefined
}

function isHttp(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:'
}

function basicAuthorization({ username, password }: URL): Readonly<Record<string, string>> | undefined {
  if (username === '' && password === '') return undefined
  const pair = Buffer.from(`${plain(username)}:${plain(password)}`).toString('base64')
  return { Authorization: `Basic ${pair}` }
}

function plain(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}
