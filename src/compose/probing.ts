import { createControlCheck } from '../adapters/probe/control-check.ts'
import type { ResolveName } from '../adapters/probe/name-resolver.ts'
import type { Config } from '../config/schema.ts'
import type { LetterChange } from '../core/letters/letter.ts'
import type { MaintenanceWindow } from '../core/outage/outage.ts'
import type { Span } from '../core/outage/planned-work.ts'
import { type Instant, SECOND } from '../core/time.ts'
import type { MaintenanceEditor, OutageDesk, ServiceReader } from '../http/deps/service.ts'
import type { Clock, Log, Metrics, Notices, Probe, Stop, Stores, Timetable } from '../ports.ts'
import type { HoldClaims } from '../workers/claim-hold.ts'
import { createPlannedWork } from '../workers/planned-work.ts'
import { createProber, type Prober } from '../workers/prober.ts'
import type { LetterPlanner } from '../workers/prober-commits.ts'
import { createServiceHistory, type ServiceHistory } from '../workers/service-history.ts'
import { createServiceSeconds, type ServiceSeconds } from '../workers/service-seconds.ts'
import { largestGapMs, proberFoundation, proberOptions } from './prober-options.ts'

export type ProbingDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly stores: Pick<Stores, 'outages' | 'plannedWork' | 'uptime'>
  readonly timetable: Pick<Timetable, 'fault' | 'next'>
  readonly letters: LetterPlanner & {
    announce(window: MaintenanceWindow, withdrawn: boolean, at: Instant): Promise<LetterChange>
  }
  readonly holdClaims: HoldClaims
  /** Called when letters were stored. */
  readonly lettersStored: () => void
  readonly notices: Notices
  /** The probe of every component. */
  readonly probes: (config: Config) => ReadonlyMap<string, Probe>
  readonly resolveName: ResolveName
  readonly version: string
}

/**
 * The watch over the service: the prober, replaced as a whole when the configuration changes, planned work, and what
 * people read and do.
 */
export async function openProbing(outer: ProbingDeps, first: Config) {
  const deps: ProberParts = { ...outer, seconds: createServiceSeconds(outer) }
  const { clock, log, letters, holdClaims, lettersStored, stores } = deps
  let config = first
  const work = await createPlannedWork(
    {
      clock,
      log,
      holdClaims,
      lettersStored,
      store: stores.plannedWork,
      timetable: deps.timetable,
      announce: letters.announce,
      changed: () => prober.windowsChanged(),
    },
    { zone: first.timezone },
  )
  let prober = await make(deps, work.merged, config)
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
      const next = await make(deps, work.merged, config)
      if (stopped || mine !== newest) return
      prober = next
      trouble = undefined
      prober.start()
    } catch (error) {
      if (stopped || mine !== newest) return
      trouble = `the prober cannot start again: ${String(error)}`
      log.error('the prober cannot start again, trying on', { error: String(error) })
      stopRetry = clock.after(RETRY_MS, () => {
        replacing = replace()
        return replacing
      })
    }
  }

  /** Those that count. */
  const pauses = (): readonly Span[] => (config.service.maintenancePauses ? work.merged() : [])
  const history = (): ServiceHistory =>
    createServiceHistory(
      { clock, store: stores.outages, hours: stores.uptime, windows: pauses },
      { components: config.service.components.map(({ id }) => id), largestGapMs: largestGapMs(config) },
    )

  const service: ServiceReader = {
    get name() {
      return config.service.name
    },
    status: () => prober.status(),
    timeline: (from, to) => history().timeline(from, to),
    uptime: (from, to) => history().uptime(from, to),
    outages: (limit, before) => prober.outages(limit, before),
    outageCount: deps.stores.outages.outageCount,
    outage: (id) => prober.outage(id),
  }
  const desk: OutageDesk = {
    /** An action that went to a prober which is being replaced would be refused. */
    async act(outageId, action, actor) {
      await replacing
      return prober.act(outageId, action, actor)
    },
  }
  const maintenance: MaintenanceEditor = work

  return {
    service,
    desk,
    maintenance,
    removeWindows: work.removeOver,
    history,
    pauses,
    largestGapMs: (): number => largestGapMs(config),
    isCancelled: (outageId: string): boolean => prober.isCancelled(outageId),
    isOver: (outageId: string): boolean => prober.isOver(outageId),
    isPlanned: work.isPlanned,
    proven: (outageId: string) => prober.proven(outageId),
    /** When the service itself heard no terminals (workers/source-watches.ts). */
    blindness: () => prober.blindness(),
    start(): void {
      prober.start()
      void work.start()
    },
    stop(): Promise<void> {
      stopped = true
      stopRetry()
      work.stop()
      return prober.stop()
    },
    troubles: (): readonly string[] => [...prober.troubles(), ...(trouble === undefined ? [] : [trouble])],
    /** Resolves when the next prober runs, or when it is known that it cannot start yet. */
    async reconfigure(next: Config): Promise<void> {
      const same = proberFoundation(next) === proberFoundation(config)
      config = next
      if (same) return
      stopRetry()
      replacing = prober.stop().then(replace)
      await replacing
    },
  }
}

const RETRY_MS = 5 * SECOND

type ProberParts = ProbingDeps & { readonly seconds: ServiceSeconds }

function make(deps: ProberParts, windows: () => readonly Span[], config: Config): Promise<Prober> {
  const { clock, log, metrics, seconds, letters, holdClaims, lettersStored, notices, resolveName, version } =
    deps
  return createProber(
    {
      clock,
      log,
      metrics,
      seconds,
      letters,
      holdClaims,
      lettersStored,
      notices,
      windows,
      store: deps.stores.outages,
      probes: deps.probes(config),
      controls: createControlCheck(config.service.controls, { clock, resolveName, version }),
    },
    proberOptions(config),
  )
}
