import type { Hono } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import { SECOND } from '../../core/time.ts'
import { type Auth, SESSION_COOKIE } from '../auth.ts'
import { clientAddress } from '../client.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { foreignOrigin, localPath } from '../origin.ts'
import { SESSION_MS } from '../session.ts'
import { faultPage } from './fault.ts'
import { formOf, formText } from './form.ts'
import { type LoginFault, loginPage } from './login.ts'
import { readerOf } from './page.ts'

/** `/login` and `/logout`. */
export function addLoginPages(
  app: Hono<HttpEnv>,
  deps: Pick<AppDeps, 'clock'>,
  options: AppOptions,
  auth: Auth,
): void {
  const show = (c: HttpContext, next: string, fault?: LoginFault) =>
    loginPage(readerOf(c, options, deps.clock.now()), next, fault)

  app.get('/login', async (c) => {
    const next = localPath(c.req.query('next'))
    if (await auth.identify(c)) return c.redirect(next, 303)
    return c.html(show(c, next))
  })

  app.post('/login', async (c) => {
    if (foreignOrigin(c, options, 'optional')) return c.html(faultPage(c, options, 403), 403)
    const form = await formOf(c)
    const next = localPath(formText(form, 'next'))
    const address = clientAddress(c, options.trustProxy)
    const result = await auth.signIn(formText(form, 'user'), formText(form, 'password'), address)
    switch (result.kind) {
      case 'accepted':
        setCookie(c, SESSION_COOKIE, result.session, cookie(options))
        return c.redirect(next, 303)
      case 'refused':
        return c.html(show(c, next, result), 401)
      case 'throttled':
        c.header('Retry-After', String(result.retryAfterSeconds))
        return c.html(show(c, next, result), 429)
    }
  })

  app.post('/logout', (c) => {
    if (foreignOrigin(c, options, 'optional')) return c.html(faultPage(c, options, 403), 403)
    deleteCookie(c, SESSION_COOKIE, { path: '/' })
    return c.redirect('/login', 303)
  })
}

function cookie(options: AppOptions) {
  return {
    path: '/',
    httpOnly: true,
    sameSite: 'Strict',
    secure: options.publicUrl.startsWith('https:'),
    maxAge: SESSION_MS / SECOND,
  } as const
}
