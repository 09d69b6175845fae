import type { Context } from 'hono'
import type { Scope } from '../core/fleet/scope.ts'
import type { Language } from '../core/letters/letter.ts'
import type { Role } from '../core/people/account.ts'
import type { Instant } from '../core/time.ts'

/** Who makes a request, and whether the proof came by token or by browser session. */
export type Identity = {
  readonly name: string
  readonly role: Role
  /** The terminals that he may see. */
  readonly scope: Scope
  /** When the account was made; whoever had the name before was somebody else. */
  readonly since: Instant
  /** That he chose for his pages; null: none. */
  readonly language: Language | null
  readonly via: 'token' | 'session'
  /** He must choose a password of his own before anything else. */
  readonly mustChange: boolean
}

/** The part of Node's request that @hono/node-server hands through; absent in `app.request`. */
type NodeBindings = { readonly incoming?: { readonly socket: { readonly remoteAddress?: string } } }

/** Types of Hono's context in this application. */
export type HttpEnv = { Bindings: NodeBindings; Variables: { identity: Identity } }

/** A request in this application. */
export type HttpContext = Context<HttpEnv>

/** Who makes a request; undefined for a stranger, who may see a few pages, too. */
export function identityOf(c: HttpContext): Identity | undefined {
  return c.get('identity') as Identity | undefined
}
