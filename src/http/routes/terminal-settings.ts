import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Instant } from '../../core/time.ts'
import { actorOf } from '../actor.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpEnv } from '../env.ts'
import { problem, problems } from '../problem.ts'
import { seenFleet } from '../seen.ts'
import { acknowledgeInput, ThresholdInput } from '../terminal-input.ts'
import { answerChange, changedAnswers } from './terminal-changes.ts'
import { unknownTerminal } from './terminals.ts'

const params = z.object({ id: z.string() })

const thresholdsRoute = createRoute({
  method: 'put',
  path: '/api/v1/terminals/{id}/thresholds',
  summary: 'Thresholds of the terminal, before those of the configuration; {} or null takes them away',
  request: {
    params,
    body: { required: true, content: { 'application/json': { schema: ThresholdInput } } },
  },
  responses: changedAnswers,
})

function acknowledgeRoute(zone: string, now: () => Instant) {
  return createRoute({
    method: 'put',
    path: '/api/v1/terminals/{id}/acknowledge',
    summary: 'Its silence is known: until then nobody is told of it; null takes it back',
    request: {
      params,
      body: {
        required: true,
        content: { 'application/json': { schema: acknowledgeInput(zone, now).nullable() } },
      },
    },
    responses: changedAnswers,
  })
}

const forgetRoute = createRoute({
  method: 'delete',
  path: '/api/v1/terminals/{id}/learnt',
  summary: "Forget what the terminal's own gaps have taught; it begins to learn anew",
  request: { params },
  responses: { 204: { description: 'Forgotten' }, ...problems(404, 409) },
})

/** What people set on a terminal: thresholds, what they know of its silence, what it is to forget. */
export function addTerminalSettings(
  app: OpenAPIHono<HttpEnv>,
  deps: Pick<AppDeps, 'clock' | 'editor' | 'fleet'>,
  options: Pick<AppOptions, 'language' | 'timezone' | 'trustProxy'>,
): void {
  app.openapi(thresholdsRoute, (c) =>
    answerChange(c, deps, options, c.req.valid('param').id, { thresholds: c.req.valid('json') }),
  )

  app.openapi(
    acknowledgeRoute(options.timezone, () => deps.clock.now()),
    (c) => {
      const known = c.req.valid('json')
      const acknowledged =
        known === null || known.until === null
          ? null
          : { until: known.until, reason: known.reason, by: c.get('identity').name }
      return answerChange(c, deps, options, c.req.valid('param').id, { acknowledged })
    },
  )

  app.openapi(forgetRoute, async (c) => {
    const { id } = c.req.valid('param')
    if (!seenFleet(c, deps).get(id)) return unknownTerminal(c)
    switch (await deps.editor.forgetLearnt(id, actorOf(c, options))) {
      case 'forgotten':
        return c.body(null, 204)
      case 'nothing':
        return problem(c, 409, 'The terminal has learnt nothing.')
      case 'missing':
        return unknownTerminal(c)
    }
  })
}
