import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { actorOf } from '../actor.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpEnv } from '../env.ts'
import { listOf, PageQuery, slice } from '../json/list.ts'
import { MaintenanceRuleJson, ruleJson } from '../json/maintenance.ts'
import { problem, problems } from '../problem.ts'
import { RuleInput } from '../window-input.ts'
import { badCursor } from './terminals.ts'

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/maintenance/rules',
  summary: 'Planned work that comes back',
  request: { query: PageQuery },
  responses: {
    200: { description: 'A page', content: { 'application/json': { schema: listOf(MaintenanceRuleJson) } } },
    ...problems(422),
  },
})

const addRoute = createRoute({
  method: 'post',
  path: '/api/v1/maintenance/rules',
  summary: 'Plan work that comes back; its next windows are planned at once',
  request: { body: { required: true, content: { 'application/json': { schema: RuleInput } } } },
  responses: {
    201: { description: 'The rule', content: { 'application/json': { schema: MaintenanceRuleJson } } },
    ...problems(422),
  },
})

const deleteRoute = createRoute({
  method: 'delete',
  path: '/api/v1/maintenance/rules/{id}',
  summary: 'Delete a rule and its windows that have not begun',
  request: { params: z.object({ id: z.string() }) },
  responses: { 204: { description: 'Deleted' }, ...problems(404) },
})

/** Rules by which windows of planned work are made. */
export function addMaintenanceRules(
  app: OpenAPIHono<HttpEnv>,
  deps: Pick<AppDeps, 'maintenance'>,
  options: Pick<AppOptions, 'trustProxy'>,
): void {
  app.openapi(listRoute, (c) => {
    const list = slice(deps.maintenance.rules(), c.req.valid('query'))
    return list ? c.json({ ...list, items: list.items.map(ruleJson) }, 200) : badCursor(c)
  })

  app.openapi(addRoute, async (c) => {
    const rule = await deps.maintenance.addRule(c.req.valid('json'), actorOf(c, options))
    return 'fault' in rule ? problem(c, 422, rule.fault.text) : c.json(ruleJson(rule), 201)
  })

  app.openapi(deleteRoute, async (c) => {
    const { id } = c.req.valid('param')
    return (await deps.maintenance.removeRule(id, actorOf(c, options))) === 'removed'
      ? c.body(null, 204)
      : problem(c, 404, 'There is no rule with this id.')
  })
}
