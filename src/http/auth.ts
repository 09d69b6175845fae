import { getCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import type { AppDeps, AppOptions } from './deps.ts'
import type { HttpContext, HttpEnv, Identity, Role } from './env.ts'
import { foreignOrigin } from './origin.ts'
import { ADMIN_PASSWORD_KEY, matchesPassword } from './password.ts'
import { problem } from './problem.ts'
import { createSessions, matchesSecret } from './session.ts'
import { createThrottle } from './throttle.ts'

export const SESSION_COOKIE = 'watch_session'

const ADMIN = 'admin'
const FAILURES_PER_MINUTE = 10
/** Each check takes 32 MiB and a core for a moment; many at once would starve everything else. */
const MAX_CHECKS_AT_ONCE = 4

/** What became of a login: the cookie's value, or when to try again. */
export type SignIn =
  | { readonly kind: 'accepted'; readonly session: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }

export type Auth = {
  /** Who makes the request; undefined for a stranger. */
  identify(c: HttpContext): Promise<Identity | undefined>
  signIn(name: string, password: string, address: string): Promise<SignIn>
}

/** Accounts: the admin token and user `admin` with a password. */
export function createAuth(deps: Pick<AppDeps, 'clock' | 'log' | 'settings'>, options: AppOptions): Auth {
  const sessions = createSessions(deps.settings)
  const throttle = createThrottle(deps.clock, FAILURES_PER_MINUTE)
  let checks = 0

  async function check(name: string, password: string): Promise<boolean> {
    // Whoever may set the environment can come in again when the password is lost.
    if (name === ADMIN && matchesSecret(password, options.adminToken)) return true
    checks += 1
    try {
      const hash = (await deps.settings.get(ADMIN_PASSWORD_KEY)) ?? ''
      return (await matchesPassword(password, hash)) && name === ADMIN
    } finally {
      checks -= 1
    }
  }

  return {
    async identify(c) {
      const token = bearerToken(c)
      if (token !== undefined) {
        return matchesSecret(token, options.adminToken) ? account(ADMIN, 'token') : undefined
      }
      const cookie = getCookie(c, SESSION_COOKIE)
      const name = cookie === undefined ? undefined : await sessions.read(cookie, deps.clock.now())
      return name === ADMIN ? account(name, 'session') : undefined
    },
    async signIn(name, password, address) {
      const key = network(address)
      const wait = throttle.take(key)
      if (wait > 0) return { kind: 'throttled', retryAfterSeconds: wait }
      if (checks >= MAX_CHECKS_AT_ONCE) return { kind: 'throttled', retryAfterSeconds: 1 }
      if (!(await check(name, password))) {
        deps.log.warn('login refused', { address })
        return { kind: 'refused' }
      }
      throttle.forget(key)
      return { kind: 'accepted', session: await sessions.create(name, deps.clock.now()) }
    },
  }
}

/**
 * Lets only accounts with one of `roles` through. A browser sends its cookie whoever wrote the page that makes the
 * request, so a change by cookie must also come from our own pages.
 */
export function requireAccount(auth: Auth, options: AppOptions, roles: readonly Role[]) {
  return createMiddleware<HttpEnv>(async (c, next) => {
    const identity = await auth.identify(c)
    if (!identity) {
      const headers = { 'WWW-Authenticate': 'Bearer realm="omnicomm-watch"' }
      return problem(c, 401, 'Send Authorization: Bearer with a valid token, or sign in at /login.', {
        headers,
      })
    }
    if (identity.via === 'session' && foreignOrigin(c, options, 'needed')) {
      return problem(c, 403, 'The Origin header does not name this site; http.publicUrl must be its address.')
    }
    if (!roles.includes(identity.role)) return problem(c, 403, 'This account may not do this.')
    c.set('identity', identity)
    return await next()
  })
}

/** The token of `Authorization: Bearer`; undefined when there is no such header. */
export function bearerToken(c: HttpContext): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1]
}

function account(name: string, via: Identity['via']): Identity {
  return { name, role: 'admin', via }
}

/** An IPv6 customer has a whole /64 at hand; all of it counts as one address. */
function network(address: string): string {
  return address.includes(':') && !address.includes('.') ? address.split(':').slice(0, 4).join(':') : address
}
