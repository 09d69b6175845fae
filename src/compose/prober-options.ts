import type { Config } from '../config/schema.ts'
import type { ComponentConfig } from '../config/service-schema.ts'
import type { ProberOptions } from '../workers/prober.ts'
import type { ProbedComponent } from '../workers/prober-rounds.ts'

/** What the prober does under this configuration. */
export function proberOptions({ service, letters }: Config): ProberOptions {
  const stalledAfterMs = stalledAfter(service.components)
  return {
    components: service.components.map((component) => probedOf(component)),
    intervalMs: service.interval,
    timeoutMs: service.timeout,
    policy: {
      recoveryPeriodMs: service.recoveryPeriod,
      noticeAfterMs: service.noticeAfter,
      warnAfterMs: letters.warnAfter,
      maintenancePauses: service.maintenancePauses,
    },
    updateEveryMs: letters.updateEvery,
    ...(stalledAfterMs === undefined ? {} : { stalledAfterMs }),
  }
}

/** `g` of rounds under this configuration, ms (spec/outage-clock.md 2). */
export function largestGapMs({ service }: Config): number {
  return 2 * service.interval + service.timeout
}

/** Everything that the prober rests on, as one text to compare. */
export function proberFoundation({ service, letters, accounts }: Config): string {
  return JSON.stringify([service, letters.updateEvery, letters.warnAfter, accounts])
}

function probedOf({ id, kind, counts, every }: ComponentConfig): ProbedComponent {
  return { id, kind, counts, ...(every === undefined ? {} : { everyMs: every }) }
}

function stalledAfter(components: readonly ComponentConfig[]): number | undefined {
  return components.find((component) => component.kind === 'omnicomm-dataplane')?.stalledAfter
}
