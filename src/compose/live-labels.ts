import type { Prometheus } from '../adapters/prometheus/registry.ts'
import type { Config } from '../config/schema.ts'

/** Series of sources and components that are configured no more would stay as they were until the restart. */
export function followLabels(metrics: Pick<Prometheus, 'retire' | 'admit'>, first: Config) {
  let used = labelsOf(first)
  return {
    /** Before what is configured anew writes anything. */
    expect(next: Config): void {
      for (const { label, value } of labelsOf(next)) metrics.admit(label, value)
    },
    /** When what is configured no more has ended. */
    settle(next: Config): void {
      const kept = labelsOf(next)
      const isKept = (one: Used): boolean =>
        kept.some(({ label, value }) => label === one.label && value === one.value)
      for (const one of used) if (!isKept(one)) metrics.retire(one.label, one.value)
      used = kept
    },
  }
}

type Used = { readonly label: 'source' | 'component'; readonly value: string }

function labelsOf({ sources, service }: Config): readonly Used[] {
  return [
    ...sources.map(({ id }): Used => ({ label: 'source', value: id })),
    ...service.components.map(({ id }): Used => ({ label: 'component', value: id })),
  ]
}
