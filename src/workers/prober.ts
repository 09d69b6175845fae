import type { OutagePolicy } from '../core/outage/clock-state.ts'
import { deadlineAt } from '../core/outage/deadline.ts'
import type { MaintenanceWindow, Outage } from '../core/outage/outage.ts'
import { mergeWindows, type Span } from '../core/outage/planned-work.ts'
import { serviceStatus } from '../core/outage/service-status.ts'
import type { ServiceStatus } from '../core/outage/status.ts'
import { type ClockStep, judgeRound, type Round } from '../core/outage/verdict.ts'
import { SECOND } from '../core/time.ts'
import type { Clock, Log, Metrics, OutageStore, Stop } from '../ports.ts'
import { createClockWatch } from './clock-watch.ts'
import { createLedger, type LetterPlanner } from './prober-ledger.ts'
import { restoreLedger } from './prober-restore.ts'
import { createRounds, type Measurement, type RoundsDeps, type RoundsOptions } from './prober-rounds.ts'
import { createSchedule } from './prober-schedule.ts'
import { createWindows } from './prober-windows.ts'
import { createServiceHistory } from './service-history.ts'
import { withinLimit } from './time-limit.ts'

export type ProberDeps = RoundsDeps & {
  readonly clock: Clock
  readonly store: OutageStore
  readonly letters: LetterPlanner
  /** Called when letters were stored. */
  readonly lettersStored: () => void
  readonly log: Log
  readonly metrics: Metrics
}

export type ProberOptions = RoundsOptions & { readonly policy: OutagePolicy }

/** A round that is still running at the stop gets so long; then it is dropped. */
const STOP_WITHIN_MS = 3 * SECOND
const TICK_MS = SECOND
/** A tick may be this late before it counts as a stand-still, which makes the round's verdict UNKNOWN. */
const LATEST_LOOK_MS = 2 * SECOND
const PAGE = 100

/**
 * Watches the service: probes it, keeps the outage clock and commits outages with their letters. Rebuilds the
 * clock from the stored rows first; rejects with StoreError when they cannot be read.
 */
export async function createProber(deps: ProberDeps, options: ProberOptions) {
  const { clock, store, log, metrics } = deps
  const { policy, intervalMs, timeoutMs } = options
  const largestGapMs = 2 * intervalMs + timeoutMs
  const stored = await store.load()
  const windows = createWindows({ clock, store, changed: () => armDeadline() }, stored.windows)
  const restored = await restoreLedger(
    store,
    stored.outages,
    mergeWindows(stored.windows),
    clock.now(),
    options,
  )
  const ledger = createLedger({ ...deps, windows: windows.merged }, policy, restored)
  const pauses = (): readonly Span[] => (policy.maintenancePauses ? windows.merged() : [])
  const rounds = createRounds(deps, options)
  const schedule = createSchedule(clock, intervalMs, issue)
  const watch = createClockWatch(clock, LATEST_LOOK_MS)
  const history = createServiceHistory(
    { clock, store, windows: pauses },
    { components: options.components.map(({ id }) => id), largestGapMs },
  )
  let queue: Promise<void> = Promise.resolve()
  let stopTicks: Stop = () => {}
  let stopped = false
  let stalledUntilMs = Number.NEGATIVE_INFINITY

  /** One after the other in the order of issue: the order of the stored rows is that of the fold. */
  function enqueue(task: () => Promise<void>): Promise<void> {
    queue = queue.then(async () => {
      if (stopped) return
      try {
        await task()
      } catch (error) {
        log.error('the prober failed', { error })
      }
      armDeadline()
    })
    return queue
  }

  function issue(): Promise<void> {
    look()
    const startedMs = clock.monotonic()
    const measured = rounds.measure(clock.now())
    return enqueue(async () => {
      const measurement = await measured
      if (stopped) return
      look()
      const stalled = stalledUntilMs > startedMs ? ['this process stalled'] : []
      await settle({ ...measurement, faults: [...measurement.faults, ...stalled] })
    })
  }

  async function settle({ at, completedAt, components, controls, faults }: Measurement): Promise<void> {
    const failed = ledger.clock().open?.outage.failed ?? []
    const judgement = judgeRound(components, controls, faults, failed)
    const round: Round = { kind: 'round', at, completedAt, intervalMs, timeoutMs, ...judgement, components }
    if (await ledger.record(round)) metrics.add('watch_probe_verdicts_total', { verdict: round.verdict })
  }

  /** Before each round and before its result is judged: a step or stand-still must be known by then. */
  function look(): void {
    for (const event of watch.look()) {
      if (event.kind === 'stall') stalledUntilMs = clock.monotonic()
      else noteStep(event)
    }
  }

  function noteStep(step: ClockStep): void {
    log.debug('a clock step interrupts the outage clock', { deltaMs: step.deltaMs })
    schedule.realign()
    void enqueue(async () => {
      await ledger.record(step)
    })
  }

  function armDeadline(): void {
    schedule.armDeadline(deadlineAt(ledger.clock(), windows.merged(), policy))
  }

  function status(): ServiceStatus {
    const evidence = {
      clock: ledger.clock(),
      windows: pauses(),
      newest: ledger.newest(),
      largestGapMs,
    }
    return serviceStatus({ ...evidence, components: options.components }, clock.now())
  }

  function tick(): void {
    look()
    const { state, outage } = status()
    metrics.set('watch_service_up', upValue(state))
    metrics.set('watch_outage_down_seconds', (outage?.downMs ?? 0) / SECOND)
  }

  /** What was decided and could not be saved yet is newer than what is stored. */
  function newest(outage: Outage): Outage {
    return ledger.unsaved().find(({ id }) => id === outage.id) ?? outage
  }

  async function outages(limit: number, before?: string): Promise<readonly Outage[]> {
    return (await store.outages(limit, before)).map(newest)
  }

  return {
    start(): void {
      void enqueue(async () => {
        await ledger.save()
      })
      tick()
      stopTicks = clock.every(TICK_MS, tick)
      schedule.start()
    },
    /** Waits a few seconds for a running round; one that takes longer is dropped. */
    async stop(): Promise<void> {
      schedule.stop()
      stopTicks()
      await withinLimit(clock, STOP_WITHIN_MS, queue, undefined)
      stopped = true
    },
    /** Empty: able to store what it sees. */
    troubles: ledger.troubles,
    status,
    timeline: history.timeline,
    uptime: history.uptime,
    outages,
    async outage(id: string): Promise<Outage | undefined> {
      let page = await outages(PAGE)
      for (;;) {
        const found = page.find((outage) => outage.id === id)
        const last = page.at(-1)
        if (found !== undefined || last === undefined || page.length < PAGE) return found
        page = await outages(PAGE, last.id)
      }
    },
    windows: windows.list,
    addWindow: (window: Omit<MaintenanceWindow, 'id'>): Promise<MaintenanceWindow | 'past'> =>
      windows.add(window),
    removeWindow: (id: string): ReturnType<typeof windows.remove> => windows.remove(id),
  }
}

export type Prober = Awaited<ReturnType<typeof createProber>>

function upValue(state: ServiceStatus['state']): number {
  switch (state) {
    case 'up':
    case 'degraded':
      return 1
    case 'down':
      return 0
    case 'unknown':
    case 'maintenance':
      return Number.NaN
  }
}
