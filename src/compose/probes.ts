import type { OnlineClient } from '../adapters/omnicomm-online/client.ts'
import type { OnlineClients } from '../adapters/omnicomm-online/clients.ts'
import { createPacedProbe, type OnlineProbe } from '../adapters/omnicomm-online/pace.ts'
import {
  createActivityProbe,
  createDataPlaneProbe,
  createLoginProbe,
  createStateProbe,
  createTreeProbe,
} from '../adapters/omnicomm-online/probes.ts'
import { createDnsProbe } from '../adapters/probe/dns-probe.ts'
import { createHttpProbe } from '../adapters/probe/http-probe.ts'
import type { ResolveName } from '../adapters/probe/name-resolver.ts'
import { createTcpProbe } from '../adapters/probe/tcp-probe.ts'
import { createTlsProbe } from '../adapters/probe/tls-probe.ts'
import { componentIsIdle } from '../config/component-warnings.ts'
import type { Config } from '../config/schema.ts'
import { accountOf, type ComponentConfig } from '../config/service-schema.ts'
import { type Instant, SECOND } from '../core/time.ts'
import type { Clock, Metrics, Probe } from '../ports.ts'

export type ProbesDeps = {
  readonly clock: Clock
  readonly version: string
  readonly metrics: Pick<Metrics, 'set'>
  readonly resolveName: ResolveName
  /** Made once per process: it keeps sessions and budgets over reloads. */
  readonly online: OnlineClients
}

const CERTIFICATE_ENDS = 'watch_certificate_ends_timestamp_seconds'

/** Makes the probe of every component; where one cannot be watched, its probe says why. */
export function createProbes(deps: ProbesDeps): (config: Config) => ReadonlyMap<string, Probe> {
  let certified: readonly string[] = []
  return (config) => {
    const { components } = config.service
    // The certificate of a component that is configured no more, or for another host, is shown no more.
    for (const component of certified) deps.metrics.set(CERTIFICATE_ENDS, Number.NaN, { component })
    certified = components.flatMap(({ id, kind }) => (kind === 'tls' ? [id] : []))
    return new Map(
      components.map((component) => {
        const reason = componentIsIdle(component, config)
        return [component.id, reason === null ? probeOf(component, config, deps) : idle(reason)]
      }),
    )
  }
}

function probeOf(component: ComponentConfig, config: Config, deps: ProbesDeps): Probe {
  const { slowAfter: slowAfterMs } = component
  switch (component.kind) {
    case 'http':
      return createHttpProbe({ url: component.url, expect: component.expect, slowAfterMs }, deps)
    case 'tcp':
      return createTcpProbe({ host: component.host, port: component.port, slowAfterMs }, deps)
    case 'tls': {
      const { id, host, port, daysLeft } = component
      const ends = (at: Instant): void => deps.metrics.set(CERTIFICATE_ENDS, at / SECOND, { component: id })
      return createTlsProbe({ host, port, daysLeft, slowAfterMs, ends }, deps)
    }
    case 'dns':
      return createDnsProbe({ name: component.name, slowAfterMs }, deps)
    case 'omnicomm-login':
    case 'omnicomm-state':
    case 'omnicomm-tree':
    case 'omnicomm-activity':
    case 'omnicomm-dataplane':
      return createPacedProbe(onlineProbeOf(component, clientOf(component, config, deps), deps), deps.clock)
  }
}

type OnlineComponent = Extract<ComponentConfig, { readonly kind: `omnicomm-${string}` }>

function onlineProbeOf(
  component: OnlineComponent,
  client: OnlineClient,
  { clock }: Pick<ProbesDeps, 'clock'>,
): OnlineProbe {
  const { slowAfter: slowAfterMs } = component
  switch (component.kind) {
    case 'omnicomm-login':
      return createLoginProbe({ client, slowAfterMs })
    case 'omnicomm-state':
      return createStateProbe({ client, slowAfterMs, terminal: component.terminal })
    case 'omnicomm-tree':
      return createTreeProbe({ client, slowAfterMs, minVehicles: component.minVehicles })
    case 'omnicomm-activity':
      return createActivityProbe({ client, slowAfterMs })
    case 'omnicomm-dataplane':
      return createDataPlaneProbe({ client, slowAfterMs, stalledAfterMs: component.stalledAfter, clock })
  }
}

/** The configuration has checked that the account exists. */
function clientOf(component: ComponentConfig, config: Config, { online }: ProbesDeps): OnlineClient {
  const id = accountOf(component, config.service)
  const account = config.accounts.find((one) => one.id === id)
  if (account === undefined) throw new Error(`component ${component.id} names an account that is not there`)
  return online.of(account)
}

/** Stands where a component cannot be watched, so that people see why. */
function idle(reason: string): Probe {
  return async () => ({ kind: 'unusable', cause: 'setup', reason })
}
