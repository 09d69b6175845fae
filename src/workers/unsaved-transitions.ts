import type { Fleet } from '../core/fleet/fleet.ts'
import type { Transition } from '../core/freshness/state.ts'
import type { Log, Metrics } from '../ports.ts'
import { boundTransitions } from './unsaved.ts'

export type UnsavedDeps = { readonly fleet: Fleet; readonly log: Log; readonly metrics: Metrics }

/** Changes of state that wait for the store; they must not grow for as long as it takes nothing. */
export function createUnsavedTransitions({ fleet, log, metrics }: UnsavedDeps) {
  let waiting: Transition[] = []
  /** With the store, which has not answered yet. */
  let offered = 0
  /** Forgotten since the start: what was not stored and never will be. */
  const lost = { changes: 0, alerts: 0 }

  function keep(transitions: readonly Transition[]): void {
    for (const transition of transitions) waiting.push(transition)
    const { kept, forgotten, alerts } = boundTransitions(waiting, fleet.inventory.length)
    waiting = kept
    if (forgotten === 0) return
    lost.changes += forgotten
    lost.alerts += alerts
    metrics.add('watch_transitions_lost_total', {}, forgotten)
    log.error('changes of state are forgotten: the store has taken none for too long', { forgotten, alerts })
  }

  return {
    keep,
    count: (): number => waiting.length,
    /** Those that wait and those that the store has not taken yet. */
    unstored: (): number => waiting.length + offered,
    take(): readonly Transition[] {
      const taken = waiting
      waiting = []
      offered = taken.length
      return taken
    },
    /** What was taken is stored. */
    stored(): void {
      offered = 0
    },
    /** They were not stored, and are older than those that came since. */
    giveBack(transitions: readonly Transition[]): void {
      offered = 0
      const later = waiting
      waiting = [...transitions]
      keep(later)
    },
    /** The store moves what it has of a merged terminal; what still waits here becomes the other one's as well. */
    fileUnderSurvivors(): void {
      const moved = new Map(fleet.mergers.map(({ from, into }) => [from, into]))
      if (moved.size === 0 || waiting.length === 0) return
      waiting = waiting.map((transition) => {
        let terminalId = transition.terminalId
        for (let hops = 0; hops < moved.size && moved.has(terminalId); hops++) {
          terminalId = moved.get(terminalId) ?? terminalId
        }
        return terminalId === transition.terminalId ? transition : { ...transition, terminalId }
      })
    },
    troubles(): readonly string[] {
      const { changes, alerts } = lost
      return changes === 0
        ? []
        : [`store: ${changes} changes of state are forgotten, ${alerts} of them alerts`]
    },
  }
}
