import type { OnlineAccount } from './account.ts'
import type { CallerDeps } from './caller.ts'
import { createOnlineClient, type OnlineClient } from './client.ts'
import { createLimits } from './limits.ts'

/** The clients of one process: probes and pollers of an account get the same one. */
export type OnlineClients = {
  /** The client of an account, with its session; a new one when anything of the account has changed. */
  of(account: OnlineAccount): OnlineClient
}

/** Make one per process: budgets and blocks are kept in it, whatever becomes of the accounts. */
export function createOnlineClients(deps: Omit<CallerDeps, 'limits'>): OnlineClients {
  const limits = createLimits(deps.clock)
  const clients = new Map<string, { readonly as: string; readonly client: OnlineClient }>()
  return {
    of(account) {
      const as = JSON.stringify(account, Object.keys(account).sort())
      const known = clients.get(account.id)
      if (known?.as === as) return known.client
      const client = createOnlineClient(account, { ...deps, limits })
      clients.set(account.id, { as, client })
      return client
    },
  }
}
