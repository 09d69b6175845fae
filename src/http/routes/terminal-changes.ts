import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { TerminalChange } from '../../core/fleet/inventory.ts'
import type { Instant } from '../../core/time.ts'
import { actorOf } from '../actor.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { TerminalJson, terminalJson } from '../json/terminal.ts'
import { problems } from '../problem.ts'
import { seenFleet } from '../seen.ts'
import { profileInput } from '../terminal-input.ts'
import { windowInput } from '../window-input.ts'
import { unknownTerminal } from './terminals.ts'

/** Answers of every change of a terminal. */
export const changedAnswers = {
  200: { description: 'The terminal', content: { 'application/json': { schema: TerminalJson } } },
  ...problems(404, 422),
}

const lifecycleRoute = createRoute({
  method: 'put',
  path: '/api/v1/terminals/{id}/lifecycle',
  summary: 'Suspend or decommission a terminal, or put it back into service',
  request: {
    params: z.object({ id: z.string() }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({ lifecycle: z.enum(['active', 'suspended', 'decommissioned']) }),
        },
      },
    },
  },
  responses: changedAnswers,
})

function profileRoute(profiles: () => readonly string[]) {
  return createRoute({
    method: 'put',
    path: '/api/v1/terminals/{id}/profile',
    summary: 'One of the profiles of the configuration, whose thresholds count for it; empty: none',
    request: {
      params: z.object({ id: z.string() }),
      body: {
        required: true,
        content: { 'application/json': { schema: z.strictObject({ profile: profileInput(profiles) }) } },
      },
    },
    responses: changedAnswers,
  })
}

function maintenanceRoute(zone: string, now: () => Instant) {
  return createRoute({
    method: 'put',
    path: '/api/v1/terminals/{id}/maintenance',
    summary: 'Planned work on the vehicle; null ends it',
    request: {
      params: z.object({ id: z.string() }),
      body: {
        required: true,
        content: { 'application/json': { schema: windowInput(zone, now).nullable() } },
      },
    },
    responses: changedAnswers,
  })
}

/** Changes of one terminal: life cycle, profile and planned work. */
export function addTerminalChanges(
  app: OpenAPIHono<HttpEnv>,
  deps: Pick<AppDeps, 'clock' | 'editor' | 'fleet'>,
  options: Pick<AppOptions, 'language' | 'timezone' | 'trustProxy'>,
): void {
  app.openapi(lifecycleRoute, (c) =>
    answerChange(c, deps, options, c.req.valid('param').id, c.req.valid('json')),
  )

  app.openapi(
    profileRoute(() => deps.editor.profiles()),
    (c) => answerChange(c, deps, options, c.req.valid('param').id, c.req.valid('json')),
  )

  app.openapi(
    maintenanceRoute(options.timezone, () => deps.clock.now()),
    (c) => answerChange(c, deps, options, c.req.valid('param').id, { maintenance: c.req.valid('json') }),
  )
}

/** Makes a change and answers with the terminal as it is then. */
export async function answerChange(
  c: HttpContext,
  deps: Pick<AppDeps, 'editor' | 'fleet'>,
  options: Pick<AppOptions, 'language' | 'trustProxy'>,
  id: string,
  wish: TerminalChange,
) {
  const fleet = seenFleet(c, deps)
  if (!fleet.get(id)) return unknownTerminal(c)
  const done = await deps.editor.change(id, wish, actorOf(c, options))
  const view = done ? fleet.get(id) : undefined
  return view ? c.json(terminalJson(view, options.language), 200) : unknownTerminal(c)
}
