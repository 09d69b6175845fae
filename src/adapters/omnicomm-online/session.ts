import { readClaims, renewAfterMs, type Tokens } from '../../core/online/tokens.ts'
import { type Instant, SECOND } from '../../core/time.ts'
import type { OnlineAccount } from './account.ts'
import type { Timer } from './effort.ts'

/** Tokens that are in use; times are on the monotonic clock, ms, and endless where the token does not say. */
export type Session = Tokens & { readonly renewAtMs: number; readonly endsAtMs: number }

/** What an account of tokens begins with. */
export function configuredSession({ token, refresh }: OnlineAccount, clock: Timer): Session | null {
  if (token === undefined) return null
  const { expiresAt } = readClaims(token)
  const endsAt: Instant | null = expiresAt === null ? null : expiresAt * SECOND
  const lifetimeMs = endsAt === null ? null : Math.max(0, endsAt - clock.now())
  return timed({ access: token, refresh: refresh ?? null }, lifetimeMs, clock)
}

/** Tokens that are good for `lifetimeMs` from now on; null: they do not say. */
export function timed(tokens: Tokens, lifetimeMs: number | null, clock: Timer): Session {
  if (lifetimeMs === null) return { ...tokens, renewAtMs: Infinity, endsAtMs: Infinity }
  const now = clock.monotonic()
  return { ...tokens, renewAtMs: now + renewAfterMs(lifetimeMs), endsAtMs: now + lifetimeMs }
}
