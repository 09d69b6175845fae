import type { Context } from 'hono'

/** What an account may do. More roles are added here; every route names those that it lets in. */
export type Role = 'admin'

/** Who makes a request, and whether the proof came by token or by browser session. */
export type Identity = {
  readonly name: string
  readonly role: Role
  readonly via: 'token' | 'session'
}

/** The part of Node's request that @hono/node-server hands through; absent in `app.request`. */
type NodeBindings = { readonly incoming?: { readonly socket: { readonly remoteAddress?: string } } }

/** Types of Hono's context in this application. */
export type HttpEnv = { Bindings: NodeBindings; Variables: { identity: Identity } }

/** A request in this application. */
export type HttpContext = Context<HttpEnv>
