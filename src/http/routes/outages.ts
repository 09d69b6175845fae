import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Outage } from '../../core/outage/outage.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { listOf, PageQuery } from '../json/list.ts'
import { OutageDetailJson, outageDetailJson } from '../json/outage.ts'
import { type OutageDetailDeps, outageDetail, seenDetail } from '../outage-detail.ts'
import { problem, problems } from '../problem.ts'
import { badCursor } from './terminals.ts'

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/outages',
  summary: 'Outages, newest first',
  request: { query: PageQuery },
  responses: {
    200: { description: 'A page', content: { 'application/json': { schema: listOf(OutageDetailJson) } } },
    ...problems(422),
  },
})

const oneRoute = createRoute({
  method: 'get',
  path: '/api/v1/outages/{id}',
  summary: 'One outage with its letters, its time line and what was done about it',
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: { description: 'The outage', content: { 'application/json': { schema: OutageDetailJson } } },
    ...problems(404),
  },
})

/** Outages with their letters, time lines and audit entries. */
export function addOutages(app: OpenAPIHono<HttpEnv>, deps: OutageDetailDeps): void {
  app.openapi(listRoute, async (c) => {
    const { limit, cursor } = c.req.valid('query')
    if (cursor !== undefined && !(await deps.service.outage(cursor))) return badCursor(c)
    const found = await deps.service.outages(limit + 1, cursor)
    const page = found.slice(0, limit)
    const items = []
    for (const outage of page) items.push(await seenJson(c, deps, outage))
    const next = found.length > limit ? (page.at(-1)?.id ?? null) : null
    const total = cursor === undefined && next === null ? page.length : await deps.service.outageCount()
    return c.json({ items, next, total }, 200)
  })

  app.openapi(oneRoute, async (c) => {
    const outage = await deps.service.outage(c.req.valid('param').id)
    return outage
      ? c.json(await seenJson(c, deps, outage), 200)
      : problem(c, 404, 'There is no outage with this id.')
  })
}

async function seenJson(c: HttpContext, deps: OutageDetailDeps, outage: Outage) {
  return outageDetailJson(seenDetail(await outageDetail(deps, outage), c.get('identity')))
}
