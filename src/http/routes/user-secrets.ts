import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { resetPassword, rotateToken } from '../account-steps.ts'
import { actorOf } from '../actor.ts'
import type { Auth } from '../auth.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpEnv } from '../env.ts'
import { problem, problems } from '../problem.ts'
import { tooBusy, unknownUser } from './users.ts'

const params = z.object({ name: z.string() })

const passwordRoute = createRoute({
  method: 'post',
  path: '/api/v1/users/{name}/password',
  summary: 'Give a new password, shown this once; he must change it, and his sessions end',
  request: { params },
  responses: {
    200: {
      description: 'The password',
      content: { 'application/json': { schema: z.object({ password: z.string() }) } },
    },
    ...problems(404, 429),
  },
})

const tokenRoute = createRoute({
  method: 'post',
  path: '/api/v1/users/{name}/token',
  summary: 'Give a token for the API, shown this once, in place of the one before',
  request: { params },
  responses: {
    200: {
      description: 'The token',
      content: { 'application/json': { schema: z.object({ token: z.string() }) } },
    },
    ...problems(404),
  },
})

const tokenDeleteRoute = createRoute({
  method: 'delete',
  path: '/api/v1/users/{name}/token',
  summary: 'Take the token away',
  request: { params },
  responses: { 204: { description: 'Taken away' }, ...problems(404, 409) },
})

/** Passwords and tokens that administrators give. */
export function addUserSecrets(
  app: OpenAPIHono<HttpEnv>,
  deps: Pick<AppDeps, 'accounts'>,
  options: Pick<AppOptions, 'trustProxy'>,
  auth: Auth,
): void {
  app.openapi(passwordRoute, async (c) => {
    const reset = await resetPassword(deps, auth, c.req.valid('param').name, actorOf(c, options))
    switch (reset.kind) {
      case 'reset':
        return c.json({ password: reset.password }, 200)
      case 'missing':
        return unknownUser(c)
      case 'throttled':
        return tooBusy(c, reset.retryAfterSeconds)
    }
  })

  app.openapi(tokenRoute, async (c) => {
    const token = await rotateToken(deps, c.req.valid('param').name, actorOf(c, options))
    return token === undefined ? unknownUser(c) : c.json({ token }, 200)
  })

  app.openapi(tokenDeleteRoute, async (c) => {
    const account = deps.accounts.get(c.req.valid('param').name)
    if (!account) return unknownUser(c)
    if (account.tokenHash === null) return problem(c, 409, 'The account has no token.')
    await deps.accounts.change(account.id, { tokenHash: null }, actorOf(c, options))
    return c.body(null, 204)
  })
}
