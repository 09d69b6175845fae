import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { RequestAction, RequestRefusal } from '../../core/request/support-request-action.ts'
import { actorOf } from '../actor.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { RequestDetailJson, requestDetailJson } from '../json/request.ts'
import { problem, problems } from '../problem.ts'
import {
  MaySayInput,
  promisedInput,
  SaidInput,
  SentInput,
  StepDoneInput,
  StepInput,
  TicketInput,
} from '../request-input.ts'
import { seenRequests } from '../seen.ts'
import { unknownRequest } from './requests.ts'

type ActionDeps = Pick<AppDeps, 'requests' | 'support' | 'clock'>
type ActionOptions = Pick<AppOptions, 'trustProxy' | 'timezone' | 'language'>

/** What people say about a request; each action answers with the request as it is then. */
export function addRequestActions(app: OpenAPIHono<HttpEnv>, deps: ActionDeps, options: ActionOptions): void {
  const perform = (c: HttpContext, id: string, action: RequestAction) => act(c, deps, options, id, action)

  app.openapi(route('sent', 'It was sent to support', SentInput, false), (c) =>
    perform(c, c.req.valid('param').id, { kind: 'sent', ...c.req.valid('json') }),
  )
  app.openapi(route('ticket', 'Support gave it a number', TicketInput), (c) =>
    perform(c, c.req.valid('param').id, { kind: 'ticket', ...c.req.valid('json') }),
  )
  const promised = promisedInput(options.timezone, () => deps.clock.now())
  app.openapi(
    route('promised', 'Support promised something until a time; null takes it back', promised),
    (c) => perform(c, c.req.valid('param').id, { kind: 'promised', ...c.req.valid('json') }),
  )
  app.openapi(route('step', 'Support recommended something', StepInput), (c) =>
    perform(c, c.req.valid('param').id, { kind: 'step', ...c.req.valid('json') }),
  )
  app.openapi(route('step-done', 'What came of a recommended step', StepDoneInput), (c) =>
    perform(c, c.req.valid('param').id, { kind: 'step-done', ...c.req.valid('json') }),
  )
  for (const [kind, summary] of SAYINGS) {
    app.openapi(route(kind, summary, SaidInput), (c) =>
      perform(c, c.req.valid('param').id, { kind, ...c.req.valid('json') }),
    )
  }
  for (const [kind, summary] of BARE) {
    app.openapi(route(kind, summary, MaySayInput, false), (c) => {
      const { text = '' } = c.req.valid('json')
      return perform(c, c.req.valid('param').id, { kind, text })
    })
  }
}

/** What needs words. */
const SAYINGS = [
  ['note', 'A note'],
  ['asked', 'Support asks for more'],
  ['answered', 'The question of support is answered'],
  ['follow-up', 'Something more to say in the same thread'],
] as const

/** What may be said without words. */
const BARE = [
  ['official-asked', 'An official answer was asked for; it is due in three working days'],
  ['official-answered', 'The official answer has come'],
  ['close', 'It is settled'],
  ['reopen', 'It is not settled after all'],
] as const

const params = z.object({ id: z.string() })

function route<Name extends string, Body extends z.ZodType>(
  name: Name,
  summary: string,
  body: Body,
  required = true,
) {
  return createRoute({
    method: 'post',
    path: `/api/v1/requests/{id}/${name}` as const,
    summary,
    request: { params, body: { required, content: { 'application/json': { schema: body } } } },
    responses: {
      200: {
        description: 'Stored; the request',
        content: { 'application/json': { schema: RequestDetailJson } },
      },
      ...problems(404, 409, 422),
    },
  })
}

async function act(
  c: HttpContext,
  deps: ActionDeps,
  options: ActionOptions,
  id: string,
  action: RequestAction,
) {
  const outcome = await seenRequests(c, deps).act(id, action, actorOf(c, options))
  switch (outcome.kind) {
    case 'done': {
      const view = {
        now: deps.clock.now(),
        calendar: deps.support().calendar,
        language: options.language,
      }
      return c.json(requestDetailJson(outcome.request, view), 200)
    }
    case 'missing':
      return unknownRequest(c)
    case 'refused':
      return refused(c, outcome.reason)
  }
}

const REFUSALS: Readonly<Record<Exclude<RequestRefusal, 'past' | 'no-step'>, string>> = {
  closed: 'The request is closed; reopen it first.',
  'not-closed': 'The request is open.',
  'not-sent': 'The request was not sent yet.',
  'already-sent': 'The request was sent already.',
  'no-question': 'Support has asked nothing that waits for an answer.',
  'already-asked': 'An official answer was asked for already and has not come.',
  'not-asked': 'No official answer is awaited.',
  'not-support': 'A department owes no official answer: point 14 of the regulation is about support.',
  full: 'The history of the request is full; close it and make another one.',
}

function refused(c: HttpContext, reason: RequestRefusal) {
  switch (reason) {
    case 'past':
      return wrong(c, 'at', 'must be in the future')
    case 'no-step':
      return wrong(c, 'step', 'must be the number of a recommended step')
    default:
      return problem(c, 409, REFUSALS[reason])
  }
}

function wrong(c: HttpContext, field: string, message: string) {
  const path = `body.${field}`
  return problem(c, 422, `${path}: ${message}`, { errors: [{ path, message }] })
}
