import { createHash, timingSafeEqual } from 'node:crypto'

/** True: this name has this password. */
export type CheckUser = (name: string | undefined, password: Uint8Array | undefined) => boolean

/**
 * Compares digests, which have one length whatever was sent, and does the same work for a name that does not exist.
 */
export function createUserCheck(users: Readonly<Record<string, string>>): CheckUser {
  const digests = new Map(Object.entries(users).map(([name, password]) => [name, digest(password)]))
  const nobody = digest('')

  return (name, password) => {
    const expected = name === undefined ? undefined : digests.get(name)
    const same = timingSafeEqual(digest(password ?? ''), expected ?? nobody)
    return same && expected !== undefined
  }
}

function digest(secret: string | Uint8Array): Buffer {
  return createHash('sha256').update(secret).digest()
}
