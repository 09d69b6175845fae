import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpEnv } from '../env.ts'
import { IncidentDetailJson, IncidentJson, incidentJson, memberJson } from '../json/incident.ts'
import { blankAsAbsent, listOf, PageQuery } from '../json/list.ts'
import { problem, problems } from '../problem.ts'
import { seenIncidents } from '../seen.ts'
import { badCursor } from './terminals.ts'

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/incidents',
  summary: 'Mass silence, newest first: incidents that explain the silence of many terminals',
  request: {
    query: PageQuery.extend({ state: blankAsAbsent(z.enum(['open', 'closed']).optional()) }),
  },
  responses: {
    200: { description: 'A page', content: { 'application/json': { schema: listOf(IncidentJson) } } },
    ...problems(422),
  },
})

const oneRoute = createRoute({
  method: 'get',
  path: '/api/v1/incidents/{id}',
  summary: 'One incident with a page of its terminals, those that are silent now first',
  request: { params: z.object({ id: z.string() }), query: PageQuery },
  responses: {
    200: { description: 'The incident', content: { 'application/json': { schema: IncidentDetailJson } } },
    ...problems(404, 422),
  },
})

/** Incidents of mass silence, open and closed. */
export function addIncidents(
  app: OpenAPIHono<HttpEnv>,
  deps: Pick<AppDeps, 'incidents'>,
  { language }: Pick<AppOptions, 'language'>,
): void {
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, state } = c.req.valid('query')
    const found = await seenIncidents(c, deps).list({
      limit,
      ...(cursor && { cursor }),
      ...(state && { state }),
    })
    if (found === 'bad-cursor') return badCursor(c)
    return c.json({ ...found, items: found.items.map((incident) => incidentJson(incident, language)) }, 200)
  })

  app.openapi(oneRoute, async (c) => {
    const { limit, cursor } = c.req.valid('query')
    const query = { limit, ...(cursor && { cursor }) }
    const found = await seenIncidents(c, deps).get(c.req.valid('param').id, query)
    if (!found) return problem(c, 404, 'There is no incident with this id.')
    if (found === 'bad-cursor') return badCursor(c)
    const terminals = { ...found.members, items: found.members.items.map(memberJson) }
    return c.json({ ...incidentJson(found.incident, language), terminals }, 200)
  })
}
