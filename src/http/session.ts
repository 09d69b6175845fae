import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { DAY, type Instant } from '../core/time.ts'
import type { SettingsStore } from '../ports.ts'
import { ADMIN_PASSWORD_KEY } from './password.ts'

export const SESSION_MS = 7 * DAY

const SESSION_KEY = 'session-key'

/** Makes and reads the values of session cookies. */
export type Sessions = {
  create(name: string, now: Instant): Promise<string>
  /** The account's name; undefined when the value is forged, has expired, or the password has changed since. */
  read(value: string, now: Instant): Promise<string | undefined>
}

/** Sessions signed with a key that the settings keep, so that they outlive a restart. */
export function createSessions(settings: SettingsStore): Sessions {
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

  async function sign(name: string, expiresAt: Instant): Promise<Buffer> {
    const secret = await signingKey()
    const password = await settings.get(ADMIN_PASSWORD_KEY)
    const text = JSON.stringify([name, expiresAt, password])
    return createHmac('sha256', secret).update(text).digest()
  }

  return {
    async create(name, now) {
      const expiresAt = now + SESSION_MS
      const mac = await sign(name, expiresAt)
      return [Buffer.from(name).toString('base64url'), expiresAt, mac.toString('base64url')].join('.')
    },
    async read(value, now) {
      const match = /^([\w-]{1,128})\.(\d{1,16})\.([\w-]{43})$/.exec(value)
      if (!match) return undefined
      const [, encodedName = '', expiry = '', mac = ''] = match
      const name = Buffer.from(encodedName, 'base64url').toString()
      const expiresAt = Number(expiry)
      if (expiresAt <= now) return undefined
      const expected = await sign(name, expiresAt)
      const actual = Buffer.from(mac, 'base64url')
      return actual.length === expected.length && timingSafeEqual(actual, expected) ? name : undefined
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
