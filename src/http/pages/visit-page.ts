import type { Hono } from 'hono'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpEnv } from '../env.ts'
import { seenFleet, seenRequests } from '../seen.ts'
import { faultPage } from './fault.ts'
import { page, readerOf } from './page.ts'
import { visitHref } from './terminal-href.ts'
import { visitView } from './visit.ts'

/** `/terminals/{id}/visit`: what to take along to the vehicle and to check there. */
export function addVisitPage(
  app: Hono<HttpEnv>,
  deps: Pick<AppDeps, 'clock' | 'fleet' | 'requests' | 'contacts'>,
  options: AppOptions,
): void {
  app.get('/terminals/:id/visit', (c) => {
    const fleet = seenFleet(c, deps)
    const id = c.req.param('id')
    const view = fleet.get(id)
    const facts = view && fleet.facts(view.id)
    if (!view || !facts) return c.html(faultPage(c, options, 404), 404)
    // One of its other names: the page stands under one address.
    if (view.id !== id) return c.redirect(visitHref(view.id), 303)
    const reader = readerOf(c, options, deps.clock.now())
    const main = visitView(reader, {
      view,
      facts,
      requests: seenRequests(c, deps).openOf(view.id),
      contact: deps.contacts.contactOf(view.dealer),
    })
    const title = `${reader.texts.visiting.title}: ${view.name || view.id}`
    return c.html(page(reader, { title, section: 'fleet', signedIn: true, main }))
  })
}
