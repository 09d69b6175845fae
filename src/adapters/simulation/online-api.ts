import type { OnlineFleet } from './online-fleet.ts'
import type { Tokens } from './online-tokens.ts'

export type ApiRequest = {
  readonly method: string
  readonly target: URL
  /** The header, empty when there is none. */
  readonly authorization: string
  readonly body: string
}

export type ApiAnswer = { readonly status: number; readonly value: unknown }

type ApiUser = { readonly login: string; readonly password: string }

/** Answers a request to the API; undefined: it is none. */
export type OnlineApi = (request: ApiRequest) => ApiAnswer | undefined

const DENIED: ApiAnswer = { status: 401, value: { code: 2, message: 'authorisation required' } }
const REFUSED: ApiAnswer = { status: 401, value: { code: 1, message: 'signing in failed' } }
const NO_VEHICLE: ApiAnswer = { status: 200, value: { code: 5, message: 'bad object' } }
const NO_PATH: ApiAnswer = { status: 404, value: 'PATH Not found' }

const STATE = /^\/ls\/api\/v1\/vehicles\/([\w-]+)\/state$/

/** The part of Omnicomm Online's REST API that probes ask (reference/omnicomm-online-api.md 2, 4 and 5). */
export function createOnlineApi(
  users: readonly ApiUser[],
  { tokens, fleet }: { readonly tokens: Tokens; readonly fleet: OnlineFleet },
): OnlineApi {
  function logIn({ target, body }: ApiRequest): ApiAnswer {
    const { login, password } = credentialsOf(body)
    const user = users.find((one) => one.login === login && one.password === password)
    if (user === undefined) return REFUSED
    return good(target.searchParams.get('jwt') === '1' ? tokens.issue(user.login) : { login })
  }

  function renew(token: string): ApiAnswer {
    const login = tokens.loginOf(token, 'refresh')
    return login === undefined ? DENIED : good(tokens.issue(login))
  }

  function data(method: string, path: string): ApiAnswer {
    if (method !== 'GET') return NO_PATH
    if (path === '/ls/api/v2/tree/vehicle') return good(fleet.tree())
    if (path === '/ls/api/v1/activity/vehicles') return good(fleet.activity())
    const id = STATE.exec(path)?.[1]
    if (id === undefined) return NO_PATH
    const state = fleet.state(id)
    return state === undefined ? NO_VEHICLE : good(state)
  }

  return (request) => {
    const { method, target, authorization } = request
    const path = target.pathname
    if (!/^\/(auth|ls)\//.test(path)) return undefined
    if (method === 'POST' && path === '/auth/login') return logIn(request)
    const token = /^JWT (\S+)$/.exec(authorization)?.[1] ?? ''
    if (method === 'POST' && path === '/auth/refresh') return renew(token)
    return tokens.loginOf(token, 'access') === undefined ? DENIED : data(method, path)
  }
}

function good(value: unknown): ApiAnswer {
  return { status: 200, value }
}

function credentialsOf(body: string): { readonly login?: unknown; readonly password?: unknown } {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
