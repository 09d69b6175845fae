import type { Transition } from '../../src/core/freshness/state.ts'
import { censusPoints } from '../../src/core/history/census.ts'
import { letterPoint } from '../../src/core/history/letter.ts'
import { createNanoPlaces } from '../../src/core/history/nanos.ts'
import { outagePoints } from '../../src/core/history/outage.ts'
import type { HistoryPoint } from '../../src/core/history/point.ts'
import { roundPoints } from '../../src/core/history/round.ts'
import { transitionPoint } from '../../src/core/history/transition.ts'
import type { LetterKind } from '../../src/core/letters/letter.ts'
import { MINUTE, SECOND } from '../../src/core/time.ts'
import { exampleLetter } from '../support/letters.ts'
import { stateCounts } from '../support/state-counts.ts'
import { outage, round, settlement, T0, transition } from '../support/store-rows.ts'

/**
 * Points as the service makes them, within two hours from T0: two outages, letters that left and one that did not, a
 * round that failed, terminals that fell silent, and a census.
 */
export function historyExample(): readonly HistoryPoint[] {
  return [
    ...outageOf('a', T0, 65 * MINUTE),
    ...outageOf('b', T0 + 75 * MINUTE, 10 * MINUTE),
    letterOf('initial', 'sent', 7 * SECOND),
    letterOf('update', 'sent', 2 * SECOND),
    letterOf('initial', 'retry', 3 * SECOND),
    ...failedRound(),
    ...silent({ terminalId: '1', cause: 'coverage' }),
    ...silent({ terminalId: '2', cause: 'sim' }),
    ...silent({ terminalId: '3', cause: 'sim', to: 'lost' }),
    ...silent({ terminalId: '3', from: 'lost', to: 'fresh' }),
    ...census(),
  ]
}

/** Certainly down all the time, possibly one minute longer. */
function outageOf(id: string, start: number, downMs: number): readonly HistoryPoint[] {
  const end = start + downMs
  return outagePoints(undefined, outage(id, start, { end, downMs, possibleMs: downMs + MINUTE }))
}

function letterOf(kind: LetterKind, state: 'sent' | 'retry', lateMs: number): HistoryPoint {
  const attempt = { at: T0 + lateMs, result: state, reply: '' }
  const letter = exampleLetter({ kind, subject: 'a', dueAt: T0, attempts: [] })
  return letterPoint(letter, settlement(state, { attempt }))
}

function failedRound(): readonly HistoryPoint[] {
  const result = { kind: 'failed', phase: 'http', latencyMs: 8, evidence: 'status 502' } as const
  const web = { id: 'web', kind: 'http', counts: 'outage', checkedAt: T0, result } as const
  return roundPoints(round(T0, { verdict: 'fail', components: [web] }))
}

function silent(change: Partial<Transition>): readonly HistoryPoint[] {
  const point = transitionPoint(transition(change), createNanoPlaces())
  return point === null ? [] : [point]
}

function census(): readonly HistoryPoint[] {
  const states = stateCounts({ stale: 2, lost: 3 })
  const steps = censusPoints([{ client: 'Ромашка', total: 5, contactAt: null, states }], new Map(), T0)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value.points
  }
}
