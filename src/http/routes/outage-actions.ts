import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { ActionRefusal, OutageAction } from '../../core/outage/handling.ts'
import { actorOf } from '../actor.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { OutageDetailJson, outageDetailJson } from '../json/outage.ts'
import { type OutageDetailDeps, outageDetail } from '../outage-detail.ts'
import { CancelInput, expectedInput, MessageInput, NothingInput } from '../outage-input.ts'
import { problem, problems } from '../problem.ts'

type ActionDeps = OutageDetailDeps & Pick<AppDeps, 'outageDesk'>

/** What operators do about an outage; each action answers with the outage as it is then. */
export function addOutageActions(
  app: OpenAPIHono<HttpEnv>,
  deps: ActionDeps,
  options: Pick<AppOptions, 'timezone' | 'trustProxy'>,
): void {
  const perform = (c: HttpContext, id: string, action: OutageAction) => act(c, deps, options, id, action)
  const expected = expectedInput(options.timezone, () => deps.clock.now())

  app.openapi(
    actionRoute(
      'expected-resolution',
      'Say when the outage is expected to be over; null withdraws it',
      expected,
    ),
    (c) => {
      const { at, note } = c.req.valid('json')
      return perform(c, c.req.valid('param').id, { kind: 'expected-resolution', resolution: at, note })
    },
  )

  app.openapi(actionRoute('message', 'Tell the recipients something', MessageInput), (c) =>
    perform(c, c.req.valid('param').id, { kind: 'message', ...c.req.valid('json') }),
  )

  app.openapi(
    actionRoute('cancel', 'Cancel the outage as false; who got a letter gets a correction', CancelInput),
    (c) => perform(c, c.req.valid('param').id, { kind: 'cancel', ...c.req.valid('json') }),
  )

  app.openapi(bareRoute('confirm', 'Confirm that the outage is real: a label'), (c) =>
    perform(c, c.req.valid('param').id, { kind: 'confirm' }),
  )

  app.openapi(bareRoute('send-letter', 'Order the letter before the clock makes it due'), (c) =>
    perform(c, c.req.valid('param').id, { kind: 'send-letter' }),
  )
}

const params = z.object({ id: z.string() })

const responses = {
  200: { description: 'Stored; the outage', content: { 'application/json': { schema: OutageDetailJson } } },
  ...problems(404, 409, 422),
}

function actionRoute<Name extends string, Body extends z.ZodType>(name: Name, summary: string, body: Body) {
  return createRoute({
    method: 'post',
    path: `/api/v1/outages/{id}/${name}` as const,
    summary,
    request: { params, body: { required: true, content: { 'application/json': { schema: body } } } },
    responses,
  })
}

/** An action that needs nothing to be said; a body may be absent. */
function bareRoute<Name extends string>(name: Name, summary: string) {
  return createRoute({
    method: 'post',
    path: `/api/v1/outages/{id}/${name}` as const,
    summary,
    request: { params, body: { required: false, content: { 'application/json': { schema: NothingInput } } } },
    responses,
  })
}

async function act(
  c: HttpContext,
  deps: ActionDeps,
  options: Pick<AppOptions, 'trustProxy'>,
  id: string,
  action: OutageAction,
) {
  const outcome = await deps.outageDesk.act(id, action, actorOf(c, options))
  switch (outcome.kind) {
    case 'done':
      return c.json(outageDetailJson(await outageDetail(deps, outcome.outage)), 200)
    case 'missing':
      return problem(c, 404, 'There is no outage with this id.')
    case 'refused':
      return refused(c, outcome.reason)
  }
}

const REFUSALS: Readonly<Record<Exclude<ActionRefusal, 'past'>, string>> = {
  closed: 'The outage is over; nothing can be changed about it.',
  cancelled: 'The outage was cancelled as false; nothing more is sent about it.',
  'already-written': 'The letter is written already; see /api/v1/letters.',
  'already-confirmed': 'The outage is confirmed already.',
}

function refused(c: HttpContext, reason: ActionRefusal) {
  if (reason !== 'past') return problem(c, 409, REFUSALS[reason])
  const errors = [{ path: 'body.at', message: 'must be in the future' }]
  return problem(c, 422, 'body.at: must be in the future', { errors })
}
