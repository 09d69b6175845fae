import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a path does in place of its usual answer. */
export type OnlineBehaviour =
  | {
      readonly kind: 'answer'
      readonly status?: number
      /** Sent as JSON. */
      readonly json?: unknown
      /** Sent as it is, in place of `json`. */
      readonly body?: string | Uint8Array
      readonly headers?: Readonly<Record<string, string>>
    }
  /** As usual, but only when the promise resolves. */
  | { readonly kind: 'late'; readonly until: Promise<unknown> }
  | { readonly kind: 'silent' | 'cut' | 'reset' }
  | { readonly kind: 'usual' }

export type OnlineRequest = {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly authorization: string
  readonly contentType: string
  readonly body: string
}

export type FakeOnline = AsyncDisposable & {
  /** `http://127.0.0.1:port` */
  readonly baseUrl: string
  /** All requests, oldest first. */
  readonly requests: readonly OnlineRequest[]
  /** The paths of all requests without query, oldest first; or the number of those of one path. */
  paths(): readonly string[]
  count(path: string): number
  /** Scripts a path (without query) until told otherwise; `turn` counts its requests from 0. */
  on(path: string, behave: OnlineBehaviour | ((turn: number) => OnlineBehaviour)): void
  /** Accounts: login to password. */
  readonly users: Record<string, string>
  /** No access token that was given so far is accepted any longer. */
  endSessions(): void
  endRefreshTokens(): void
  /** What new access tokens say of their own times, Unix seconds; null: nothing. */
  claims: { iat?: number; exp?: number } | null
  tree: unknown
  activity: unknown
  state: unknown
}

export const LOGIN = '/auth/login'
export const REFRESH = '/auth/refresh'
export const TREE = '/ls/api/v2/tree/vehicle'
export const ACTIVITY = '/ls/api/v1/activity/vehicles'
export const STATE = '/ls/api/v1/vehicles/200000001/state'

/** A real HTTP server that is Omnicomm Online as its reference describes it, and fails as a test says. */
export async function startFakeOnline(): Promise<FakeOnline> {
  const requests: OnlineRequest[] = []
  const scripts = new Map<string, OnlineBehaviour | ((turn: number) => OnlineBehaviour)>()
  const access = new Set<string>()
  const refresh = new Set<string>()
  let issued = 0

  const server = createServer((request, response) => {
    readBody(request)
      .then((body) => {
        const path = request.url ?? ''
        const { authorization = '', 'content-type': contentType = '' } = request.headers
        requests.push({ method: request.method ?? '', path, authorization, contentType, body })
        act(bare(path), response)
      })
      .catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  function act(path: string, response: ServerResponse): void {
    const own = requests.length - 1
    const script = scripts.get(path) ?? { kind: 'usual' }
    const behaviour = typeof script === 'function' ? script(fake.count(path) - 1) : script
    const usual = () => send(response, usualAnswer(requests[own]))
    switch (behaviour.kind) {
      case 'usual':
        usual()
        return
      case 'late':
        void behaviour.until.then(usual)
        return
      case 'answer':
        send(response, behaviour)
        return
      case 'silent':
        return
      case 'reset':
        response.socket?.resetAndDestroy()
        return
      case 'cut':
        response.writeHead(200, { 'content-length': '1000' })
        response.write('{"id":')
        response.socket?.end()
        return
    }
  }

  function usualAnswer(request: OnlineRequest | undefined): Answer {
    if (request === undefined) return { kind: 'answer', status: 500 }
    const path = bare(request.path)
    const token = request.authorization.replace(/^JWT /, '')
    if (path === LOGIN) return logIn(request)
    if (path === REFRESH) return refresh.has(token) ? tokens('again') : { kind: 'answer', status: 401 }
    if (!access.has(token)) return { kind: 'answer', status: 401 }
    if (path === TREE) return { kind: 'answer', json: fake.tree }
    if (path === ACTIVITY) return { kind: 'answer', json: fake.activity }
    if (path === STATE) return { kind: 'answer', json: fake.state }
    return { kind: 'answer', status: 404, body: 'PATH Not found' }
  }

  function logIn({ body, path }: OnlineRequest): Answer {
    const { login, password } = JSON.parse(body)
    if (!path.endsWith('?jwt=1')) return { kind: 'answer', json: { other: 'shape' } }
    return fake.users[login] === password && password !== undefined
      ? tokens(login)
      : { kind: 'answer', status: 401, json: { code: 1, message: `signing in failed for ${password}` } }
  }

  function tokens(login: string): Answer {
    issued += 1
    const claims = Buffer.from(JSON.stringify({ login, number: issued, ...fake.claims }))
    const jwt = `header.${claims.toString('base64url')}.signature${issued}`
    access.add(jwt)
    refresh.add(`refresh-token-${issued}`)
    return { kind: 'answer', json: { jwt, refresh: `refresh-token-${issued}` } }
  }

  const fake: FakeOnline = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    paths: () => requests.map(({ path }) => bare(path)),
    count: (path) => requests.filter((request) => bare(request.path) === path).length,
    on: (path, behave) => void scripts.set(path, behave),
    users: { watcher: 'pass-word-1' },
    endSessions: () => access.clear(),
    endRefreshTokens: () => refresh.clear(),
    claims: null,
    tree: {
      id: 1001,
      name: 'Group',
      objects: [{ uuid: 'u-1', name: 'Truck 1', terminal_type: 'FAS', terminal_id: 200000001 }],
      children: [],
    },
    activity: [{ id: 200000001, dateID: 1_767_225_600_000, uuid: 'u-1' }],
    state: { status: true, lastDataDate: 1_767_225_600, voltage: 27.6 },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
  return fake
}

type Answer = Extract<OnlineBehaviour, { kind: 'answer' }>

function send(response: ServerResponse, { status = 200, json, body, headers }: Answer): void {
  if (response.destroyed) return
  const text = body ?? (json === undefined ? '' : JSON.stringify(json))
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(text)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function bare(path: string): string {
  return path.split('?')[0] ?? ''
}
