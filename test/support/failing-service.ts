import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { EXPIRED_CERTIFICATE, TEST_CERTIFICATE, TEST_KEY } from './certificates.ts'

/** What the service does with a request; `silent` already with the connection, before any TLS. */
export type Behaviour =
  | {
      readonly kind: 'answer'
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string | Uint8Array
      readonly delayMs?: number
    }
  | { readonly kind: 'redirect'; readonly to: string; readonly status?: number }
  | {
      readonly kind:
        | 'silent'
        | 'hang-before-headers'
        | 'hang-after-headers'
        | 'cut-body'
        | 'endless-body'
        | 'reset'
        | 'close'
        | 'garbage'
        | 'broken-tls'
    }

export type Behave = Behaviour | ((path: string) => Behaviour)

/** A real HTTP service that fails in each way, switched at run time. */
export type FailingService = AsyncDisposable & {
  readonly port: number
  /** At `localhost`, the name in its certificate. */
  url(path?: string): string
  behave(behaviour: Behave): void
  /** The heads of all requests, oldest first. */
  readonly requests: readonly string[]
  connections(): number
  openSockets(): number
  /** Drops everything and stops listening, so that connections are refused. */
  refuse(): Promise<void>
  /** Listens again, on the same port. */
  accept(): Promise<void>
}

export type FailingServiceOptions = {
  readonly tls?: 'self-signed' | 'expired'
  readonly host?: '127.0.0.1' | '::1'
}

export const PAGE = '<html><title>Omnicomm Online</title><body>Welcome</body></html>'

export async function startFailingService(options: FailingServiceOptions = {}): Promise<FailingService> {
  const host = options.host ?? '127.0.0.1'
  const sockets = new Set<Socket>()
  const requests: string[] = []
  let behave: Behave = { kind: 'answer', body: PAGE }
  let connections = 0

  const server = createServer((socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    if (typeof behave === 'object' && behave.kind === 'silent') {
      socket.resume()
      return
    }
    const link = options.tls ? serverSide(socket, options.tls) : socket
    readHead(link, (head) => {
      requests.push(head)
      act(typeof behave === 'function' ? behave(head.split(' ')[1] ?? '') : behave, link, socket)
    })
  })
  const listen = async (port: number): Promise<void> => {
    server.listen({ port, host })
    await once(server, 'listening')
  }
  const refuse = async (): Promise<void> => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await listen(0)
  const { port } = server.address() as AddressInfo

  return {
    port,
    url: (path = '/') =>
      `${options.tls ? 'https' : 'http'}://${host === '::1' ? '[::1]' : 'localhost'}:${port}${path}`,
    behave: (next) => {
      behave = next
    },
    requests,
    connections: () => connections,
    openSockets: () => sockets.size,
    refuse,
    accept: () => listen(port),
    [Symbol.asyncDispose]: refuse,
  }
}

function serverSide(socket: Socket, kind: 'self-signed' | 'expired'): TLSSocket {
  const cert = kind === 'expired' ? EXPIRED_CERTIFICATE : TEST_CERTIFICATE
  const link = new TLSSocket(socket, { isServer: true, key: TEST_KEY, cert })
  link.on('error', () => {})
  return link
}

function readHead(link: Socket, done: (head: string) => void): void {
  let head = ''
  link.on('data', (chunk) => {
    head += chunk.toString('latin1')
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) return
    link.removeAllListeners('data')
    link.resume()
    done(head.slice(0, end))
  })
}

/** `link` carries the HTTP, `socket` is the connection under it. */
function act(behaviour: Behaviour, link: Socket, socket: Socket): void {
  switch (behaviour.kind) {
    case 'answer':
      if (behaviour.delayMs === undefined) answer(link, behaviour)
      else setTimeout(() => answer(link, behaviour), behaviour.delayMs).unref()
      return
    case 'redirect':
      link.end(head(behaviour.status ?? 302, { location: behaviour.to, 'content-length': '0' }))
      return
    case 'hang-after-headers':
      link.write(head(200, { 'content-length': '1000' }))
      return
    case 'cut-body':
      link.end(`${head(200, { 'content-length': '1000' })}<html>`)
      return
    case 'endless-body':
      link.write(head(200, {}))
      pour(link)
      return
    case 'reset':
      socket.resetAndDestroy()
      return
    case 'close':
      link.end()
      return
    case 'garbage':
      link.end('SSH-2.0-OpenSSH_9.6\r\n')
      return
    case 'broken-tls':
      socket.end('SSH-2.0-OpenSSH_9.6\r\n')
      return
    case 'silent':
    case 'hang-before-headers':
      return
  }
}

function answer(
  link: Socket,
  { status = 200, headers = {}, body = '' }: Extract<Behaviour, { kind: 'answer' }>,
): void {
  const bytes = Buffer.from(body)
  link.write(head(status, { 'content-length': String(bytes.length), ...headers }))
  link.end(bytes)
}

function head(status: number, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} Said So\r\n${lines.join('')}\r\n`
}

function pour(link: Socket): void {
  const chunk = Buffer.alloc(64 * 1024, 'x')
  const more = (): void => {
    while (!link.destroyed && link.write(chunk)) {}
  }
  link.on('drain', more)
  more()
}
