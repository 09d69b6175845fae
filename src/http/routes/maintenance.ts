import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Instant } from '../../core/time.ts'
import { actorOf } from '../actor.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpEnv } from '../env.ts'
import { listOf, PageQuery, slice } from '../json/list.ts'
import { MaintenanceJson, maintenanceJson } from '../json/maintenance.ts'
import { problem, problems } from '../problem.ts'
import { plannedWorkInput } from '../window-input.ts'
import { badCursor } from './terminals.ts'

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/maintenance',
  summary: 'Planned work on the watched service',
  request: { query: PageQuery },
  responses: {
    200: { description: 'A page', content: { 'application/json': { schema: listOf(MaintenanceJson) } } },
    ...problems(422),
  },
})

function addRoute(zone: string, now: () => Instant) {
  return createRoute({
    method: 'post',
    path: '/api/v1/maintenance',
    summary: 'Plan work, with `announce` by letter; it cannot begin in the past',
    request: {
      body: { required: true, content: { 'application/json': { schema: plannedWorkInput(zone, now) } } },
    },
    responses: {
      201: { description: 'The window', content: { 'application/json': { schema: MaintenanceJson } } },
      ...problems(409, 422),
    },
  })
}

const deleteRoute = createRoute({
  method: 'delete',
  path: '/api/v1/maintenance/{id}',
  summary: 'End a running window now, or delete one that has not begun',
  request: { params: z.object({ id: z.string() }) },
  responses: { 204: { description: 'Ended or deleted' }, ...problems(404, 409) },
})

/** Maintenance windows of the watched service. */
export function addMaintenance(
  app: OpenAPIHono<HttpEnv>,
  deps: Pick<AppDeps, 'clock' | 'maintenance'>,
  options: Pick<AppOptions, 'timezone' | 'trustProxy'>,
): void {
  app.openapi(listRoute, (c) => {
    const list = slice(deps.maintenance.list(), c.req.valid('query'))
    return list ? c.json({ ...list, items: list.items.map(maintenanceJson) }, 200) : badCursor(c)
  })

  app.openapi(
    addRoute(options.timezone, () => deps.clock.now()),
    async (c) => {
      const window = await deps.maintenance.add(c.req.valid('json'), actorOf(c, options))
      if (window === 'past') {
        return problem(c, 409, 'A window cannot begin in the past: letters may rest on it.')
      }
      return c.json(maintenanceJson(window), 201)
    },
  )

  app.openapi(deleteRoute, async (c) => {
    switch (await deps.maintenance.remove(c.req.valid('param').id, actorOf(c, options))) {
      case 'removed':
      case 'ended':
        return c.body(null, 204)
      case 'over':
        return problem(c, 409, 'The window has ended; it stays, because outages were counted with it.')
      case 'missing':
        return problem(c, 404, 'There is no maintenance window with this id.')
    }
  })
}
