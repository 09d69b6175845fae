import type { ObservationKind, RejectReason } from '../core/telemetry/observation.ts'
import { MINUTE } from '../core/time.ts'
import type { Clock, Log, Metrics } from '../ports.ts'

export type TallyDeps = {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly log: Log
  readonly metrics: Metrics
}

/** Characters of a rejected input that are logged. */
const SAMPLE = 200

type Rejection = { count: number; loggedMs: number; unlogged: number }

/** Counters of the message path: plain numbers there, which `report` turns into metrics; one log line a minute. */
export function createTally(deps: TallyDeps) {
  const counts = new Map<string, Map<ObservationKind | 'clock-ahead' | 'clock-lost', number>>()
  const rejections = new Map<string, Map<string, Rejection>>()

  function count(source: string, kind: ObservationKind | 'clock-ahead' | 'clock-lost'): void {
    let perKind = counts.get(source)
    if (!perKind) {
      perKind = new Map()
      counts.set(source, perKind)
    }
    perKind.set(kind, (perKind.get(kind) ?? 0) + 1)
  }

  function reject(source: string, reason: RejectReason | 'dropped', sample: string): void {
    const perReason = rejections.get(source) ?? new Map<string, Rejection>()
    rejections.set(source, perReason)
    const rejection = perReason.get(reason) ?? { count: 0, loggedMs: -Infinity, unlogged: 0 }
    perReason.set(reason, rejection)
    rejection.count++
    rejection.unlogged++
    const nowMs = deps.clock.monotonic()
    if (nowMs - rejection.loggedMs < MINUTE) return
    deps.log.warn('message rejected', {
      source,
      reason,
      times: rejection.unlogged,
      sample: sample.slice(0, SAMPLE),
    })
    rejection.loggedMs = nowMs
    rejection.unlogged = 0
  }

  /** `sources`: those that are open. */
  function report(sources: Iterable<string>): void {
    // For Prometheus what first exists with its first growth has not grown.
    for (const source of sources) {
      deps.metrics.add('watch_messages_rejected_total', { source, reason: 'dropped' }, 0)
    }
    for (const [source, perKind] of counts) {
      for (const [kind, n] of perKind) {
        if (kind === 'clock-ahead' || kind === 'clock-lost') {
          deps.metrics.add('watch_clock_faults_total', { source, fault: kind }, n)
        } else deps.metrics.add('watch_messages_total', { source, kind }, n)
      }
      perKind.clear()
    }
    for (const [source, perReason] of rejections) {
      for (const [reason, rejection] of perReason) {
        if (rejection.count === 0) continue
        deps.metrics.add('watch_messages_rejected_total', { source, reason }, rejection.count)
        rejection.count = 0
      }
    }
  }

  return { count, fault: count, reject, report }
}
