import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Account, EndedSession } from '../core/people/account.ts'
import { DAY, type Instant } from '../core/time.ts'
import type { SettingsStore } from '../ports.ts'
import type { AccountEditor } from './deps/accounts.ts'

export const SESSION_MS = 7 * DAY

const SESSION_KEY = 'session-key'

/** Whose session it is, and what ends it. */
export type Session = { readonly account: Account; readonly session: EndedSession }

/** Makes and reads the values of session cookies. */
export type Sessions = {
  create(account: Account, now: Instant): Promise<string>
  /** Undefined when the value is forged, was left or has expired, or its account has changed since or is gone. */
  read(value: string, now: Instant): Promise<Session | undefined>
}

/** Sessions signed with a key that the settings keep, so that they outlive a restart. */
export function createSessions(settings: SettingsStore, accounts: Pick<AccountEditor, 'get'>): Sessions {
  let key: Promise<string> | undefined

  /** Read once; a failure is not remembered. */
  async function signingKey(): Promise<string> {
    key ??= sessionKey(settings)
    try {
      return await key
    } catch (error) {
      key = undefined
      throw error
    }
  }

  async function sign({ id, changedAt, passwordHash }: Account, session: EndedSession): Promise<Buffer> {
    const text = JSON.stringify([id, session.id, session.until, changedAt, passwordHash])
    return createHmac('sha256', await signingKey())
      .update(text)
      .digest()
  }

  return {
    async create(account, now) {
      const session = { id: randomBytes(9).toString('base64url'), until: now + SESSION_MS }
      const mac = await sign(account, session)
      const name = Buffer.from(account.id).toString('base64url')
      return [name, session.id, session.until, mac.toString('base64url')].join('.')
    },
    async read(value, now) {
      const match = /^([\w-]{1,512})\.([\w-]{12})\.(\d{1,16})\.([\w-]{43})$/.exec(value)
      if (!match) return undefined
      const [, name = '', id = '', until = '', mac = ''] = match
      const session = { id, until: Number(until) }
      const account = accounts.get(Buffer.from(name, 'base64url').toString())
      if (!account || session.until <= now) return undefined
      if (!timingSafeEqual(Buffer.from(mac, 'base64url'), await sign(account, session))) return undefined
      return account.ended.some((ended) => ended.id === id) ? undefined : { account, session }
    },
  }
}

/** Compares secrets in a time that does not depend on where they differ. An empty secret matches nothing. */
export function matchesSecret(given: string | undefined, secret: string): boolean {
  if (given === undefined || secret === '') return false
  return timingSafeEqual(digest(given), digest(secret))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

async function sessionKey(settings: SettingsStore): Promise<string> {
  const stored = await settings.get(SESSION_KEY)
  if (stored !== null) return stored
  const made = randomBytes(32).toString('base64url')
  await settings.set(SESSION_KEY, made)
  return made
}
