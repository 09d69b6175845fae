import type { Fleet } from '../core/fleet/fleet.ts'
import { heldAlerts } from '../core/freshness/alert.ts'
import type { Transition } from '../core/freshness/state.ts'
import { beginSweep, sweepRows } from '../core/freshness/sweep.ts'
import { type Instant, SECOND } from '../core/time.ts'
import type { Clock, Log, Metrics } from '../ports.ts'
import { createFleetMetrics } from './fleet-metrics.ts'
import { inSlices } from './slices.ts'

export type JudgeDeps = {
  readonly clock: Clock
  readonly fleet: Fleet
  readonly log: Log
  readonly metrics: Metrics
  /** Called before each judgement: makes known what the clocks say of the time since the last one. */
  readonly look: () => void
  /** Gets changes of state in the same turn of the event loop in which the table got them. */
  readonly changed: (transitions: readonly Transition[]) => void
}

const REPORT_EVERY = 5 * SECOND
/** Rows that are judged in one step: much less than a slice takes, also when all of them change. */
const STEP = 256
/** Terminals named in one log line. */
const NAMED = 5

/**
 * Judges the whole fleet as of one moment, a large one over several turns of the event loop. What changes meanwhile is
 * judged as it is when its row comes up, as if it had changed before; rows that come up meanwhile wait for the next
 * judgement. What the clocks tell counts between judgements only, so that one is never dated by two times.
 */
export function createJudge({ clock, fleet, log, metrics, look, changed }: JudgeDeps) {
  const reportFleet = createFleetMetrics(metrics, clock)
  let previousSweep: Instant = clock.now()
  let reportedAt = -Infinity
  let underWay: Promise<void> | null = null

  async function judgeAll(): Promise<void> {
    look()
    const now = clock.now()
    const since = Math.min(previousSweep, now)
    previousSweep = now
    const alerted: Transition[] = []
    let spentMs = 0
    await inSlices(
      judging(now, since, (find) => {
        const begunMs = clock.monotonic()
        const transitions = find()
        if (transitions.length > 0) changed(transitions)
        for (const transition of transitions) if (transition.alertId) alerted.push(transition)
        spentMs += clock.monotonic() - begunMs
      }),
      { clock },
    )
    metrics.observe('watch_sweep_duration_seconds', spentMs / SECOND)
    logAlerts(alerted)
    if (clock.monotonic() - reportedAt < REPORT_EVERY) return
    reportedAt = clock.monotonic()
    await reportFleet(fleet, now)
  }

  function* judging(
    now: Instant,
    since: Instant,
    take: (find: () => readonly Transition[]) => void,
  ): Generator<number, void> {
    const pass = beginSweep(fleet, now)
    const rows = fleet.inventory.length
    for (let from = 0; from < rows; from += STEP) {
      take(() => {
        const transitions: Transition[] = []
        sweepRows(fleet, pass, since, from, Math.min(from + STEP, rows), transitions)
        return transitions
      })
      yield from
    }
    const untold = [...fleet.untold]
    for (let from = 0; from < untold.length; from += STEP) {
      take(() => heldAlerts(fleet, untold.slice(from, from + STEP), since, now))
      yield from
    }
  }

  function logAlerts(alerted: readonly Transition[]): void {
    if (alerted.length === 0) return
    const terminals = alerted.slice(0, NAMED).map((transition) => transition.terminalId)
    log.info('terminals fell silent', { count: alerted.length, terminals })
  }

  return {
    /** Null: no judgement is under way. Otherwise it resolves with its end, and never rejects. */
    underWay: () => underWay,
    /** Begins when those before are over; what a small fleet needs is done in the turn of the call. */
    async judge(): Promise<void> {
      while (underWay !== null) await underWay
      const judged = judgeAll()
      const end = (): void => {
        underWay = null
      }
      underWay = judged.then(end, end)
      await judged
    },
  }
}
