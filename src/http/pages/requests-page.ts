import type { Hono } from 'hono'
import { actorOf } from '../actor.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { slice } from '../json/list.ts'
import { REQUEST_STATES, type RequestState, requestCounts, requestsOf } from '../request-filter.ts'
import { seenFleet, seenRequests } from '../seen.ts'
import { formOf } from './form.ts'
import { page, type Reader, readerOf } from './page.ts'
import { readNewRequest, typedOf } from './request-form-input.ts'
import { type NewRequestView, newRequestView } from './request-new.ts'
import { requestHref } from './request-parts.ts'
import { requestsView } from './requests.ts'

const REQUESTS_PER_PAGE = 100

/** A text of 20,000 letters, each six characters of a form. */
export const REQUEST_LIMIT_BYTES = 256 * 1024

type PageDeps = Pick<AppDeps, 'requests' | 'support' | 'fleet' | 'templates' | 'clock'>

/** `/requests`, and `/requests/new` for one that is written by hand. The check posts its requests here, too. */
export function addRequestsPages(app: Hono<HttpEnv>, deps: PageDeps, options: AppOptions): void {
  const readerFor = (c: HttpContext): Reader => readerOf(c, options, deps.clock.now())

  app.get('/requests', (c) => list(c, deps, readerFor(c)))

  app.get('/requests/new', (c) => {
    const typed = typedOf((name) => c.req.query(name)?.slice(0, MOST_GIVEN) ?? '')
    return show(c, deps, readerFor(c), 200, { typed, faults: {} })
  })

  app.post('/requests', async (c) => {
    const reader = readerFor(c)
    const words = reader.texts.requests
    const read = readNewRequest(await formOf(c), words)
    const { typed } = read
    if ('faults' in read) return show(c, deps, reader, 422, { typed, faults: read.faults })
    const template = deps.templates.get(read.wish.problem)
    if (!template) {
      return show(c, deps, reader, 422, { typed, faults: { problem: words.unknownProblem } })
    }
    const wish = { ...read.wish, about: template.about }
    const made = await seenRequests(c, deps).create(wish, actorOf(c, options))
    switch (made.kind) {
      case 'created':
        return c.redirect(`${requestHref(made.request.id)}?done=created`, 303)
      case 'duplicate':
        return show(c, deps, reader, 409, { typed, faults: {}, duplicate: made.request.id })
      case 'unknown-terminals': {
        const faults = { terminals: words.unknownTerminals(made.ids.join(', ')) }
        return show(c, deps, reader, 422, { typed, faults })
      }
      case 'full':
        return show(c, deps, reader, 409, { typed, faults: { text: words.full } })
    }
  })
}

/** The form when a request is longer than what is read. */
export function requestTooLong(
  c: HttpContext,
  deps: Pick<AppDeps, 'clock' | 'templates'>,
  options: AppOptions,
) {
  const reader = readerOf(c, options, deps.clock.now())
  const faults = { text: reader.texts.requests.tooLong }
  return show(c, deps, reader, 413, { typed: typedOf(() => ''), faults })
}

/** Characters of a field that an address fills in. */
const MOST_GIVEN = 2000

function list(c: HttpContext, deps: PageDeps, reader: Reader) {
  const state = stateOf(c.req.query('state'))
  const requests = seenRequests(c, deps).list()
  const when = { now: reader.now, calendar: deps.support().calendar }
  const found = slice(requestsOf(requests, { state }, when), {
    cursor: c.req.query('cursor') || undefined,
    limit: REQUESTS_PER_PAGE,
  })
  if (found === undefined) return c.redirect('/requests', 303)
  const main = requestsView(reader, {
    state,
    counts: requestCounts(requests, when),
    items: found.items,
    next: found.next === null ? null : `/requests?state=${state}&cursor=${found.next}`,
    fleet: seenFleet(c, deps),
    templates: deps.templates,
  })
  const title = reader.texts.requests.title
  return c.html(page(reader, { title, section: 'requests', signedIn: true, main }))
}

/** An address that names no state shows what is open. */
function stateOf(text: string | undefined): RequestState {
  return REQUEST_STATES.find((state) => state === text) ?? 'open'
}

function show(
  c: HttpContext,
  { templates }: Pick<AppDeps, 'templates'>,
  reader: Reader,
  status: 200 | 409 | 413 | 422,
  view: Omit<NewRequestView, 'templates'>,
) {
  const title = reader.texts.requests.newTitle
  const main = newRequestView(reader, { ...view, templates: templates.list() })
  return c.html(page(reader, { title, section: 'requests', signedIn: true, main }), status)
}
