import type { ComponentStatus, ServiceStatus } from '../core/outage/status.ts'
import type { Verdict } from '../core/outage/verdict.ts'
import { SECOND } from '../core/time.ts'
import type { Clock, Metrics } from '../ports.ts'
import type { ProbedComponent } from './prober-rounds.ts'

export type ProberGaugesOptions = {
  readonly components: readonly ProbedComponent[]
  /** `noticeAfter`, ms. */
  readonly noticeAfterMs: number
  /** `g`, ms (spec/outage-clock.md 2): a verdict that is older is no news. */
  readonly largestGapMs: number
}

/** Gauges of the watch over the service: what it knows, and whether it keeps its pace. */
export function createProberGauges(
  { clock, metrics }: { readonly clock: Pick<Clock, 'monotonic'>; readonly metrics: Metrics },
  { components, noticeAfterMs, largestGapMs }: ProberGaugesOptions,
) {
  /** Without one that counts every verdict is unknown, and nobody has asked for another one. */
  const counts = components.some((component) => component.counts === 'outage')
  let settledMs = clock.monotonic()

  return {
    /** A round begins so many ms after its time. */
    began(lateMs: number): void {
      metrics.observe('watch_probe_late_seconds', Math.max(0, lateMs) / SECOND)
    },
    /** A round is judged and stored. */
    settled(verdict: Verdict): void {
      settledMs = clock.monotonic()
      metrics.add('watch_probe_verdicts_total', { verdict })
      metrics.set('watch_prober_blind', counts && verdict === 'unknown' ? 1 : 0)
    },
    show({ state, outage, components: readings }: ServiceStatus): void {
      const overdueMs = clock.monotonic() - settledMs - largestGapMs
      metrics.set('watch_probe_overdue_seconds', Math.max(0, overdueMs) / SECOND)
      metrics.set('watch_service_up', upValue(state))
      metrics.set('watch_outage_down_seconds', (outage?.downMs ?? 0) / SECOND)
      metrics.set(
        'watch_outage_started_timestamp_seconds',
        outage === undefined ? Number.NaN : outage.start / SECOND,
      )
      metrics.set('watch_outage_notice_after_seconds', noticeAfterMs / SECOND)
      for (const { id, state: one } of readings) {
        metrics.set('watch_component_up', componentValue(one), { component: id })
      }
    },
    /** Components that are configured no more must not look up for ever. */
    stop(): void {
      for (const { id } of components) metrics.set('watch_component_up', Number.NaN, { component: id })
    },
  }
}

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

function componentValue(state: ComponentStatus['state']): number {
  switch (state) {
    case 'up':
    case 'degraded':
      return 1
    case 'down':
      return 0
    case 'unknown':
    case 'not-watched':
      return Number.NaN
  }
}
