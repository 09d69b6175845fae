import { deleteCookie, setCookie } from 'hono/cookie'
import { SECOND } from '../core/time.ts'
import { SESSION_COOKIE } from './auth.ts'
import { isSecure } from './client.ts'
import type { AppOptions } from './deps.ts'
import type { HttpContext } from './env.ts'
import { SESSION_MS } from './session.ts'

/** Hands a session to the browser: no script may read it, and no page of another site sends it. */
export function giveSession(c: HttpContext, options: AppOptions, value: string): void {
  setCookie(c, SESSION_COOKIE, value, {
    path: '/',
    httpOnly: true,
    sameSite: 'Strict',
    secure: isSecure(c, options),
    maxAge: SESSION_MS / SECOND,
  })
}

/** Takes the session from the browser. */
export function takeSession(c: HttpContext): void {
  deleteCookie(c, SESSION_COOKIE, { path: '/' })
}
