import type { Hono } from 'hono'
import type { Auth } from '../auth.ts'
import { clientAddress } from '../client.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { foreignOrigin, localPath } from '../origin.ts'
import { giveSession, takeSession } from '../session-cookie.ts'
import { faultPage } from './fault.ts'
import { formOf, formText } from './form.ts'
import { type LoginFault, loginPage } from './login.ts'
import { readerOf } from './page.ts'

/** `/login` and `/logout`. */
export function addLoginPages(
  app: Hono<HttpEnv>,
  deps: Pick<AppDeps, 'clock' | 'accounts'>,
  options: AppOptions,
  auth: Auth,
): void {
  const show = (c: HttpContext, next: string, name: string, fault?: LoginFault) =>
    loginPage(readerOf(c, options, deps.clock.now()), next, name, fault)

  app.get('/login', async (c) => {
    const next = localPath(c.req.query('next'))
    if (await auth.identify(c)) return c.redirect(next, 303)
    return c.html(show(c, next, ''))
  })

  app.post('/login', async (c) => {
    if (foreignOrigin(c, options, 'optional')) return c.html(faultPage(c, options, 403), 403)
    const form = await formOf(c)
    const next = localPath(formText(form, 'next'))
    const name = formText(form, 'user').trim()
    const address = clientAddress(c, options.trustProxy)
    const result = await auth.signIn(name, formText(form, 'password'), address)
    switch (result.kind) {
      case 'accepted':
        giveSession(c, options, result.session)
        return c.redirect(next, 303)
      case 'refused':
        return c.html(show(c, next, name, result), 401)
      case 'throttled':
        c.header('Retry-After', String(result.retryAfterSeconds))
        return c.html(show(c, next, name, result), 429)
    }
  })

  app.post('/logout', async (c) => {
    if (foreignOrigin(c, options, 'optional')) return c.html(faultPage(c, options, 403), 403)
    const found = await auth.sessionOf(c)
    if (found) {
      const { id } = found.account
      const actor = { name: id, via: 'session', address: clientAddress(c, options.trustProxy) } as const
      await deps.accounts.signOut(id, found.session, actor)
    }
    takeSession(c)
    return c.redirect('/login', 303)
  })
}
