import type { Config } from '../config/schema.ts'
import { accountOf, type ComponentConfig } from '../config/service-schema.ts'
import type { DataPlane } from '../core/outage/service-blindness.ts'
import type { ProberOptions } from '../workers/prober.ts'
import type { ProbedComponent } from '../workers/prober-rounds.ts'

/** What the prober does under this configuration. */
export function proberOptions({ service, letters }: Config): ProberOptions {
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
    dataPlanes: dataPlanesOf(service),
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

function dataPlanesOf(service: Config['service']): DataPlane[] {
  return service.components.flatMap((component) => {
    if (component.kind !== 'omnicomm-dataplane') return []
    const { id, stalledAfter: stalledAfterMs } = component
    return [{ id, account: accountOf(component, service), stalledAfterMs }]
  })
}
