import { type ClientRequest, IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import type { SecureContext } from 'node:tls'
import { type Attempt, brokenBy, type Step } from './attempt.ts'
import { openTcp, openTls } from './connection.ts'
import type { ResolveName } from './name-resolver.ts'
import { errorCode, showUrl } from './text.ts'

export type ExchangeDeps = {
  readonly resolveName: ResolveName
  /** Version of this program, for the User-Agent. */
  readonly version: string
}

export type ExchangeOptions = {
  readonly secureContext?: SecureContext | undefined
  /** GET when absent. */
  readonly method?: 'GET' | 'POST'
  /** In addition to, or in place of, those that every request carries. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
}

/**
 * One request over a connection of its own, up to the header of the answer: phases `dns`, `tcp`, `tls` and `http`.
 * The body is left unread; the attempt drops the connection at its end.
 */
export async function exchange(
  attempt: Attempt,
  { resolveName, version }: ExchangeDeps,
  url: URL,
  options: ExchangeOptions = {},
): Promise<Step<IncomingMessage>> {
  const isTls = url.protocol === 'https:'
  const endpoint = { host: bareHost(url), port: Number(url.port) || (isTls ? 443 : 80) }
  const plain = await openTcp(attempt, resolveName, endpoint)
  if (plain.kind !== 'done') return plain
  const link = isTls ? await openTls(attempt, plain.value, endpoint, options.secureContext) : plain
  if (link.kind !== 'done') return link
  attempt.enter('http', `waiting for the answer of ${showUrl(url)}`)
  const answer = await answerTo(send(link.value, url, version, options))
  if (answer instanceof IncomingMessage) return { kind: 'done', value: answer }
  // A server that wants a client certificate says so only after its part of the handshake.
  const phase = errorCode(answer).startsWith('ERR_SSL') ? 'tls' : 'http'
  return brokenBy(answer, phase, `no HTTP answer from ${showUrl(url)}`)
}

/** The host of a URL as sockets want it: an IPv6 address without its brackets. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1')
}

function send(
  socket: Socket,
  url: URL,
  version: string,
  { method = 'GET', headers, body }: ExchangeOptions,
): ClientRequest {
  const sent = request({
    method,
    createConnection: () => socket,
    path: `${url.pathname}${url.search}`,
    setHost: false,
    headers: {
      Host: url.host,
      'User-Agent': `omnicomm-watch/${version}`,
      Accept: '*/*',
      'Accept-Encoding': 'identity',
      // A cache that still answers would hide that the service behind it does not.
      'Cache-Control': 'no-cache',
      Connection: 'close',
      ...(method === 'POST' ? { 'Content-Length': String(Buffer.byteLength(body ?? '')) } : {}),
      ...headers,
    },
  })
  sent.end(body)
  return sent
}

function answerTo(sent: ClientRequest): Promise<IncomingMessage | Error> {
  return new Promise((resolve) => {
    sent.once('response', resolve)
    // Stays: an error after the answer (the attempt drops the connection) must find a listener too.
    sent.on('error', resolve)
    sent.once('close', () => resolve(new Error('closed without an answer')))
  })
}
