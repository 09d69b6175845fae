import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { passwordText } from '../core/people/account-rules.ts'
import type { AccountEditor } from './deps/accounts.ts'

/** The account that the first start makes. */
export const FIRST_ADMIN = 'admin'

/** scrypt parameters: 32 MiB and about 100 ms per try (OWASP's second recommendation for interactive logins). */
const COST = 2 ** 15
const BLOCK_SIZE = 8
const PARALLEL = 3
const KEY_BYTES = 32
const SALT_BYTES = 16

/** A hash that no password has: checking it takes as long as checking one of an account. */
const NOBODYS = storedHash(Buffer.alloc(SALT_BYTES), Buffer.alloc(KEY_BYTES))

/**
 * Makes account `admin` when there is no account yet and returns its password, which is to be shown once; null when
 * there are accounts already.
 */
export async function ensureFirstAdmin(
  accounts: Pick<AccountEditor, 'list' | 'add'>,
): Promise<string | null> {
  if (accounts.list().length > 0) return null
  const password = newPassword()
  const passwordHash = await hashPassword(password)
  const account = { role: 'admin', clients: [], groups: [], language: null, mustChange: false } as const
  await accounts.add(
    { id: FIRST_ADMIN, ...account, passwordHash },
    { name: 'system', via: 'system', address: '' },
  )
  return password
}

/** A password that nobody can guess, of 20 letters, digits, `-` and `_`. */
export function newPassword(): string {
  return randomBytes(15).toString('base64url')
}

/** A token for calls of the API. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is kept of a token. It is random, so that one round of a fast hash is enough. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** `scrypt$cost$blockSize$parallel$salt$key`, so that later hashes may be made with other parameters. */
export async function hashPassword(password: string): Promise<string> {
  const text = passwordText(password)
  if (text === undefined) throw new RangeError('the password is too long')
  const salt = randomBytes(SALT_BYTES)
  return storedHash(salt, await derive(text, salt, COST, BLOCK_SIZE, PARALLEL))
}

/** True when the password belongs to the stored hash. Without a hash and for an endless one false after the same time. */
export async function matchesPassword(password: string, stored: string | null): Promise<boolean> {
  const match = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(stored ?? NOBODYS)
  if (!match) return false
  const [, cost, blockSize, parallel, salt = '', key = ''] = match
  const expected = Buffer.from(key, 'base64url')
  const text = passwordText(password)
  const actual = await derive(
    text ?? '',
    Buffer.from(salt, 'base64url'),
    Number(cost),
    Number(blockSize),
    Number(parallel),
  )
  return (
    expected.length === actual.length &&
    timingSafeEqual(expected, actual) &&
    stored !== null &&
    text !== undefined
  )
}

function storedHash(salt: Buffer, key: Buffer): string {
  return ['scrypt', COST, BLOCK_SIZE, PARALLEL, salt.toString('base64url'), key.toString('base64url')].join(
    '$',
  )
}

function derive(text: string, salt: Uint8Array, N: number, r: number, p: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { N, r, p, maxmem: 256 * N * r }
    scrypt(text, salt, KEY_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
