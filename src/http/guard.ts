import { createMiddleware } from 'hono/factory'
import { matchedRoutes } from 'hono/route'
import { allowedFor, isOwnPassword, SIGNED_IN } from './access.ts'
import type { Auth } from './auth.ts'
import type { AppOptions } from './deps.ts'
import type { HttpContext, HttpEnv, Identity } from './env.ts'
import { foreignOrigin } from './origin.ts'
import { faultPage } from './pages/fault.ts'
import { problem } from './problem.ts'

/**
 * Stands before every route and lets through whom the table of access.ts names. A browser sends its cookie whoever
 * wrote the page that makes the request, so a change by cookie must also come from our own pages.
 */
export function createGuard(auth: Auth, options: AppOptions) {
  return createMiddleware<HttpEnv>(async (c, next) => {
    const route = routeOf(c)
    const allowed = route === undefined ? unknownAddress(c) : allowedFor(route)
    if (allowed === 'anybody') return await next()
    const identity = await auth.identify(c)
    if (!identity) return stranger(c)
    c.set('identity', identity)
    if (identity.via === 'session' && foreignOrigin(c, options, 'needed')) return foreign(c, options)
    if (!allowed.includes(identity.role)) return forbidden(c, options)
    if (mustChooseFirst(identity) && !isOwnPassword(route)) return chooseFirst(c)
    return await next()
  })
}

/** The route that answers, as it was registered, such as `GET /letters/:id`. */
function routeOf(c: HttpContext): string | undefined {
  const route = matchedRoutes(c).find(({ method }) => method !== 'ALL')
  return route && `${route.method} ${route.path}`
}

/** What the API has is nobody's business but that of people with an account. */
function unknownAddress(c: HttpContext) {
  return isApi(c) ? SIGNED_IN : 'anybody'
}

function isApi(c: HttpContext): boolean {
  return c.req.path.startsWith('/api/')
}

/** Leads strangers from pages to the login and back. */
function stranger(c: HttpContext) {
  if (isApi(c)) {
    const headers = { 'WWW-Authenticate': 'Bearer realm="omnicomm-watch"' }
    return problem(c, 401, 'Send Authorization: Bearer with a valid token, or sign in at /login.', {
      headers,
    })
  }
  const here = c.req.method === 'GET' ? new URL(c.req.url) : undefined
  const target = here ? here.pathname + here.search : '/'
  return c.redirect(target === '/' ? '/login' : `/login?next=${encodeURIComponent(target)}`, 303)
}

function foreign(c: HttpContext, options: AppOptions) {
  return isApi(c)
    ? problem(c, 403, 'The Origin header does not name this site; http.publicUrl must be its address.')
    : c.html(faultPage(c, options, 403), 403)
}

function forbidden(c: HttpContext, options: AppOptions) {
  return isApi(c)
    ? problem(c, 403, 'This account may not do this.')
    : c.html(faultPage(c, options, 403, 'notAllowed'), 403)
}

/** A token was made for the account by somebody who may; it does not rest on the password. */
export function mustChooseFirst({ via, mustChange }: Identity): boolean {
  return mustChange && via === 'session'
}

function chooseFirst(c: HttpContext) {
  return isApi(c)
    ? problem(
        c,
        403,
        'Choose a password of your own first: PUT /api/v1/account/password, or the page /account.',
      )
    : c.redirect('/account', 303)
}
