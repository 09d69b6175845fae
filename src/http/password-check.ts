import type { Account } from '../core/people/account.ts'
import { accountKey } from '../core/people/account-rules.ts'
import type { Clock, SettingsStore } from '../ports.ts'
import type { AccountEditor } from './deps/accounts.ts'
import { createKnownNetworks } from './known-networks.ts'
import { createLoginDelay } from './login-delay.ts'
import { networkOf } from './network.ts'
import { FIRST_ADMIN, hashPassword, matchesPassword, tokenHash } from './password.ts'
import { matchesSecret } from './session.ts'
import { createThrottle } from './throttle.ts'

const FAILURES_PER_MINUTE = 10
/** Each takes 32 MiB and a core for a moment; many at once would starve everything else. */
const MAX_AT_ONCE = 4

/** What became of a password, or when to try again. */
export type PasswordCheck =
  | { readonly kind: 'right'; readonly account: Account }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }

export type Passwords = {
  /** Takes as long for a name that nobody has as for one that somebody has. */
  check(name: string, password: string, address: string): Promise<PasswordCheck>
  hash(password: string): Promise<string | { readonly kind: 'throttled'; readonly retryAfterSeconds: number }>
}

type PasswordDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly accounts: Pick<AccountEditor, 'get'>
  readonly settings: SettingsStore
}

/**
 * Passwords against guessing: 10 wrong ones per address and minute, growing delays per account (login-delay.ts), and
 * few at once. Strangers who guess do not keep the owner out: a network from which somebody has signed in has delays of
 * its own.
 */
export function createPasswords({ clock, accounts, settings }: PasswordDeps, adminToken: string): Passwords {
  const byAddress = createThrottle(clock, FAILURES_PER_MINUTE)
  const ofAccounts = createLoginDelay(clock)
  // Invented names must not push those of accounts out of memory.
  const ofNobody = createLoginDelay(clock)
  const networks = createKnownNetworks(settings)
  let running = 0

  async function inRoom<Result>(task: () => Promise<Result>) {
    if (running >= MAX_AT_ONCE) return BUSY
    running += 1
    try {
      return await task()
    } finally {
      running -= 1
    }
  }

  async function welcome(account: Account, network: string): Promise<PasswordCheck> {
    await networks.remember(keyOf(account.id), network)
    byAddress.giveBack(network)
    return { kind: 'right', account }
  }

  return {
    hash: (password) => inRoom(() => hashPassword(password)),
    check: (name, password, address) =>
      inRoom(async () => {
        const network = networkOf(address)
        const wait = byAddress.take(network)
        if (wait > 0) return throttled(wait)
        const account = accounts.get(name)
        // Whoever may set the environment can come in again when the password is lost.
        if (account && isFirstAdmin(account) && matchesSecret(password, adminToken)) {
          return welcome(account, network)
        }
        const key = keyOf(name)
        const isKnown = await networks.isKnown(key, network)
        const delay = account ? ofAccounts : ofNobody
        const delayKey = isKnown ? `${key}\n${network}` : key
        const pause = delay.take(delayKey)
        if (pause > 0) return throttled(pause)
        if (!(await matchesPassword(password, account?.passwordHash ?? null)) || !account) {
          return { kind: 'wrong' }
        }
        delay.forget(delayKey)
        return welcome(account, network)
      }),
  }
}

const BUSY = throttled(1)

function throttled(retryAfterSeconds: number) {
  return { kind: 'throttled', retryAfterSeconds } as const
}

function isFirstAdmin({ id, role }: Account): boolean {
  return id === FIRST_ADMIN && role === 'admin'
}

/** As short for every name: what is remembered of invented ones stays small, however long they were typed. */
function keyOf(name: string): string {
  return tokenHash(accountKey(name))
}
