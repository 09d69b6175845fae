import type { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { addStyle } from '../assets/style.ts'
import type { Auth } from '../auth.ts'
import { limitBody } from '../body.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpEnv } from '../env.ts'
import { foreignOrigin } from '../origin.ts'
import { problem } from '../problem.ts'
import { RECIPIENTS_LIMIT_BYTES } from '../routes/recipient-import.ts'
import { IMPORT_LIMIT_BYTES } from '../routes/terminal-import.ts'
import { addAcknowledgePage } from './acknowledge-page.ts'
import { addAuditPage } from './audit-page.ts'
import { faultPage } from './fault.ts'
import { addFleetPage } from './fleet-page.ts'
import { addIncidentPages } from './incidents-page.ts'
import { addInventoryPages, inventoryTooLong } from './inventory-page.ts'
import { addLetterPages } from './letters-page.ts'
import { addLoginPages } from './login-page.ts'
import { addOutagePage } from './outage-page.ts'
import { addRecipientPages, importTooLong } from './recipients-page.ts'
import { addServicePages } from './service-page.ts'

const FORM_LIMIT_BYTES = 64 * 1024

/** The pages for people, with login and style sheet. */
export function addPages(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions, auth: Auth): void {
  const limit = limitBody(FORM_LIMIT_BYTES, (c) => problem(c, 413, 'The form is too long.'))
  addStyle(app)
  for (const path of ['/login', '/logout']) app.use(path, limit)
  addLoginPages(app, deps, options, auth)
  const signedIn = requireSignIn(auth, options)
  const fileLimits = new Map([
    ['/recipients/import', limitBody(RECIPIENTS_LIMIT_BYTES, (c) => importTooLong(c, deps, options))],
    ['/inventory/import', limitBody(IMPORT_LIMIT_BYTES, (c) => inventoryTooLong(c, deps, options))],
  ])
  for (const path of ['/', ...SECTIONS.flatMap((section) => [section, `${section}/*`])]) {
    app.use(path, signedIn, (c, next) => (fileLimits.get(c.req.path) ?? limit)(c, next))
  }
  addFleetPage(app, deps, options)
  addAcknowledgePage(app, deps, options)
  addIncidentPages(app, deps, options)
  addInventoryPages(app, deps, options)
  addServicePages(app, deps, options)
  addOutagePage(app, deps, options)
  addLetterPages(app, deps, options)
  addRecipientPages(app, deps, options)
  addAuditPage(app, deps, options)
}

const SECTIONS = [
  '/terminals',
  '/incidents',
  '/inventory',
  '/service',
  '/outages',
  '/letters',
  '/recipients',
  '/audit',
] as const

/** Leads strangers to the login and back, and refuses forms that other sites send. */
function requireSignIn(auth: Auth, options: AppOptions) {
  return createMiddleware<HttpEnv>(async (c, next) => {
    const identity = await auth.identify(c)
    if (!identity) {
      const here = c.req.method === 'GET' ? new URL(c.req.url) : undefined
      const target = here ? here.pathname + here.search : '/'
      return c.redirect(target === '/' ? '/login' : `/login?next=${encodeURIComponent(target)}`, 303)
    }
    if (identity.via === 'session' && foreignOrigin(c, options, 'needed')) {
      return c.html(faultPage(c, options, 403), 403)
    }
    c.set('identity', identity)
    return await next()
  })
}
