import type { Clock, Probe } from '../../ports.ts'
import { broken, runProbe } from './attempt.ts'
import type { ResolveName } from './name-resolver.ts'

export type DnsProbeDeps = {
  readonly clock: Pick<Clock, 'monotonic' | 'after'>
  readonly resolveName: ResolveName
}

export type DnsProbeOptions = { readonly name: string; readonly slowAfterMs?: number | undefined }

/** A probe that is content with an address for a name: phase `dns`. */
export function createDnsProbe({ name, slowAfterMs }: DnsProbeOptions, deps: DnsProbeDeps): Probe {
  return (timeoutMs) =>
    runProbe(deps.clock, { timeoutMs, slowAfterMs }, async (attempt) => {
      attempt.enter('dns', `looking up ${name}`)
      const found = await deps.resolveName(name)
      if (found.kind === 'found') return { kind: 'done', value: {} }
      return broken(found.code, 'dns', `no address for ${name}: ${found.code}`)
    })
}
