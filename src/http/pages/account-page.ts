import type { Hono } from 'hono'
import { deleteCookie } from 'hono/cookie'
import { SECOND } from '../../core/time.ts'
import { choosePassword } from '../account-steps.ts'
import { actorOf } from '../actor.ts'
import type { Auth } from '../auth.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { giveSession, takeSession } from '../session-cookie.ts'
import { accountView } from './account.ts'
import { formOf, formText } from './form.ts'
import { doneText, faultNote } from './notice.ts'
import { LANGUAGE_COOKIE, page, readerOf } from './page.ts'

/** `/account`: one's own password, language and sessions. */
export function addAccountPages(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions, auth: Auth): void {
  const { accounts } = deps
  const wordsOf = (c: HttpContext) => readerOf(c, options, deps.clock.now()).texts.accounts.own

  app.get('/account', (c) => show(c, deps, options, 200))

  app.post('/account', async (c) => {
    const code = formText(await formOf(c), 'language')
    const language = code === 'ru' || code === 'en' ? code : null
    await accounts.change(c.get('identity').name, { language }, actorOf(c, options))
    // What this browser remembers would hide what was just chosen.
    deleteCookie(c, LANGUAGE_COOKIE, { path: '/' })
    return c.redirect('/account?done=language', 303)
  })

  app.post('/account/password', async (c) => {
    const form = await formOf(c)
    const [current, next, again] = ['current', 'next', 'again'].map((name) => formText(form, name))
    if (next !== again) return show(c, deps, options, 422, wordsOf(c).differ)
    const given = { current: current ?? '', next: next ?? '' }
    const result = await choosePassword(deps, auth, given, actorOf(c, options))
    switch (result.kind) {
      case 'changed':
        if (c.get('identity').via === 'session') giveSession(c, options, await auth.open(result.account))
        return c.redirect('/account?done=password', 303)
      case 'bad':
        return show(c, deps, options, 422, wordsOf(c).faults[result.fault])
      case 'wrong':
        return show(c, deps, options, 422, wordsOf(c).wrong)
      case 'throttled': {
        c.header('Retry-After', String(result.retryAfterSeconds))
        const { format } = readerOf(c, options, deps.clock.now())
        const wait = format.duration(result.retryAfterSeconds * SECOND)
        return show(c, deps, options, 429, wordsOf(c).throttled(wait))
      }
    }
  })

  app.post('/account/sign-out', async (c) => {
    await accounts.signOut(c.get('identity').name, 'all', actorOf(c, options))
    takeSession(c)
    return c.redirect('/login', 303)
  })
}

function show(c: HttpContext, deps: AppDeps, options: AppOptions, status: 200 | 422 | 429, fault?: string) {
  const reader = readerOf(c, options, deps.clock.now())
  const { own } = reader.texts.accounts
  const account = deps.accounts.get(c.get('identity').name)
  const main = account
    ? accountView(reader, { account, fault, done: doneText(c, own.done) })
    : faultNote(own.noAccount)
  return c.html(
    page(reader, {
      title: own.title,
      section: 'account',
      signedIn: account?.mustChange !== true,
      main: main as ReturnType<typeof accountView>,
    }),
    status,
  )
}
