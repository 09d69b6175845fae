import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { addUser } from '../account-steps.ts'
import { actorOf } from '../actor.ts'
import type { Auth } from '../auth.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { listOf, PageQuery, slice } from '../json/list.ts'
import { NewUserJson, UserJson, userJson } from '../json/user.ts'
import { problem, problems } from '../problem.ts'
import { UserChange, UserInput } from '../user-input.ts'
import { badCursor } from './terminals.ts'

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/users',
  summary: 'Accounts of people and machines',
  request: { query: PageQuery },
  responses: {
    200: { description: 'A page', content: { 'application/json': { schema: listOf(UserJson) } } },
    ...problems(422),
  },
})

const one = { description: 'The account', content: { 'application/json': { schema: UserJson } } }
const params = z.object({ name: z.string() })

const addRoute = createRoute({
  method: 'post',
  path: '/api/v1/users',
  summary: 'Add an account; without a password it gets one that is shown once and must be changed',
  request: { body: { required: true, content: { 'application/json': { schema: UserInput } } } },
  responses: {
    201: { description: 'The account', content: { 'application/json': { schema: NewUserJson } } },
    ...problems(409, 422, 429),
  },
})

const oneRoute = createRoute({
  method: 'get',
  path: '/api/v1/users/{name}',
  summary: 'One account',
  request: { params },
  responses: { 200: one, ...problems(404) },
})

const updateRoute = createRoute({
  method: 'put',
  path: '/api/v1/users/{name}',
  summary: 'Change role, scope or language; what is absent stays. Another role or scope ends the sessions',
  request: { params, body: { required: true, content: { 'application/json': { schema: UserChange } } } },
  responses: { 200: one, ...problems(404, 409, 422) },
})

const deleteRoute = createRoute({
  method: 'delete',
  path: '/api/v1/users/{name}',
  summary: 'Remove an account with its sessions and its token',
  request: { params },
  responses: { 204: { description: 'Removed' }, ...problems(404, 409) },
})

/** Accounts: list, add, change, remove. */
export function addUsers(
  app: OpenAPIHono<HttpEnv>,
  deps: Pick<AppDeps, 'accounts'>,
  options: Pick<AppOptions, 'trustProxy'>,
  auth: Auth,
): void {
  const { accounts } = deps

  app.openapi(listRoute, (c) => {
    const list = slice(accounts.list(), c.req.valid('query'))
    return list ? c.json({ ...list, items: list.items.map(userJson) }, 200) : badCursor(c)
  })

  app.openapi(addRoute, async (c) => {
    const added = await addUser(deps, auth, c.req.valid('json'), actorOf(c, options))
    switch (added.kind) {
      case 'added': {
        const { account, password } = added
        return c.json({ ...userJson(account), ...(password === undefined ? {} : { password }) }, 201)
      }
      case 'taken':
      case 'full':
        return conflict(c, added.kind)
      case 'throttled':
        return tooBusy(c, added.retryAfterSeconds)
    }
  })

  app.openapi(oneRoute, (c) => {
    const account = accounts.get(c.req.valid('param').name)
    return account ? c.json(userJson(account), 200) : unknownUser(c)
  })

  app.openapi(updateRoute, async (c) => {
    const account = accounts.get(c.req.valid('param').name)
    if (!account) return unknownUser(c)
    const { name, ...change } = c.req.valid('json')
    if (name !== undefined && accounts.get(name) !== account) return renamed(c)
    const changed = await accounts.change(account.id, given(change), actorOf(c, options))
    if (changed === 'missing') return unknownUser(c)
    return typeof changed === 'string' ? conflict(c, changed) : c.json(userJson(changed), 200)
  })

  app.openapi(deleteRoute, async (c) => {
    const result = await accounts.remove(c.req.valid('param').name, actorOf(c, options))
    if (result === 'missing') return unknownUser(c)
    return result === 'removed' ? c.body(null, 204) : conflict(c, result)
  })
}

const CONFLICTS = {
  taken: 'There is an account with this name; case makes no difference.',
  full: 'There are as many accounts as can be; remove some first.',
  'last-admin': 'Somebody must manage the accounts: this is the last administrator.',
} as const

function conflict(c: HttpContext, reason: keyof typeof CONFLICTS) {
  return problem(c, 409, CONFLICTS[reason])
}

/** Answers for a name that no account has. */
export function unknownUser(c: HttpContext) {
  return problem(c, 404, 'There is no account with this name.')
}

/** Answers when a password cannot be checked or made now. */
export function tooBusy(c: HttpContext, retryAfterSeconds: number) {
  const headers = { 'Retry-After': String(retryAfterSeconds) }
  return problem(c, 429, `Too many attempts: try again in ${retryAfterSeconds} s.`, { headers })
}

function renamed(c: HttpContext) {
  const errors = [{ path: 'body.name', message: 'must be the name in the address' }]
  return problem(c, 422, 'An account cannot be renamed; add another one.', { errors })
}

/** Without what is absent, so that it does not hide what was there. */
function given<Fields extends object>(fields: Fields): { [Name in keyof Fields]: NonNullable<Fields[Name]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}
