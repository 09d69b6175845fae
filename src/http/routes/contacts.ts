import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { actorOf } from '../actor.ts'
import { ContactInput, DealerInput } from '../contact-input.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { ContactJson, contactJson } from '../json/contact.ts'
import { listOf, PageQuery, slice } from '../json/list.ts'
import { problem, problems } from '../problem.ts'
import { seenContacts } from '../seen-contacts.ts'
import { badCursor } from './terminals.ts'

const PATH = '/api/v1/contacts'
const OF_DEALER = '/api/v1/contacts/{dealer}'

const one = { description: 'The contact', content: { 'application/json': { schema: ContactJson } } }
const body = { required: true, content: { 'application/json': { schema: ContactInput } } }
const params = z.object({ dealer: DealerInput })

const listRoute = createRoute({
  method: 'get',
  path: PATH,
  summary:
    'How clients reach their dealer; the contact without a dealer is of everybody who has none of his own',
  request: { query: PageQuery },
  responses: {
    200: { description: 'A page', content: { 'application/json': { schema: listOf(ContactJson) } } },
    ...problems(422),
  },
})

const oneRoute = createRoute({
  method: 'get',
  path: OF_DEALER,
  summary: 'The contact of a dealer',
  request: { params },
  responses: { 200: one, ...problems(404, 422) },
})

const putRoute = createRoute({
  method: 'put',
  path: OF_DEALER,
  summary: 'Add or change the contact of a dealer',
  request: { params, body },
  responses: { 200: one, ...problems(409, 422) },
})

const putCommonRoute = createRoute({
  method: 'put',
  path: PATH,
  summary: 'Add or change the contact of everybody who has none of his own',
  request: { body },
  responses: { 200: one, ...problems(409, 422) },
})

const removed = { 204: { description: 'Removed' }, ...problems(404, 422) }

const deleteRoute = createRoute({
  method: 'delete',
  path: OF_DEALER,
  summary: 'Remove the contact of a dealer',
  request: { params },
  responses: removed,
})

const deleteCommonRoute = createRoute({
  method: 'delete',
  path: PATH,
  summary: 'Remove the contact of everybody who has none of his own',
  responses: removed,
})

/** How clients reach their dealer (regulation, point 18). */
export function addContacts(
  app: OpenAPIHono<HttpEnv>,
  deps: Pick<AppDeps, 'contacts' | 'fleet'>,
  options: Pick<AppOptions, 'trustProxy'>,
): void {
  const save = async (c: HttpContext, id: string, input: z.infer<typeof ContactInput>) => {
    const contact = { id, ...input }
    const saved = await deps.contacts.save(contact, actorOf(c, options))
    return saved === 'full'
      ? problem(c, 409, 'There are as many contacts as can be; remove some first.')
      : c.json(contactJson(contact), 200)
  }
  const remove = async (c: HttpContext, id: string) => {
    const result = await deps.contacts.remove(id, actorOf(c, options))
    return result === 'removed' ? c.body(null, 204) : unknownContact(c)
  }

  app.openapi(listRoute, async (c) => {
    const list = slice(await seenContacts(c, deps), c.req.valid('query'))
    return list ? c.json({ ...list, items: list.items.map(contactJson) }, 200) : badCursor(c)
  })

  app.openapi(oneRoute, async (c) => {
    const { dealer } = c.req.valid('param')
    const found = (await seenContacts(c, deps)).find(({ id }) => id === dealer)
    return found ? c.json(contactJson(found), 200) : unknownContact(c)
  })

  app.openapi(putRoute, (c) => save(c, c.req.valid('param').dealer, c.req.valid('json')))
  app.openapi(putCommonRoute, (c) => save(c, '', c.req.valid('json')))
  app.openapi(deleteRoute, (c) => remove(c, c.req.valid('param').dealer))
  app.openapi(deleteCommonRoute, (c) => remove(c, ''))
}

function unknownContact(c: HttpContext) {
  return problem(c, 404, 'There is no contact of this dealer.')
}
