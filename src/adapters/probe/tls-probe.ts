import { DAY, type Instant, toIso } from '../../core/time.ts'
import type { Clock, Probe } from '../../ports.ts'
import { type Broken, runProbe } from './attempt.ts'
import { type Endpoint, openTcp, openTls } from './connection.ts'
import type { ResolveName } from './name-resolver.ts'
import { trusting } from './trust.ts'

export type TlsProbeDeps = {
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'after'>
  readonly resolveName: ResolveName
}

export type TlsProbeOptions = Endpoint & {
  /** Days that the certificate must still be valid. */
  readonly daysLeft: number
  readonly slowAfterMs?: number | undefined
  /** Hears at each probe when the certificate ends. */
  readonly ends?: ((at: Instant) => void) | undefined
  /** Further certificate authorities, PEM. */
  readonly ca?: string | undefined
}

/**
 * A probe of a certificate: chain and host name (phase `tls`), then the time that it still has (phase `assert`).
 * Throws at once when `ca` is no certificate.
 */
export function createTlsProbe(options: TlsProbeOptions, deps: TlsProbeDeps): Probe {
  const endpoint = { host: options.host.replace(/^\[(.*)\]$/, '$1'), port: options.port }
  const secureContext = options.ca === undefined ? undefined : trusting(options.ca)
  return (timeoutMs) =>
    runProbe(deps.clock, { timeoutMs, slowAfterMs: options.slowAfterMs }, async (attempt) => {
      const plain = await openTcp(attempt, deps.resolveName, endpoint)
      if (plain.kind !== 'done') return plain
      const link = await openTls(attempt, plain.value, endpoint, secureContext)
      if (link.kind !== 'done') return link
      const endsAt = Date.parse(link.value.getPeerCertificate().valid_to)
      if (!Number.isNaN(endsAt)) options.ends?.(endsAt)
      return fallsShort(endsAt, options.daysLeft, deps.clock.now()) ?? { kind: 'done', value: {} }
    })
}

/** A chain that has ended is no valid one and never gets here; undefined: there is time enough. */
function fallsShort(endsAt: Instant, daysLeft: number, now: Instant): Broken | undefined {
  if (Number.isNaN(endsAt)) {
    return { kind: 'failed', phase: 'assert', evidence: 'the certificate does not say when it ends' }
  }
  const left = Math.floor((endsAt - now) / DAY)
  if (left >= daysLeft) return undefined
  const day = toIso(endsAt).slice(0, 10)
  const evidence = `the certificate ends on ${day}, in ${left} days; it must be valid for ${daysLeft} days`
  return { kind: 'failed', phase: 'assert', evidence }
}
