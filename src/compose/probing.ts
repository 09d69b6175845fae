import { createControlCheck } from '../adapters/probe/control-check.ts'
import { createHttpProbe } from '../adapters/probe/http-probe.ts'
import { createNameResolver, type ResolveName } from '../adapters/probe/name-resolver.ts'
import { createTcpProbe } from '../adapters/probe/tcp-probe.ts'
import type { Config } from '../config/schema.ts'
import type { ComponentConfig } from '../config/service-schema.ts'
import { componentIsIdle } from '../config/warnings.ts'
import type { MaintenanceWindow } from '../core/outage/outage.ts'
import { type Instant, SECOND } from '../core/time.ts'
import type { MaintenanceEditor, ServiceReader } from '../http/deps.ts'
import type { Clock, Log, Metrics, OutageStore, Probe, Stop } from '../ports.ts'
import { createProber, type Prober } from '../workers/prober.ts'
import type { LetterPlanner } from '../workers/prober-ledger.ts'
import type { ProbedComponent } from '../workers/prober-rounds.ts'

export type ProbingDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly store: OutageStore
  readonly letters: LetterPlanner
  readonly lettersStored: () => void
  readonly version: string
}

/** The prober with its probes, replaced as a whole when the configuration changes. */
export async function openProbing(deps: ProbingDeps, first: Config) {
  const resolveName = createNameResolver(deps)
  let config = first
  let prober: Prober = await make(deps, config, resolveName)
  let replacing: Promise<void> = Promise.resolve()
  let stopRetry: Stop = () => {}
  let trouble: string | undefined
  /** Number of the newest attempt to start; an older one that ends later is dropped. */
  let newest = 0
  let stopped = false

  /** Without a prober nothing is watched: a store that fails for a while must not leave it at that. */
  async function replace(): Promise<void> {
    const mine = ++newest
    try {
      const next = await make(deps, config, resolveName)
      if (stopped || mine !== newest) return
      prober = next
      trouble = undefined
      prober.start()
    } catch (error) {
      if (stopped || mine !== newest) return
      trouble = `the prober cannot start again: ${String(error)}`
      deps.log.error('the prober cannot start again, trying on', { error: String(error) })
      stopRetry = deps.clock.after(RETRY_MS, () => {
        replacing = replace()
        return replacing
      })
    }
  }

  const service: ServiceReader = {
    get name() {
      return config.service.name
    },
    status: () => prober.status(),
    timeline: (from: Instant, to: Instant) => prober.timeline(from, to),
    uptime: (from: Instant, to: Instant) => prober.uptime(from, to),
    outages: (limit, before) => prober.outages(limit, before),
    outage: (id) => prober.outage(id),
  }
  // A window that went to the prober that is being replaced would be missing in the next one.
  const maintenance: MaintenanceEditor = {
    list: () => prober.windows(),
    add: async (window: Omit<MaintenanceWindow, 'id'>) => {
      await replacing
      return prober.addWindow(window)
    },
    remove: async (id) => {
      await replacing
      return prober.removeWindow(id)
    },
  }

  return {
    service,
    maintenance,
    start: (): void => prober.start(),
    stop: (): Promise<void> => {
      stopped = true
      stopRetry()
      return prober.stop()
    },
    troubles: (): readonly string[] => [...prober.troubles(), ...(trouble === undefined ? [] : [trouble])],
    /** Resolves when the next prober runs, or when it is known that it cannot start yet. */
    async reconfigure(next: Config): Promise<void> {
      if (JSON.stringify(next.service) === JSON.stringify(config.service)) return
      stopRetry()
      config = next
      replacing = prober.stop().then(replace)
      await replacing
    },
  }
}

const RETRY_MS = 5 * SECOND

function make(deps: ProbingDeps, { service }: Config, resolveName: ResolveName): Promise<Prober> {
  const probes = new Map<string, Probe>()
  for (const component of service.components) {
    const reason = componentIsIdle(component, service.account)
    probes.set(component.id, reason === null ? probeOf(component, deps, resolveName) : idleProbe(reason))
  }
  const controls = createControlCheck(service.controls, {
    clock: deps.clock,
    resolveName,
    version: deps.version,
  })
  return createProber(
    { ...deps, probes, controls },
    {
      components: service.components.map((component) => probedOf(component)),
      intervalMs: service.interval,
      timeoutMs: service.timeout,
      policy: {
        recoveryPeriodMs: service.recoveryPeriod,
        noticeAfterMs: service.noticeAfter,
        maintenancePauses: service.maintenancePauses,
      },
    },
  )
}

function probedOf({ id, kind, counts, every }: ComponentConfig): ProbedComponent {
  return { id, kind, counts, ...(every === undefined ? {} : { everyMs: every }) }
}

function probeOf(
  component: ComponentConfig,
  { clock, version }: ProbingDeps,
  resolveName: ResolveName,
): Probe {
  const { slowAfter: slowAfterMs } = component
  switch (component.kind) {
    case 'http': {
      const { url, expect } = component
      return createHttpProbe({ url, expect, slowAfterMs }, { clock, resolveName, version })
    }
    case 'tcp': {
      const { host, port } = component
      return createTcpProbe({ host, port, slowAfterMs }, { clock, resolveName })
    }
    default:
      throw new Error(`components of kind ${component.kind} are not probed in this version`)
  }
}

/** Stands where a component cannot be watched, so that people see why. */
function idleProbe(reason: string): Probe {
  return async () => ({ kind: 'unusable', reason })
}
