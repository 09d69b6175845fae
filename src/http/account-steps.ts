import type { Actor } from '../core/audit.ts'
import type { Account } from '../core/people/account.ts'
import { passwordFault, passwordText } from '../core/people/account-rules.ts'
import type { Auth } from './auth.ts'
import type { AppDeps } from './deps.ts'
import { newPassword, newToken, tokenHash } from './password.ts'
import type { UserInput } from './user-input.ts'

type Deps = Pick<AppDeps, 'accounts'>
type Throttled = { readonly kind: 'throttled'; readonly retryAfterSeconds: number }

export type PasswordFault = NonNullable<ReturnType<typeof passwordFault>> | 'same'

/**
 * Adds an account. Without a password it is given one that is shown once and must be changed; a machine that only
 * pushes has no use for one.
 */
export async function addUser(
  { accounts }: Deps,
  { passwords }: Auth,
  { name: id, password: chosen, ...wish }: UserInput,
  actor: Actor,
) {
  if (accounts.get(id)) return { kind: 'taken' } as const
  const made = chosen === undefined && wish.role !== 'ingest' ? newPassword() : undefined
  const password = chosen ?? made
  const passwordHash = password === undefined ? null : await passwords.hash(password)
  if (passwordHash !== null && typeof passwordHash !== 'string') return passwordHash
  const added = await accounts.add({ id, ...wish, passwordHash, mustChange: made !== undefined }, actor)
  if (typeof added === 'string') return { kind: added } as const
  return { kind: 'added', account: added, password: made } as const
}

/** Gives an account a password that is shown once and must be changed; its sessions end. */
export async function resetPassword(
  { accounts }: Deps,
  { passwords }: Auth,
  name: string,
  actor: Actor,
): Promise<{ readonly kind: 'reset'; readonly password: string } | { readonly kind: 'missing' } | Throttled> {
  if (!accounts.get(name)) return { kind: 'missing' }
  const password = newPassword()
  const passwordHash = await passwords.hash(password)
  if (typeof passwordHash !== 'string') return passwordHash
  const changed = await accounts.change(name, { passwordHash, mustChange: true }, actor)
  return typeof changed === 'string' ? { kind: 'missing' } : { kind: 'reset', password }
}

/** Gives an account a token in place of the one that it had; undefined: there is no such account. */
export async function rotateToken(
  { accounts }: Deps,
  name: string,
  actor: Actor,
): Promise<string | undefined> {
  const token = newToken()
  const changed = await accounts.change(name, { tokenHash: tokenHash(token) }, actor)
  return typeof changed === 'string' ? undefined : token
}

/** Somebody chooses a password of his own; all his sessions end. */
export async function choosePassword(
  { accounts }: Deps,
  { passwords }: Auth,
  given: { readonly current: string; readonly next: string },
  actor: Actor,
): Promise<
  | { readonly kind: 'changed'; readonly account: Account }
  | { readonly kind: 'bad'; readonly fault: PasswordFault }
  | { readonly kind: 'wrong' }
  | Throttled
> {
  const { current, next } = given
  const fault = passwordFault(next, actor.name)
  if (fault !== undefined) return { kind: 'bad', fault }
  if (passwordText(current) === passwordText(next)) return { kind: 'bad', fault: 'same' }
  const checked = await passwords.check(actor.name, current, actor.address)
  if (checked.kind !== 'right') return checked
  const passwordHash = await passwords.hash(next)
  if (typeof passwordHash !== 'string') return passwordHash
  const changed = await accounts.change(actor.name, { passwordHash, mustChange: false }, actor)
  return typeof changed === 'string' ? { kind: 'wrong' } : { kind: 'changed', account: changed }
}
