import type { Transition } from '../../src/core/freshness/state.ts'
import type { Instant } from '../../src/core/time.ts'
import type { Character } from './cast.ts'
import type { Due, Truth } from './truth.ts'

/** What is wrong with the flags of a run. */
export type Faults = {
  /** Silences that were never flagged. */
  readonly missing: readonly Due[]
  /** How far from the instant at which it was due each of the others was flagged, ms. */
  readonly offMs: readonly number[]
  /** Flags of silences that were none, by terminal and last contact. */
  readonly invented: readonly string[]
}

/** Collects when silences are flagged as the program's changes of state tell it, to hold them against the truth. */
export function createFlags(cast: readonly Character[]) {
  const numbers = new Map(cast.map(({ id, number }) => [id, number]))
  const raised = new Map<string, Instant>()
  return {
    note({ terminalId, at, from, to, contactAt }: Transition): void {
      const isFlag = (to === 'stale' || to === 'lost') && from !== 'stale' && from !== 'lost'
      if (isFlag) raised.set(`${numbers.get(terminalId)}@${contactAt}`, at)
    },
    count: () => raised.size,
    against({ due, open }: Truth): Faults {
      const flaggedAt = ({ terminal, contactAt }: Due) => raised.get(`${terminal}@${contactAt}`)
      const known = new Set(due.map(({ terminal, contactAt }) => `${terminal}@${contactAt}`))
      return {
        missing: due.filter((one) => flaggedAt(one) === undefined),
        offMs: due.flatMap((one) => {
          const at = flaggedAt(one)
          return at === undefined ? [] : [Math.abs(at - one.dueAt)]
        }),
        invented: [...raised.keys()].filter((key) => !known.has(key) && !open.has(key)),
      }
    },
  }
}
