import { lookup, Resolver } from 'node:dns/promises'
import { SECOND } from '../../core/time.ts'
import type { Clock } from '../../ports.ts'
import { errorCode } from './text.ts'

export type Address = { readonly address: string; readonly family: 4 | 6 }

/** `missing`: the system's answer was an error, such as `ENOTFOUND` (no such name) or `EAI_AGAIN` (no name server). */
export type Resolution =
  | { readonly kind: 'found'; readonly addresses: readonly Address[] }
  | { readonly kind: 'missing'; readonly code: string }

/** Host name to addresses in the system's order. It never throws, but may take as long as the system does. */
export type ResolveName = (host: string) => Promise<Resolution>

export type NameResolverOptions = {
  /** The system's resolution, with its hosts file. */
  readonly system?: (host: string) => Promise<readonly Address[]>
  /** Name servers to ask directly, `address:port`; without it those of the system. */
  readonly servers?: readonly string[]
}

/** How long the system alone is waited for. */
const DIRECT_AFTER_MS = SECOND

/**
 * Resolves as the system does. Its getaddrinfo cannot be cancelled and gets two threads of the process, so that a
 * zone whose name servers are silent would make the lookups of all other hosts wait behind its own: the control
 * hosts would seem dead too, and a real outage would pass as a fault of this machine. Hence one lookup per name at
 * a time, and after a second the name servers are asked directly, without threads. Share one between all probes.
 */
export function createNameResolver(
  { clock }: { readonly clock: Pick<Clock, 'after'> },
  { system = systemLookup, servers }: NameResolverOptions = {},
): ResolveName {
  const running = new Map<string, Promise<Resolution>>()

  function bySystem(host: string): Promise<Resolution> {
    const already = running.get(host)
    if (already) return already
    const lookup = settle(system(host)).finally(() => running.delete(host))
    running.set(host, lookup)
    return lookup
  }

  return async (host) => {
    const direct = Promise.withResolvers<Resolution>()
    let query: Resolver | undefined
    const stopTimer = clock.after(DIRECT_AFTER_MS, async () => {
      query = new Resolver({ timeout: 2 * SECOND, tries: 2 })
      if (servers) query.setServers(servers)
      const addresses = await askServers(query, host)
      // The system may know more (hosts file, search domains), so only a find counts here.
      if (addresses.length > 0) direct.resolve({ kind: 'found', addresses })
    })
    try {
      return await Promise.race([bySystem(host), direct.promise])
    } finally {
      stopTimer()
      query?.cancel()
    }
  }
}

async function systemLookup(host: string): Promise<readonly Address[]> {
  const found = await lookup(host, { all: true, order: 'verbatim' })
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))
}

async function settle(lookup: Promise<readonly Address[]>): Promise<Resolution> {
  try {
    const addresses = await lookup
    return addresses.length > 0 ? { kind: 'found', addresses } : { kind: 'missing', code: 'ENODATA' }
  } catch (error) {
    return { kind: 'missing', code: errorCode(error) || 'EUNKNOWN' }
  }
}

async function askServers(resolver: Resolver, host: string): Promise<readonly Address[]> {
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
  return [
    ...(v4.status === 'fulfilled' ? v4.value.map((address) => ({ address, family: 4 as const })) : []),
    ...(v6.status === 'fulfilled' ? v6.value.map((address) => ({ address, family: 6 as const })) : []),
  ]
}
