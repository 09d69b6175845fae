import type { Scope } from '../fleet/scope.ts'
import type { Language } from '../letters/letter.ts'
import type { Instant } from '../time.ts'

/**
 * What an account may do. `admin`: everything. `operator`: everything but accounts and recordings. `dealer`: see and
 * handle the terminals of his clients and groups. `ingest`: a machine that may only push observations.
 */
export const ROLES = ['admin', 'operator', 'dealer', 'ingest'] as const

export type Role = (typeof ROLES)[number]

/** Somebody who may sign in or call the API, as the store keeps it. Secrets are kept as hashes only. */
export type Account = {
  /** The name with which he signs in. */
  readonly id: string
  readonly role: Role
  /** What a dealer may see; of no meaning for the other roles. */
  readonly clients: readonly string[]
  readonly groups: readonly string[]
  /** Of the pages; null: the configured one. */
  readonly language: Language | null
  /** Null: he cannot sign in with a password. */
  readonly passwordHash: string | null
  /** Of the API token; null: he has none. */
  readonly tokenHash: string | null
  /** The password was given by somebody else: he must choose his own before anything else. */
  readonly mustChange: boolean
  readonly createdAt: Instant
  /** Who made the account: whom a dealer asks who sees nothing. */
  readonly createdBy: string
  /** Last change of password, role or scope; sessions that are older have ended. */
  readonly changedAt: Instant
  /** Sessions that were left before their time, at most MOST_ENDED. */
  readonly ended: readonly EndedSession[]
}

/** A session that its owner left. `until`: when it would have ended by itself and may be forgotten. */
export type EndedSession = { readonly id: string; readonly until: Instant }

/** The terminals that an account may see. */
export function scopeOf({ role, clients, groups }: Pick<Account, 'role' | 'clients' | 'groups'>): Scope {
  return role === 'dealer' ? { clients, groups } : 'all'
}
