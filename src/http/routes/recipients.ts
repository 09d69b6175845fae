import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { actorOf } from '../actor.ts'
import { csvFile, wantsCsv, wantsPage } from '../csv-file.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { listOf, PageQuery, slice } from '../json/list.ts'
import { RecipientJson, recipientJson } from '../json/recipient.ts'
import { problem, problems } from '../problem.ts'
import { recipientsCsv } from '../recipient-csv.ts'
import { recipientInput } from '../recipient-input.ts'
import { badCursor } from './terminals.ts'

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/recipients',
  summary:
    'People who get letters; with Accept: text/csv (or format=csv) as CSV: all of them, with limit or cursor a page, and the next one in Link',
  request: { query: PageQuery.extend({ format: z.enum(['json', 'csv']).optional() }) },
  responses: {
    200: {
      description: 'A page, or the CSV',
      content: {
        'application/json': { schema: listOf(RecipientJson) },
        'text/csv': { schema: z.string() },
      },
    },
    ...problems(422),
  },
})

const one = { description: 'The recipient', content: { 'application/json': { schema: RecipientJson } } }
const params = z.object({ id: z.string() })

function addRoute(body: ReturnType<typeof recipientInput>) {
  return createRoute({
    method: 'post',
    path: '/api/v1/recipients',
    summary: 'Add a recipient; during an outage whose letter is due he gets it',
    request: { body: { required: true, content: { 'application/json': { schema: body } } } },
    responses: { 201: one, ...problems(409, 422) },
  })
}

const oneRoute = createRoute({
  method: 'get',
  path: '/api/v1/recipients/{id}',
  summary: 'One recipient',
  request: { params },
  responses: { 200: one, ...problems(404) },
})

function updateRoute(body: ReturnType<typeof recipientInput>) {
  return createRoute({
    method: 'put',
    path: '/api/v1/recipients/{id}',
    summary: 'Change a recipient',
    request: { params, body: { required: true, content: { 'application/json': { schema: body } } } },
    responses: { 200: one, ...problems(404, 409, 422) },
  })
}

const deleteRoute = createRoute({
  method: 'delete',
  path: '/api/v1/recipients/{id}',
  summary: 'Remove a recipient; nothing more is sent to him',
  request: { params },
  responses: { 204: { description: 'Removed' }, ...problems(404, 409) },
})

/** People who get letters. Those of the configuration can only be read. */
export function addRecipients(
  app: OpenAPIHono<HttpEnv>,
  { recipients }: Pick<AppDeps, 'recipients'>,
  options: Pick<AppOptions, 'language' | 'trustProxy'>,
): void {
  const body = recipientInput(options.language)

  app.openapi(listRoute, (c) => {
    const { format, ...page } = c.req.valid('query')
    const all = recipients.list()
    const isCsv = format === 'csv' || (format === undefined && wantsCsv(c))
    if (isCsv && !wantsPage(c)) return csvFile(c, 'recipients.csv', recipientsCsv(all))
    const list = slice(all, page)
    if (!list) return badCursor(c)
    if (isCsv) return csvFile(c, 'recipients.csv', recipientsCsv(list.items), list.next)
    return c.json({ ...list, items: list.items.map(recipientJson) }, 200)
  })

  app.openapi(oneRoute, (c) => {
    const { id } = c.req.valid('param')
    const found = recipients.list().find((recipient) => recipient.id === id)
    return found ? c.json(recipientJson(found), 200) : unknownRecipient(c)
  })

  app.openapi(addRoute(body), async (c) => {
    const added = await recipients.add(c.req.valid('json'), actorOf(c, options))
    return typeof added === 'string' ? conflict(c, added) : c.json(recipientJson(added), 201)
  })

  app.openapi(updateRoute(body), async (c) => {
    const { id } = c.req.valid('param')
    const updated = await recipients.update(id, c.req.valid('json'), actorOf(c, options))
    if (updated === 'missing') return unknownRecipient(c)
    return typeof updated === 'string' ? conflict(c, updated) : c.json(recipientJson(updated), 200)
  })

  app.openapi(deleteRoute, async (c) => {
    const result = await recipients.remove(c.req.valid('param').id, actorOf(c, options))
    if (result === 'missing') return unknownRecipient(c)
    return result === 'removed' ? c.body(null, 204) : conflict(c, result)
  })
}

const CONFLICTS = {
  taken: 'Another recipient has this address.',
  full: 'There are as many recipients as can be; remove some first.',
  'read-only': 'This recipient is of the configuration file; change letters.recipients there.',
} as const

function conflict(c: HttpContext, reason: keyof typeof CONFLICTS) {
  return problem(c, 409, CONFLICTS[reason])
}

function unknownRecipient(c: HttpContext) {
  return problem(c, 404, 'There is no recipient with this id.')
}
