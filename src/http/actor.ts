import type { Actor } from '../core/audit.ts'
import { clientAddress } from './client.ts'
import type { AppOptions } from './deps.ts'
import type { HttpContext } from './env.ts'

/** Who makes a request that changes something, as the audit trail keeps it. Only behind the account check. */
export function actorOf(c: HttpContext, options: Pick<AppOptions, 'trustProxy'>): Actor {
  const { name, via } = c.get('identity')
  return { name, via, address: clientAddress(c, options.trustProxy) }
}
