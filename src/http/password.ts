import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import type { SettingsStore } from '../ports.ts'

/** Key of the admin's password hash in the settings. */
export const ADMIN_PASSWORD_KEY = 'admin-password'

/** scrypt parameters: 32 MiB and about 100 ms per try (OWASP's second recommendation for interactive logins). */
const COST = 2 ** 15
const BLOCK_SIZE = 8
const PARALLEL = 3
const KEY_BYTES = 32

/**
 * Makes a password for user `admin` when the settings hold none, stores its hash and returns the password, which
 * is to be shown once; null when there is one already.
 */
export async function ensureAdminPassword(settings: SettingsStore): Promise<string | null> {
  if ((await settings.get(ADMIN_PASSWORD_KEY)) !== null) return null
  const password = randomBytes(15).toString('base64url')
  await settings.set(ADMIN_PASSWORD_KEY, await hashPassword(password))
  return password
}

/** `scrypt$cost$blockSize$parallel$salt$key`, so that later hashes may be made with other parameters. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, COST, BLOCK_SIZE, PARALLEL)
  return ['scrypt', COST, BLOCK_SIZE, PARALLEL, salt.toString('base64url'), key.toString('base64url')].join(
    '$',
  )
}

/** True when the password belongs to the stored hash. A damaged hash matches nothing. */
export async function matchesPassword(password: string, stored: string): Promise<boolean> {
  const match = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(stored)
  if (!match) return false
  const [, cost, blockSize, parallel, salt = '', key = ''] = match
  const expected = Buffer.from(key, 'base64url')
  const actual = await derive(
    password,
    Buffer.from(salt, 'base64url'),
    Number(cost),
    Number(blockSize),
    Number(parallel),
  )
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

function derive(password: string, salt: Uint8Array, N: number, r: number, p: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { N, r, p, maxmem: 256 * N * r }
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}
