import type { Actor, AuditEntry, AuditValue } from '../core/audit.ts'
import type { Account, EndedSession } from '../core/people/account.ts'
import { accountKey, accountLikeness, accountNameFault, isLastAdmin } from '../core/people/account-rules.ts'
import type { Clock, Log, RecordStore } from '../ports.ts'

export type AccountBookDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly store: RecordStore<Account>
  readonly log: Log
}

/** What a new account is given; the rest follows. */
export type NewAccount = Pick<
  Account,
  'id' | 'role' | 'clients' | 'groups' | 'language' | 'passwordHash' | 'mustChange'
>

/** What may change; what is absent stays as it is. */
export type AccountChange = Partial<
  Pick<Account, 'role' | 'clients' | 'groups' | 'language' | 'passwordHash' | 'tokenHash' | 'mustChange'>
>

export type AccountBook = {
  /** Reads the stored ones; rejects with StoreError. Until then nobody is there. */
  load(): Promise<void>
  /** In the order in which they were added. */
  list(): readonly Account[]
  /** Case makes no difference. */
  get(name: string): Account | undefined
  byToken(tokenHash: string): Account | undefined
  add(account: NewAccount, actor: Actor): Promise<Account | 'taken' | 'full'>
  /** `last-admin`: nobody could manage accounts any more. */
  change(name: string, change: AccountChange, actor: Actor): Promise<Account | 'missing' | 'last-admin'>
  remove(name: string, actor: Actor): Promise<'removed' | 'missing' | 'last-admin'>
  /** Ends one session, or with `all` every one of the account. */
  signOut(name: string, session: EndedSession | 'all', actor: Actor): Promise<void>
}

const MOST_ACCOUNTS = 10_000
/** Whoever leaves more sessions than this within their time leaves all that he has. */
const MOST_ENDED = 50

/**
 * The accounts, held in memory. Changes happen one after the other, each in one transaction with its audit entry; they
 * reject with StoreError and then nothing has changed. What would end sessions moves `changedAt` on.
 */
export function createAccountBook({ clock, store, log }: AccountBookDeps): AccountBook {
  let accounts: ReadonlyMap<string, Account> = new Map()
  let tokens: ReadonlyMap<string, Account> = new Map()
  let queue: Promise<unknown> = Promise.resolve()

  function take(next: ReadonlyMap<string, Account>): void {
    accounts = next
    tokens = new Map(
      [...next.values()].flatMap((account) => (account.tokenHash ? [[account.tokenHash, account]] : [])),
    )
  }

  function inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = queue.then(task)
    queue = result.catch(() => {})
    return result
  }

  async function commit(action: string, before: Account | null, after: Account | null, actor: Actor) {
    const subject = (after ?? before)?.id ?? ''
    const next = new Map(accounts)
    if (after) next.set(accountKey(after.id), after)
    else next.delete(accountKey(subject))
    await store.commit({
      save: after ? [after] : [],
      remove: after ? [] : [subject],
      audit: [auditOf(action, subject, before, after, actor, clock.now())],
    })
    take(next)
    log.info('account changed', { by: actor.name, action, account: subject })
  }

  const get = (name: string): Account | undefined => accounts.get(accountKey(name))
  const isLast = (account: Account): boolean => isLastAdmin(accounts.values(), account)

  return {
    load: () =>
      inTurn(async () =>
        take(new Map((await store.load()).map((account) => [accountKey(account.id), account]))),
      ),
    list: () => [...accounts.values()],
    get,
    byToken: (tokenHash) => tokens.get(tokenHash),
    add: (wish, actor) =>
      inTurn(async () => {
        // Input is checked where it comes in; a name with a fault could be reached by no address.
        if (accountNameFault(wish.id) !== undefined) throw new RangeError('the name of an account is wrong')
        const likeness = accountLikeness(wish.id)
        if ([...accounts.values()].some(({ id }) => accountLikeness(id) === likeness)) return 'taken'
        if (accounts.size >= MOST_ACCOUNTS) return 'full'
        const now = clock.now()
        const made = {
          ...wish,
          tokenHash: null,
          createdAt: now,
          createdBy: actor.name,
          changedAt: now,
          ended: [],
        }
        await commit('account.add', null, made, actor)
        return made
      }),
    change: (name, wish, actor) =>
      inTurn(async () => {
        const before = get(name)
        if (!before) return 'missing'
        const after = changed(before, wish, clock.now())
        if (after.role !== 'admin' && isLast(before)) return 'last-admin'
        if (!isSame(before, after)) await commit(actionOf(before, after), before, after, actor)
        return after
      }),
    remove: (name, actor) =>
      inTurn(async () => {
        const before = get(name)
        if (!before) return 'missing'
        if (isLast(before)) return 'last-admin'
        await commit('account.delete', before, null, actor)
        return 'removed'
      }),
    signOut: (name, session, actor) =>
      inTurn(async () => {
        const before = get(name)
        if (!before) return
        const now = clock.now()
        const ended = before.ended.filter(({ until }) => until > now)
        const every = session === 'all' || ended.length >= MOST_ENDED
        const after = every ? endSessions(before, now) : { ...before, ended: [...ended, session] }
        await commit(
          session === 'all' ? 'account.sign-out-everywhere' : 'account.sign-out',
          before,
          after,
          actor,
        )
      }),
  }
}

function changed(before: Account, wish: AccountChange, now: number): Account {
  const after = { ...before, ...wish }
  return fenceOf(before) === fenceOf(after) ? after : endSessions(after, now)
}

/** What a session rests on. */
function fenceOf({ role, clients, groups, passwordHash }: Account): string {
  return JSON.stringify([role, clients, groups, passwordHash])
}

/** Later than before also when the clock was set back. */
function endSessions(account: Account, now: number): Account {
  return { ...account, changedAt: Math.max(now, account.changedAt + 1), ended: [] }
}

function isSame(before: Account, after: Account): boolean {
  return JSON.stringify(before) === JSON.stringify(after)
}

/** The name that the audit trail has for a change. */
function actionOf(before: Account, after: Account): string {
  if (before.tokenHash !== after.tokenHash) return after.tokenHash ? 'account.token' : 'account.token-delete'
  if (before.passwordHash !== after.passwordHash) return 'account.password'
  return 'account.update'
}

function auditOf(
  action: string,
  subject: string,
  before: Account | null,
  after: Account | null,
  actor: Actor,
  at: number,
): AuditEntry {
  return { at, actor, action, subject, before: auditValue(before), after: auditValue(after) }
}

/** Without secrets: of a password and a token only whether there is one. */
function auditValue(account: Account | null): AuditValue | null {
  if (!account) return null
  const { role, clients, groups, language, passwordHash, tokenHash, mustChange } = account
  return {
    role,
    clients,
    groups,
    language,
    password: passwordHash !== null,
    token: tokenHash !== null,
    mustChange,
  }
}
