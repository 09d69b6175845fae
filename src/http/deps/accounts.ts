import type { Actor } from '../../core/audit.ts'
import type { Account, EndedSession } from '../../core/people/account.ts'

/** What an account is made of; the rest follows. Secrets come as hashes. */
export type NewAccount = Pick<
  Account,
  'id' | 'role' | 'clients' | 'groups' | 'language' | 'passwordHash' | 'mustChange'
>

/** What may change of an account; what is absent stays as it is. */
export type AccountChange = Partial<Omit<NewAccount, 'id'> & Pick<Account, 'tokenHash'>>

/**
 * Those who may sign in or call the API, read from memory. Changes are stored with their audit entry. Names are found
 * in any case. `last-admin`: nobody could manage accounts any more. `full`: there are as many as the program takes.
 */
export type AccountEditor = {
  /** In the order in which they were added. */
  list(): readonly Account[]
  get(name: string): Account | undefined
  byToken(tokenHash: string): Account | undefined
  add(account: NewAccount, actor: Actor): Promise<Account | 'taken' | 'full'>
  change(name: string, change: AccountChange, actor: Actor): Promise<Account | 'missing' | 'last-admin'>
  remove(name: string, actor: Actor): Promise<'removed' | 'missing' | 'last-admin'>
  /** Ends one session, or every one of the account. */
  signOut(name: string, session: EndedSession | 'all', actor: Actor): Promise<void>
}
