import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { RequestMade } from '../../core/request/support-request-wish.ts'
import { actorOf } from '../actor.ts'
import { csvFile, wantsCsv, wantsPage } from '../csv-file.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { blankAsAbsent, listOf, PageQuery, slice } from '../json/list.ts'
import {
  RequestDetailJson,
  RequestJson,
  type RequestView,
  requestDetailJson,
  requestJson,
} from '../json/request.ts'
import { problem, problems } from '../problem.ts'
import { requestsCsv } from '../request-csv.ts'
import { REQUEST_STATES, requestsOf } from '../request-filter.ts'
import { RequestInput } from '../request-input.ts'
import { requestMail } from '../request-mail.ts'
import { seenRequests } from '../seen.ts'
import { unknownProblem } from './check.ts'
import { badCursor } from './terminals.ts'

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/requests',
  summary:
    'Requests to technical support, overdue ones first; with Accept: text/csv (or format=csv) as CSV: all, with limit or cursor a page, and the next one in Link',
  request: {
    query: PageQuery.extend({
      state: blankAsAbsent(z.enum(REQUEST_STATES).optional()).openapi({ enum: [...REQUEST_STATES] }),
      terminal: blankAsAbsent(z.string().max(200).optional()),
      format: z.enum(['json', 'csv']).optional(),
    }),
  },
  responses: {
    200: {
      description: 'A page, or the CSV',
      content: {
        'application/json': { schema: listOf(RequestJson) },
        'text/csv': { schema: z.string() },
      },
    },
    ...problems(422),
  },
})

const detail = { 'application/json': { schema: RequestDetailJson } }

const addRoute = createRoute({
  method: 'post',
  path: '/api/v1/requests',
  summary: 'Make a request: one problem, one thread',
  request: { body: { required: true, content: { 'application/json': { schema: RequestInput } } } },
  responses: { 201: { description: 'The request', content: detail }, ...problems(409, 422) },
})

const oneRoute = createRoute({
  method: 'get',
  path: '/api/v1/requests/{id}',
  summary: 'One request; with .eml after the id its letter for a mail program',
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: {
      description: 'The request',
      content: { ...detail, 'message/rfc822': { schema: z.string() } },
    },
    ...problems(404),
  },
})

const letterRoute = createRoute({
  method: 'get',
  path: '/api/v1/requests/{id}/letters/{number}',
  summary: 'A later letter of the thread for a mail program',
  request: { params: z.object({ id: z.string(), number: z.string().regex(/^\d{1,4}(\.eml)?$/) }) },
  responses: {
    200: { description: 'The letter', content: { 'message/rfc822': { schema: z.string() } } },
    ...problems(404, 422),
  },
})

const EML = '.eml'

/** Requests to technical support, each account those that it may see. */
export function addRequests(
  app: OpenAPIHono<HttpEnv>,
  deps: Pick<AppDeps, 'requests' | 'contacts' | 'clock' | 'templates' | 'support'>,
  options: Pick<AppOptions, 'trustProxy' | 'language'>,
): void {
  const { language } = options
  const view = (): RequestView => ({ now: deps.clock.now(), calendar: deps.support().calendar, language })

  app.openapi(listRoute, (c) => {
    const { format, state, terminal, ...page } = c.req.valid('query')
    const seen = seenRequests(c, deps)
    const asked = terminal === undefined ? seen.list() : seen.about(terminal)
    const found = requestsOf(asked, { state }, view())
    const requests = found.map(({ request }) => request)
    const isCsv = format === 'csv' || (format === undefined && wantsCsv(c))
    if (isCsv && !wantsPage(c)) return csvFile(c, 'requests.csv', requestsCsv(requests, view()))
    const list = slice(requests, page)
    if (list === undefined) return badCursor(c)
    if (isCsv) return csvFile(c, 'requests.csv', requestsCsv(list.items, view()), list.next)
    return c.json({ ...list, items: list.items.map((request) => requestJson(request, view())) }, 200)
  })

  app.openapi(addRoute, async (c) => {
    const wish = c.req.valid('json')
    const template = deps.templates.get(wish.problem)
    if (!template) return unknownProblem(c, deps, 'body')
    const { about } = template
    const made = await seenRequests(c, deps).create({ ...wish, about }, actorOf(c, options))
    return made.kind === 'created' ? c.json(requestDetailJson(made.request, view()), 201) : notMade(c, made)
  })

  app.openapi(oneRoute, (c) => {
    const { id } = c.req.valid('param')
    const isMail = id.endsWith(EML)
    const request = seenRequests(c, deps).get(isMail ? id.slice(0, -EML.length) : id)
    if (request === undefined) return unknownRequest(c)
    if (isMail) return requestMail(c, deps, request, 0, language) ?? unknownRequest(c)
    return c.json(requestDetailJson(request, view()), 200)
  })

  app.openapi(letterRoute, (c) => {
    const { id, number } = c.req.valid('param')
    const request = seenRequests(c, deps).get(id)
    const mail = request && requestMail(c, deps, request, Number.parseInt(number, 10), language)
    return mail ?? problem(c, 404, 'There is no such letter.')
  })
}

function notMade(c: HttpContext, made: Exclude<RequestMade, { readonly kind: 'created' }>) {
  switch (made.kind) {
    case 'duplicate': {
      const { id } = made.request
      const detail = `${id} is open about the same problem; say it there, or repeat with "anyway": true.`
      return problem(c, 409, detail, { members: { request: id } })
    }
    case 'unknown-terminals': {
      const message = `unknown: ${made.ids.join(', ')}`
      return problem(c, 422, `body.terminals: ${message}`, { errors: [{ path: 'body.terminals', message }] })
    }
    case 'full':
      return problem(c, 409, 'There are as many open requests as can be; close some first.')
  }
}

/** Also when it is somebody else's. */
export function unknownRequest(c: HttpContext) {
  return problem(c, 404, 'There is no request with this id.')
}
