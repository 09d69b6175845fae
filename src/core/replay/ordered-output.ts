import type { Incident } from '../freshness/mass/incident.ts'
import type { Transition } from '../freshness/state.ts'
import { type Instant, toIso } from '../time.ts'

/** What a replay finds: changes of state, and mass incidents that open and close. */
export type Finding =
  | { readonly kind: 'transition'; readonly at: Instant; readonly transition: Transition }
  | {
      readonly kind: 'incident'
      readonly at: Instant
      readonly action: 'open' | 'close'
      readonly incident: Incident
    }

/** Puts findings into the order of `at`, then terminal, incidents last, then that in which they happened. */
export function createOrdering(emit: (finding: Finding) => void) {
  let waiting: Finding[] = []

  return {
    add: (finding: Finding): void => void waiting.push(finding),
    isEmpty: (): boolean => waiting.length === 0,
    /** Nothing is found any more that is dated before `until`; Infinity: nothing at all. */
    settle(until: Instant): void {
      if (waiting.length === 0) return
      const due = waiting.filter(({ at }) => at < until)
      waiting = waiting.filter(({ at }) => at >= until)
      for (const finding of due.sort(inOrder)) emit(finding)
    },
  }
}

function inOrder(a: Finding, b: Finding): number {
  if (a.at !== b.at) return a.at - b.at
  if (a.kind === 'transition' && b.kind === 'transition') {
    const [left, right] = [a.transition.terminalId, b.transition.terminalId]
    return left < right ? -1 : left > right ? 1 : 0
  }
  return Number(a.kind === 'incident') - Number(b.kind === 'incident')
}

/** A finding as `replay fleet` prints it (spec/contract.md). */
export function findingLine(finding: Finding): string {
  const at = toIso(finding.at)
  if (finding.kind === 'transition') {
    const { terminalId, from, to, cause } = finding.transition
    return `${JSON.stringify({ at, terminalId, from, to, ...(cause === undefined ? {} : { cause }) })}\n`
  }
  const { dimension, group, also, expected, silent } = finding.incident
  return `${JSON.stringify({ at, incident: { dimension, group, action: finding.action, also, expected, silent } })}\n`
}
