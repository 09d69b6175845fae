import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { pastedPoints } from '../../core/request/template-paste.ts'
import { actorOf } from '../actor.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { listOf, PageQuery, slice } from '../json/list.ts'
import { TemplateJson, templateJson } from '../json/template.ts'
import { problem, problems } from '../problem.ts'
import { OfficialInput } from '../template-input.ts'
import { badCursor } from './terminals.ts'

const params = z.object({ id: z.string() })
const one = { description: 'The template', content: { 'application/json': { schema: TemplateJson } } }

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/templates',
  summary: 'The points of requests, by kind of problem',
  request: { query: PageQuery },
  responses: {
    200: { description: 'A page', content: { 'application/json': { schema: listOf(TemplateJson) } } },
    ...problems(422),
  },
})

const oneRoute = createRoute({
  method: 'get',
  path: '/api/v1/templates/{id}',
  summary: 'The points of one kind of problem',
  request: { params },
  responses: { 200: one, ...problems(404) },
})

const putRoute = createRoute({
  method: 'put',
  path: '/api/v1/templates/{id}',
  summary: 'Put the official points in place of the draft, one a line',
  request: {
    params,
    body: { required: true, content: { 'application/json': { schema: OfficialInput } } },
  },
  responses: { 200: one, ...problems(404, 422) },
})

const deleteRoute = createRoute({
  method: 'delete',
  path: '/api/v1/templates/{id}',
  summary: 'Go back to the draft',
  request: { params },
  responses: { 200: one, ...problems(404, 409) },
})

/** The templates of requests. */
export function addTemplates(
  app: OpenAPIHono<HttpEnv>,
  { templates }: Pick<AppDeps, 'templates'>,
  options: Pick<AppOptions, 'trustProxy'>,
): void {
  app.openapi(listRoute, (c) => {
    const list = slice(templates.list(), c.req.valid('query'))
    return list ? c.json({ ...list, items: list.items.map(templateJson) }, 200) : badCursor(c)
  })

  app.openapi(oneRoute, (c) => {
    const found = templates.get(c.req.valid('param').id)
    return found ? c.json(templateJson(found), 200) : unknownTemplate(c)
  })

  app.openapi(putRoute, async (c) => {
    const { id } = c.req.valid('param')
    const { text, source } = c.req.valid('json')
    const draft = templates.draft(id)
    if (!draft) return unknownTemplate(c)
    const pasted = pastedPoints(text, draft)
    if (!pasted.ok) {
      const errors = [{ path: 'body.text', message: `line ${pasted.line}: ${pasted.fault}` }]
      return problem(c, 422, 'Give the points, one a line.', { errors })
    }
    const replaced = await templates.replace(id, { points: pasted.points, source }, actorOf(c, options))
    return replaced === 'missing' ? unknownTemplate(c) : c.json(templateJson(replaced), 200)
  })

  app.openapi(deleteRoute, async (c) => {
    const restored = await templates.restore(c.req.valid('param').id, actorOf(c, options))
    if (restored === 'missing') return unknownTemplate(c)
    if (restored === 'nothing') return problem(c, 409, 'It is the draft already.')
    return c.json(templateJson(restored), 200)
  })
}

function unknownTemplate(c: HttpContext) {
  return problem(c, 404, 'There is no such kind of problem.')
}
