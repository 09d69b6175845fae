import type { Hono } from 'hono'
import { addUser, resetPassword, rotateToken } from '../account-steps.ts'
import { actorOf } from '../actor.ts'
import type { Auth } from '../auth.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { UserInput } from '../user-input.ts'
import { faultPage } from './fault.ts'
import { formOf } from './form.ts'
import { doneText } from './notice.ts'
import { page, type Reader, readerOf } from './page.ts'
import type { ScopeChoice, UserTyped } from './user-form.ts'
import { typedUser } from './user-typed.ts'
import { type UsersView, usersView } from './users.ts'

type Shown = Omit<UsersView, 'users' | 'choice' | 'done'>

const BUSY = 'busy'

/** `/users` and its forms. */
export function addUserPages(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions, auth: Auth): void {
  const { accounts } = deps
  const readerFor = (c: HttpContext): Reader => readerOf(c, options, deps.clock.now())
  const faultsFor = (c: HttpContext) => readerFor(c).texts.accounts.faults
  const reply = (c: HttpContext, status: 200 | 409 | 422 | 429, shown: Shown) =>
    show(c, deps, readerFor(c), status, shown)
  const refuse = (c: HttpContext, reason: 'missing' | 'last-admin', edited?: Shown['edited']) =>
    reply(c, 409, { fault: faultsFor(c)[reason], edited })

  app.get('/users', (c) => reply(c, 200, { edited: accounts.get(c.req.query('edit') ?? '') }))

  app.post('/users', async (c) => {
    const typed = typedUser(await formOf(c))
    const checked = UserInput.safeParse(typed)
    if (!checked.success) return reply(c, 422, { typed: shownAs(typed), fault: wrong(c, checked.error) })
    const added = await addUser(deps, auth, checked.data, actorOf(c, options))
    switch (added.kind) {
      case 'added': {
        const { password, account } = added
        if (password === undefined) return c.redirect('/users?done=added', 303)
        return reply(c, 200, { secret: { kind: 'password', name: account.id, value: password } })
      }
      case 'taken':
      case 'full':
        return reply(c, 409, { typed: checked.data, fault: faultsFor(c)[added.kind] })
      case 'throttled':
        return reply(c, 429, { typed: checked.data, fault: faultsFor(c)[BUSY] })
    }
  })

  app.post('/users/:name', async (c) => {
    const edited = accounts.get(c.req.param('name'))
    if (!edited) return c.html(faultPage(c, options, 404), 404)
    const typed = { ...typedUser(await formOf(c)), name: edited.id }
    const checked = UserInput.safeParse(typed)
    if (!checked.success) {
      return reply(c, 422, { edited, typed: shownAs(typed), fault: wrong(c, checked.error) })
    }
    const { role, clients, groups, language } = checked.data
    const wish = { role, clients, groups, language }
    const changed = await accounts.change(edited.id, wish, actorOf(c, options))
    return typeof changed === 'string' ? refuse(c, changed, edited) : c.redirect('/users?done=saved', 303)
  })

  app.post('/users/:name/password', async (c) => {
    const name = accounts.get(c.req.param('name'))?.id ?? ''
    const reset = await resetPassword(deps, auth, name, actorOf(c, options))
    switch (reset.kind) {
      case 'reset':
        return reply(c, 200, { secret: { kind: 'password', name, value: reset.password } })
      case 'missing':
        return refuse(c, 'missing')
      case 'throttled':
        return reply(c, 429, { fault: faultsFor(c)[BUSY] })
    }
  })

  app.post('/users/:name/token', async (c) => {
    const name = accounts.get(c.req.param('name'))?.id ?? ''
    const value = await rotateToken(deps, name, actorOf(c, options))
    if (value === undefined) return refuse(c, 'missing')
    return reply(c, 200, { secret: { kind: 'token', name, value } })
  })

  app.post('/users/:name/token/remove', async (c) => {
    const changed = await accounts.change(c.req.param('name'), { tokenHash: null }, actorOf(c, options))
    return typeof changed === 'string' ? refuse(c, changed) : c.redirect('/users?done=untokened', 303)
  })

  app.post('/users/:name/remove', async (c) => {
    const result = await accounts.remove(c.req.param('name'), actorOf(c, options))
    return result === 'removed' ? c.redirect('/users?done=removed', 303) : refuse(c, result)
  })

  function wrong(
    c: HttpContext,
    error: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] },
  ) {
    const faults = faultsFor(c)
    return error.issues.some(({ path }) => path[0] === 'name') ? faults.name : faults.wrong
  }
}

/** What was typed, so that the form can show it again. */
function shownAs({ role, ...typed }: ReturnType<typeof typedUser>): UserTyped {
  return { ...typed, role: UserInput.shape.role.catch('dealer').parse(role) }
}

async function show(
  c: HttpContext,
  deps: AppDeps,
  reader: Reader,
  status: 200 | 409 | 422 | 429,
  shown: Shown,
) {
  const { accounts } = reader.texts
  const view = { ...shown, users: deps.accounts.list(), choice: await choiceOf(deps) }
  const main = usersView(reader, { ...view, done: doneText(c, accounts.done) })
  return c.html(page(reader, { title: accounts.title, section: 'users', signedIn: true, main }), status)
}

const byName = new Intl.Collator('ru').compare

async function choiceOf({ fleet }: Pick<AppDeps, 'fleet'>): Promise<ScopeChoice> {
  const { clients } = await fleet.seenBy('all').summary()
  const names = clients.map(({ client }) => client).filter((client) => client !== '')
  const groups = new Set(fleet.groups().flatMap(withAbove))
  return { clients: names.sort(byName), groups: [...groups].sort(byName) }
}

/** A group and those that it is in: whoever sees `Dealer` sees `Dealer/Client/Depot`. */
function withAbove(group: string): string[] {
  const parts = group.split('/')
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'))
}
