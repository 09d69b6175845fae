import type { Metric } from '../../metrics.ts'
import type { Labels } from '../../ports.ts'

const MAX_SERIES = 100
/** As long as the names of clients may be: two that are cut to the same would overwrite each other. */
const LONGEST_VALUE = 200

export type Fitted =
  | { readonly kind: 'fits'; readonly labels: Labels }
  /** There is no room for another combination: every label says `other`. */
  | { readonly kind: 'folded'; readonly labels: Labels }
  | { readonly kind: 'wrong'; readonly reason: string }

export type SeriesBound = {
  fit(labels: Labels): Fitted
  /** Makes room again; the combination as it was held, if it was. */
  forget(labels: Labels): Labels | undefined
  /** The same for all combinations with that value. */
  forgetAll(label: string, value: string): readonly Labels[]
}

/** Keeps the number of label combinations of a metric and the length of their values in bounds. */
export function boundLabels(metric: Metric): SeriesBound {
  const names = metric.kind === 'distribution' ? ['le'] : metric.labels
  const limit = metric.maxSeries ?? metric.values?.length ?? MAX_SERIES
  const known = new Map<string, Labels>()
  const other: Labels = Object.fromEntries(names.map((name) => [name, 'other']))

  return {
    fit(labels) {
      const wrong = wrongNames(names, labels, metric.kind === 'distribution')
      if (wrong !== null) return { kind: 'wrong', reason: wrong }
      const key = keyOf(names, labels)
      const held = known.get(key)
      if (held !== undefined) return { kind: 'fits', labels: held }
      if (known.size >= limit) return { kind: 'folded', labels: other }
      const bounded = Object.fromEntries(
        Object.entries(labels).map(([name, value]) => [name, value.slice(0, LONGEST_VALUE)]),
      )
      known.set(key, bounded)
      return { kind: 'fits', labels: bounded }
    },
    forget(labels) {
      const key = keyOf(names, labels)
      const held = known.get(key)
      known.delete(key)
      return held
    },
    forgetAll(label, value) {
      const found = [...known].filter(([, held]) => held[label] === value.slice(0, LONGEST_VALUE))
      for (const [key] of found) known.delete(key)
      return found.map(([, held]) => held)
    },
  }
}

function wrongNames(names: readonly string[], labels: Labels, mayBeBare: boolean): string | null {
  const given = Object.keys(labels)
  if (mayBeBare && given.length === 0) return null
  if (given.length === names.length && names.every((name) => typeof labels[name] === 'string')) return null
  return `labels must be ${names.join(', ') || 'absent'}`
}

function keyOf(names: readonly string[], labels: Labels): string {
  return names.map((name) => (labels[name] ?? '').slice(0, LONGEST_VALUE)).join('\n')
}
