import type { Hono } from 'hono'
import { officialDueOf, standingOf } from '../../core/request/overdue.ts'
import type { SupportRequest } from '../../core/request/support-request.ts'
import { actorOf } from '../actor.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { seenFleet, seenRequests } from '../seen.ts'
import { faultPage } from './fault.ts'
import { formOf } from './form.ts'
import { doneText } from './notice.ts'
import { page, readerOf } from './page.ts'
import { type RequestPageView, requestView } from './request.ts'
import { requestFormReader } from './request-action-input.ts'
import { requestHref, requestProblem, wordsFor } from './request-parts.ts'

type PageDeps = Pick<AppDeps, 'requests' | 'support' | 'contacts' | 'fleet' | 'templates' | 'clock'>

/** `/requests/{id}` with the forms for what people can say about it. */
export function addRequestPage(app: Hono<HttpEnv>, deps: PageDeps, options: AppOptions): void {
  const read = requestFormReader(options.timezone, () => deps.clock.now())

  app.get('/requests/:id', (c) => {
    const request = seenRequests(c, deps).get(c.req.param('id'))
    return request ? show(c, deps, options, request, 200, {}) : c.html(faultPage(c, options, 404), 404)
  })

  app.post('/requests/:id/:action', async (c) => {
    const requests = seenRequests(c, deps)
    const { id, action: name } = c.req.param()
    const request = requests.get(id)
    const { requests: words } = readerOf(c, options, deps.clock.now()).texts
    const wanted = request && read(name, await formOf(c), words)
    if (request === undefined || wanted === undefined) return c.html(faultPage(c, options, 404), 404)
    const { action, tried } = wanted
    if (action === null) return show(c, deps, options, request, 422, { tried })
    const outcome = await requests.act(id, action, actorOf(c, options))
    switch (outcome.kind) {
      case 'done':
        return c.redirect(`${requestHref(id)}?done=${name}`, 303)
      case 'missing':
        return c.html(faultPage(c, options, 404), 404)
      case 'refused': {
        const now = requests.get(id) ?? request
        return show(c, deps, options, now, 409, { fault: words.refusals[outcome.reason], tried })
      }
    }
  })
}

function show(
  c: HttpContext,
  deps: PageDeps,
  options: AppOptions,
  request: SupportRequest,
  status: 200 | 409 | 422,
  refusal: Pick<RequestPageView, 'fault' | 'tried'>,
) {
  const reader = readerOf(c, options, deps.clock.now())
  const { calendar, addresses } = deps.support()
  const main = requestView(reader, {
    request,
    standing: standingOf(request, reader.now, calendar),
    officialDue: officialDueOf(request, calendar),
    address: addresses[request.addressee],
    fleet: seenFleet(c, deps),
    problem: requestProblem(reader, deps.templates, request.problem),
    contact: deps.contacts.contactOf(request.dealer),
    done: doneText(c, wordsFor(reader, request.addressee).done),
    ...refusal,
  })
  const title = `${request.id}: ${request.subject}`
  return c.html(page(reader, { title, section: 'requests', signedIn: true, main }), status)
}
