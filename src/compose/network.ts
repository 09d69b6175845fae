import { createOnlineClients, type OnlineClients } from '../adapters/omnicomm-online/clients.ts'
import { createHttpCall } from '../adapters/probe/http-call.ts'
import { createNameResolver, type ResolveName } from '../adapters/probe/name-resolver.ts'
import type { Clock, HttpCall, Log } from '../ports.ts'

/** How this process reaches others: one of each, because caches, sessions and budgets of calls are in them. */
export type Network = {
  readonly resolveName: ResolveName
  readonly call: HttpCall
  readonly online: OnlineClients
}

export function createNetwork(deps: {
  readonly clock: Clock
  readonly log: Log
  readonly version: string
}): Network {
  const resolveName = createNameResolver(deps)
  const call = createHttpCall({ clock: deps.clock, resolveName, version: deps.version })
  return { resolveName, call, online: createOnlineClients({ clock: deps.clock, log: deps.log, call }) }
}
