import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { SECOND } from '../../core/time.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpEnv } from '../env.ts'
import { TerminalJson, terminalJson } from '../json/terminal.ts'
import { problem, problems } from '../problem.ts'
import { seenFleet } from '../seen.ts'
import { unknownTerminal } from './terminals.ts'

const askRoute = createRoute({
  method: 'post',
  path: '/api/v1/terminals/{id}/ask',
  summary: 'Ask Omnicomm Online now for voltage, ignition, position and speed of a terminal',
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: {
      description: 'The terminal with what the service said',
      content: { 'application/json': { schema: TerminalJson } },
    },
    ...problems(404, 409, 429),
  },
})

/** Asking about one terminal. */
export function addTerminalAsk(
  app: OpenAPIHono<HttpEnv>,
  deps: Pick<AppDeps, 'fleet' | 'asker'>,
  { language }: Pick<AppOptions, 'language'>,
): void {
  app.openapi(askRoute, async (c) => {
    const { id } = c.req.valid('param')
    if (!seenFleet(c, deps).get(id)) return unknownTerminal(c)
    const outcome = await deps.asker.ask(id)
    switch (outcome.kind) {
      case 'answered': {
        const view = seenFleet(c, deps).get(id)
        return view ? c.json(terminalJson(view, language), 200) : unknownTerminal(c)
      }
      case 'refused':
        return problem(c, 409, `The service has not told anything: ${outcome.reason}.`)
      case 'too-often': {
        const seconds = Math.max(1, Math.ceil(outcome.retryAfterMs / SECOND))
        const headers = { 'Retry-After': String(seconds) }
        return problem(c, 429, `Too many questions: ask again in ${seconds} s.`, { headers })
      }
    }
  })
}
