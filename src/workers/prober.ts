import type { Actor } from '../core/audit.ts'
import type { OutagePolicy } from '../core/outage/clock-state.ts'
import { deadlineAt } from '../core/outage/deadline.ts'
import type { OutageAction } from '../core/outage/handling.ts'
import type { Span } from '../core/outage/planned-work.ts'
import { type Proven, proven } from '../core/outage/proven.ts'
import type { DataPlane } from '../core/outage/service-blindness.ts'
import { serviceStatus } from '../core/outage/service-status.ts'
import type { ServiceStatus } from '../core/outage/status.ts'
import { type ClockStep, judgeRound, type Round } from '../core/outage/verdict.ts'
import { SECOND } from '../core/time.ts'
import type { Clock, Log, Metrics, OutageStore, Stop } from '../ports.ts'
import type { HoldClaims } from './claim-hold.ts'
import { createClockWatch } from './clock-watch.ts'
import { createBlindnessWatch } from './prober-blindness.ts'
import type { LetterPlanner } from './prober-commits.ts'
import { createProberGauges } from './prober-gauges.ts'
import { type ActionResult, createLedger } from './prober-ledger.ts'
import { createOutageList } from './prober-outages.ts'
import { restoreLedger } from './prober-restore.ts'
import { createRounds, type Measurement, type RoundsDeps, type RoundsOptions } from './prober-rounds.ts'
import { createSchedule } from './prober-schedule.ts'
import { createTurns } from './prober-turns.ts'
import type { ServiceSeconds } from './service-seconds.ts'
import { withinLimit } from './time-limit.ts'

export type ProberDeps = RoundsDeps & {
  readonly clock: Clock
  readonly store: OutageStore
  readonly letters: LetterPlanner
  readonly holdClaims: HoldClaims
  /** Called when letters were stored. */
  readonly lettersStored: () => void
  /** Planned work, through `mergeWindows`. */
  readonly windows: () => readonly Span[]
  readonly log: Log
  readonly metrics: Metrics
  /** The one of the process. */
  readonly seconds: ServiceSeconds
}

export type ProberOptions = RoundsOptions & {
  readonly policy: OutagePolicy
  /** Longest time between two letters of an outage. */
  readonly updateEveryMs: number
  /** Components that watch whether new data keeps coming. */
  readonly dataPlanes?: readonly DataPlane[]
}

/** A round that is still running at the stop gets so long; then it is dropped. */
const STOP_WITHIN_MS = 3 * SECOND
const TICK_MS = SECOND
/** A tick may be this late before it counts as a stand-still, which makes the round's verdict UNKNOWN. */
const LATEST_LOOK_MS = 2 * SECOND

/**
 * Watches the service: probes it, keeps the outage clock and commits outages with their letters. Rebuilds the
 * clock from the stored rows first; rejects with StoreError when they cannot be read.
 */
export async function createProber(deps: ProberDeps, options: ProberOptions) {
  const { clock, store, log } = deps
  const { policy, intervalMs, timeoutMs } = options
  const largestGapMs = 2 * intervalMs + timeoutMs
  const stored = await store.load()
  const restored = await restoreLedger(store, stored, deps.windows(), clock.now(), options)
  const ledger = createLedger(deps, options, restored)
  const list = await createOutageList(store, ledger, clock.now())
  const blindness = createBlindnessWatch(ledger, options.dataPlanes ?? [])
  const pauses = (): readonly Span[] => (policy.maintenancePauses ? deps.windows() : [])
  const gauges = createProberGauges(deps, { ...options, largestGapMs, noticeAfterMs: policy.noticeAfterMs })
  const rounds = createRounds(deps, options)
  const schedule = createSchedule(clock, intervalMs, issue)
  const turns = createTurns({ log, after: armDeadline })
  const watch = createClockWatch(clock, LATEST_LOOK_MS)
  let stops: readonly Stop[] = []
  let stalledUntilMs = Number.NEGATIVE_INFINITY

  function issue(lateMs: number): Promise<void> {
    gauges.began(lateMs)
    look()
    const startedMs = clock.monotonic()
    const measured = rounds.measure(clock.now())
    return turns.inOrder(measured, (measurement) => {
      look()
      const stalled = stalledUntilMs > startedMs ? ['this process stalled'] : []
      return settle({ ...measurement, faults: [...measurement.faults, ...stalled] })
    })
  }

  async function settle({ at, completedAt, components, controls, faults }: Measurement): Promise<void> {
    const failed = ledger.clock().open?.outage.failed ?? []
    const judgement = judgeRound(components, controls, faults, failed)
    const round: Round = { kind: 'round', at, completedAt, intervalMs, timeoutMs, ...judgement, components }
    if (!(await ledger.record(round))) return
    gauges.settled(round.verdict)
    blindness.note(round)
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
    void turns.inOrder(Promise.resolve(step), ledger.record)
  }

  function armDeadline(): void {
    schedule.armDeadline(deadlineAt(ledger.clock(), deps.windows(), policy))
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
    gauges.show(status())
    countSeconds()
  }

  function countSeconds(): void {
    deps.seconds.count(ledger.clock(), pauses(), largestGapMs)
  }

  return {
    start(): void {
      deps.seconds.follow(ledger.clock(), restored.lastRowAt, pauses(), largestGapMs)
      void turns.attempt(ledger.save)
      tick()
      // Letters wait for the store, and the clocks are looked at meanwhile.
      stops = [
        clock.every(TICK_MS, tick),
        clock.every(TICK_MS, () => (ledger.updateDue() ? turns.attempt(ledger.update) : undefined)),
      ]
      schedule.start()
    },
    /** Waits a few seconds for a running round; one that takes longer is dropped. */
    async stop(): Promise<void> {
      schedule.stop()
      for (const stop of stops) stop()
      await withinLimit(clock, STOP_WITHIN_MS, turns.idle(), undefined)
      turns.stop()
      countSeconds()
      gauges.stop()
    },
    /** Empty: able to store what it sees. */
    troubles: ledger.troubles,
    status,
    outages: list.page,
    outage: list.find,
    isCancelled: list.isCancelled,
    isOver: list.isOver,
    blindness: blindness.now,
    /** What is proven about the outage that has not ended; undefined when that is another one. */
    proven: (id: string): Proven | undefined =>
      ledger.clock().open?.outage.id === id ? proven(ledger.clock(), clock.now()) : undefined,
    /** Planned work has changed. */
    windowsChanged: armDeadline,
    /**
     * Resolves when the action and its audit entry are stored, and does not wait for a running round. Rejects with
     * StoreError when they cannot be, and then nothing happened.
     */
    async act(
      id: string,
      action: OutageAction,
      actor: Actor,
    ): Promise<ActionResult | { readonly kind: 'missing' }> {
      look()
      const result = await turns.next(() => ledger.act(id, action, actor))
      if (result !== undefined) {
        if (result.kind === 'done') list.note(result.outage)
        return result
      }
      const outage = await list.find(id)
      return outage === undefined ? { kind: 'missing' } : { kind: 'refused', reason: 'closed' }
    },
  }
}

export type Prober = Awaited<ReturnType<typeof createProber>>
