import { getCookie } from 'hono/cookie'
import type { Actor } from '../core/audit.ts'
import { type Account, scopeOf } from '../core/people/account.ts'
import type { AppDeps, AppOptions } from './deps.ts'
import type { HttpContext, Identity } from './env.ts'
import { FIRST_ADMIN, tokenHash } from './password.ts'
import { createPasswords, type PasswordCheck, type Passwords } from './password-check.ts'
import { createSessions, matchesSecret, type Session } from './session.ts'
import { createThrottle } from './throttle.ts'

export const SESSION_COOKIE = 'watch_session'

/** Refused sign-ins in the audit trail, so that guessing cannot fill the disk. */
const REFUSALS_PER_NAME = 3
const REFUSALS_PER_MINUTE = 60

/** What became of a login: the cookie's value, or when to try again. */
export type SignIn =
  | { readonly kind: 'accepted'; readonly session: string; readonly account: Account }
  | { readonly kind: 'refused' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }

export type Auth = {
  readonly passwords: Passwords
  /** Who makes the request; undefined for a stranger. */
  identify(c: HttpContext): Promise<Identity | undefined>
  /** The session of the request's cookie. */
  sessionOf(c: HttpContext): Promise<Session | undefined>
  signIn(name: string, password: string, address: string): Promise<SignIn>
  /** A new session for somebody whose identity is proven, as the cookie's value. */
  open(account: Account): Promise<string>
}

export type AuthDeps = Pick<AppDeps, 'clock' | 'log' | 'settings' | 'accounts' | 'audit'>

/** Accounts by token, by password and by the session that a password opens. */
export function createAuth(deps: AuthDeps, { adminToken }: Pick<AppOptions, 'adminToken'>): Auth {
  const { clock, log, accounts, audit } = deps
  const sessions = createSessions(deps.settings, accounts)
  const passwords = createPasswords(deps, adminToken)
  const refusals = createRefusals(deps)

  async function sessionOf(c: HttpContext): Promise<Session | undefined> {
    const cookie = getCookie(c, SESSION_COOKIE)
    return cookie === undefined ? undefined : sessions.read(cookie, clock.now())
  }

  async function outcome(checked: PasswordCheck, name: string, address: string): Promise<SignIn> {
    switch (checked.kind) {
      case 'throttled':
        return checked
      case 'wrong':
        log.warn('login refused', { address })
        await refusals.record(name, address)
        return { kind: 'refused' }
      case 'right': {
        const { account } = checked
        await audit.add([signInEntry(account.id, address, clock.now())])
        return { kind: 'accepted', account, session: await sessions.create(account, clock.now()) }
      }
    }
  }

  return {
    passwords,
    sessionOf,
    async identify(c) {
      const token = bearerToken(c)
      if (token === undefined) {
        const found = await sessionOf(c)
        return found && identityBy(found.account, 'session')
      }
      if (matchesSecret(token, adminToken)) return ADMIN_TOKEN_IDENTITY
      const account = accounts.byToken(tokenHash(token))
      return account && identityBy(account, 'token')
    },
    async signIn(name, password, address) {
      return outcome(await passwords.check(name, password, address), name, address)
    },
    open: (account) => sessions.create(account, clock.now()),
  }
}

/** The token of `Authorization: Bearer`; undefined when there is no such header. */
export function bearerToken(c: HttpContext): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1]
}

/** Of WATCH_ADMIN_TOKEN, which is no account's: it works whatever became of the accounts. */
const ADMIN_TOKEN_IDENTITY: Identity = {
  name: FIRST_ADMIN,
  role: 'admin',
  scope: 'all',
  since: 0,
  language: null,
  via: 'token',
  mustChange: false,
}

function identityBy(account: Account, via: Identity['via']): Identity {
  const { id: name, role, createdAt: since, language, mustChange } = account
  return { name, role, scope: scopeOf(account), since, language, via, mustChange }
}

function signInEntry(name: string, address: string, at: number) {
  const actor: Actor = { name, via: 'session', address }
  return { at, actor, action: 'account.sign-in', subject: name, before: null, after: null }
}

/**
 * Keeps refused sign-ins in the audit trail, so many per name and minute. A name that no account has is not kept: it
 * may be a password that was typed in the wrong field.
 */
function createRefusals({ clock, accounts, audit }: Pick<AuthDeps, 'clock' | 'accounts' | 'audit'>) {
  const byName = createThrottle(clock, REFUSALS_PER_NAME)
  const all = createThrottle(clock, REFUSALS_PER_MINUTE)
  return {
    async record(typed: string, address: string): Promise<void> {
      const name = accounts.get(typed)?.id ?? ''
      if (byName.take(name) > 0 || all.take('') > 0) return
      const actor: Actor = { name: name || '?', via: 'session', address }
      const entry = { at: clock.now(), actor, action: 'account.refused', before: null, after: null }
      await audit.add([{ ...entry, subject: name || '?' }])
    },
  }
}
