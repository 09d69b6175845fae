import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { LONGEST_PASTE } from '../../core/request/pasted-text.ts'
import { LONGEST_REPLY, type ReplyOutcome } from '../../core/request/sms-reply.ts'
import { USUAL_PROBLEM } from '../../core/request/template.ts'
import { actorOf } from '../actor.ts'
import { checkTerminal } from '../checking.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { CheckJson, CheckListJson, checkJson, RepliesJson, repliesJson } from '../json/check.ts'
import { blankAsAbsent } from '../json/list.ts'
import { problem, problems } from '../problem.ts'
import { unknownTerminal } from './terminals.ts'

const LanguageInput = blankAsAbsent(z.enum(['ru', 'en']).optional()).openapi({
  description: 'Of the texts; the configured one when absent',
})
const ProblemInput = blankAsAbsent(z.string().max(100).optional()).openapi({
  description: `Kind of problem, which picks the template; ${USUAL_PROBLEM} when absent`,
})

const oneRoute = createRoute({
  method: 'get',
  path: '/api/v1/check/{id}',
  summary: 'The check of a terminal before a ticket, with the request that may follow',
  request: {
    params: z.object({ id: z.string() }),
    query: z.object({ problem: ProblemInput, language: LanguageInput }),
  },
  responses: {
    200: { description: 'The check', content: { 'application/json': { schema: CheckJson } } },
    ...problems(404, 422),
  },
})

const listRoute = createRoute({
  method: 'post',
  path: '/api/v1/check',
  summary: 'The check of every terminal that a pasted text names: ids, IMEIs, names, plates; at most 200',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({
            text: z.string().max(LONGEST_PASTE),
            problem: ProblemInput,
            language: LanguageInput,
          }),
        },
      },
    },
  },
  responses: {
    200: { description: 'What was found', content: { 'application/json': { schema: CheckListJson } } },
    ...problems(422),
  },
})

const replyRoute = createRoute({
  method: 'post',
  path: '/api/v1/check/{id}/reply',
  summary: 'Keep a reply of the terminal to *GETINFO#, *GETLINK# or *GETSTAT#',
  request: {
    params: z.object({ id: z.string() }),
    body: {
      required: true,
      content: { 'application/json': { schema: z.strictObject({ text: z.string().max(LONGEST_REPLY) }) } },
    },
  },
  responses: {
    201: { description: 'What was read', content: { 'application/json': { schema: RepliesJson } } },
    ...problems(404, 422),
  },
})

/** The check before a ticket. */
export function addCheck(
  app: OpenAPIHono<HttpEnv>,
  deps: Pick<AppDeps, 'check' | 'clock' | 'templates'>,
  options: Pick<AppOptions, 'language' | 'timezone' | 'trustProxy'>,
): void {
  const wish = (query: { problem?: string | undefined; language?: 'ru' | 'en' | undefined }) => ({
    problem: query.problem ?? USUAL_PROBLEM,
    language: query.language ?? options.language,
    timezone: options.timezone,
    typed: new Map<string, string>(),
  })

  app.openapi(oneRoute, async (c) => {
    const query = c.req.valid('query')
    const checked = await checkTerminal(deps, c.req.valid('param').id, c.get('identity'), wish(query))
    if (checked === 'missing') return unknownTerminal(c)
    return checked === 'unknown-problem' ? unknownProblem(c, deps, 'query') : c.json(checkJson(checked), 200)
  })

  app.openapi(listRoute, async (c) => {
    const { text, ...query } = c.req.valid('json')
    const who = c.get('identity')
    const asked = wish(query)
    if (!deps.templates.get(asked.problem)) return unknownProblem(c, deps, 'body')
    const { found, notFound, more } = await deps.check.find(text, who.scope)
    const items: z.infer<typeof CheckListJson>['items'] = []
    for (const { text: word, ids } of found) {
      const [id, ...others] = ids
      const checked =
        id === undefined || others.length > 0 ? 'missing' : await checkTerminal(deps, id, who, asked)
      items.push({ text: word, found: true, ids: [...ids], ...shortCheck(checked) })
    }
    items.push(...notFound.map((word) => ({ text: word, found: false, ids: [] })))
    return c.json({ items, more }, 200)
  })

  app.openapi(replyRoute, async (c) => {
    const { id } = c.req.valid('param')
    const { text } = c.req.valid('json')
    const outcome = await deps.check.noteReply(id, text, c.get('identity'), actorOf(c, options))
    if (outcome.kind === 'kept') return c.json(repliesJson(outcome.replies), 201)
    return outcome.kind === 'missing' ? unknownTerminal(c) : wrongReply(c, outcome)
  })
}

function shortCheck(checked: Awaited<ReturnType<typeof checkTerminal>>) {
  if (typeof checked === 'string') return {}
  const { verdict, reasons } = checked.check
  return { name: checked.facts.view.name, verdict, reasons: reasons.map(({ text }) => text) }
}

/** Answers when there is no such kind of problem, with those that there are. */
export function unknownProblem(
  c: HttpContext,
  { templates }: Pick<AppDeps, 'templates'>,
  place: 'query' | 'body',
) {
  const known = templates.list().map(({ id }) => id)
  const errors = [{ path: `${place}.problem`, message: `must be one of ${known.join(', ')}` }]
  return problem(c, 422, 'There is no such kind of problem.', { errors })
}

function wrongReply(c: HttpContext, outcome: Exclude<ReplyOutcome, { kind: 'kept' | 'missing' }>) {
  switch (outcome.kind) {
    case 'too-long':
      return problem(c, 422, `At most ${LONGEST_REPLY} characters.`)
    case 'no-reply':
      return problem(c, 422, 'The text holds no reply to *GETINFO#, *GETLINK# or *GETSTAT#.')
    case 'other-terminal':
      return othersReply(c, outcome.name)
  }
}

/** Answers when a pasted reply is of another terminal, of which it tells what the asker may know. */
export function othersReply(c: HttpContext, name: string) {
  return problem(c, 422, `It is the reply of another terminal: ${name}.`)
}
