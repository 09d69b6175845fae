import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { choosePassword } from '../account-steps.ts'
import { actorOf } from '../actor.ts'
import type { Auth } from '../auth.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { UserJson, userJson } from '../json/user.ts'
import { problem, problems } from '../problem.ts'
import { giveSession, takeSession } from '../session-cookie.ts'
import { passwordProblem } from '../user-input.ts'
import { tooBusy, unknownUser } from './users.ts'

const own = { description: 'The account', content: { 'application/json': { schema: UserJson } } }

const oneRoute = createRoute({
  method: 'get',
  path: '/api/v1/account',
  summary: 'The account that makes the request',
  responses: { 200: own, ...problems(404) },
})

const languageRoute = createRoute({
  method: 'put',
  path: '/api/v1/account',
  summary: 'Language of the own pages; null: as configured',
  request: {
    body: {
      required: true,
      content: {
        'application/json': { schema: z.strictObject({ language: z.enum(['ru', 'en']).nullable() }) },
      },
    },
  },
  responses: { 200: own, ...problems(404, 422) },
})

const passwordRoute = createRoute({
  method: 'put',
  path: '/api/v1/account/password',
  summary: 'Choose another password, of 12 characters or more; all sessions end, the one that asks goes on',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({ current: z.string().max(4000), new: z.string().max(4000) }),
        },
      },
    },
  },
  responses: { 204: { description: 'Changed' }, ...problems(422, 429) },
})

const sessionsRoute = createRoute({
  method: 'delete',
  path: '/api/v1/account/sessions',
  summary: 'Sign out everywhere; tokens stay',
  responses: { 204: { description: 'Every session has ended' } },
})

/** What everybody may do with his own account. */
export function addAccount(
  app: OpenAPIHono<HttpEnv>,
  deps: Pick<AppDeps, 'accounts'>,
  options: AppOptions,
  auth: Auth,
): void {
  const { accounts } = deps

  app.openapi(oneRoute, (c) => {
    const account = accounts.get(c.get('identity').name)
    return account ? c.json(userJson(account), 200) : unknownUser(c)
  })

  app.openapi(languageRoute, async (c) => {
    const { language } = c.req.valid('json')
    const changed = await accounts.change(c.get('identity').name, { language }, actorOf(c, options))
    return typeof changed === 'string' ? unknownUser(c) : c.json(userJson(changed), 200)
  })

  app.openapi(passwordRoute, async (c) => {
    const { current, new: next } = c.req.valid('json')
    const result = await choosePassword(deps, auth, { current, next }, actorOf(c, options))
    switch (result.kind) {
      case 'changed':
        if (c.get('identity').via === 'session') giveSession(c, options, await auth.open(result.account))
        return c.body(null, 204)
      case 'bad':
        return badPassword(c, 'new', passwordProblem(result.fault))
      case 'wrong':
        return badPassword(c, 'current', 'is not the password of this account')
      case 'throttled':
        return tooBusy(c, result.retryAfterSeconds)
    }
  })

  app.openapi(sessionsRoute, async (c) => {
    await accounts.signOut(c.get('identity').name, 'all', actorOf(c, options))
    takeSession(c)
    return c.body(null, 204)
  })
}

function badPassword(c: HttpContext, field: 'current' | 'new', message: string) {
  const errors = [{ path: `body.${field}`, message }]
  return problem(c, 422, `The password was not changed: ${field} ${message}.`, { errors })
}
