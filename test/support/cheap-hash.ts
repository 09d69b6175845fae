import { scryptSync } from 'node:crypto'

/** A stored password as src/http/password.ts makes it, but of a cost that lets a test check many. */
export function cheapHash(password: string): string {
  const key = scryptSync(password, 'salt', 32, { N: 16, r: 8, p: 1 })
  return ['scrypt', 16, 8, 1, Buffer.from('salt').toString('base64url'), key.toString('base64url')].join('$')
}
