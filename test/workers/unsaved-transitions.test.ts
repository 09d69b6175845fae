import { describe, expect, test } from 'vitest'
import type { Transition } from '../../src/core/freshness/state.ts'
import { MOST_CHANGES } from '../../src/workers/unsaved.ts'
import { createUnsavedTransitions } from '../../src/workers/unsaved-transitions.ts'
import { createScenario } from '../support/fleet-scenario.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'

/** What is left after one too many: a tenth of the bound is forgotten at once. */
const LEFT = MOST_CHANGES * 0.9

/** Of a fleet without terminals, so that the bound is the least there is. */
function setUp() {
  const log = createRecordingLog()
  const metrics = createRecordingMetrics()
  const unsaved = createUnsavedTransitions({ fleet: createScenario().fleet, log, metrics })
  const lost = () => metrics.value('watch_transitions_lost_total')
  return { unsaved, log, lost }
}

/** So many changes, a millisecond after another. */
function changes(from: number, count: number, alertId?: string): Transition[] {
  const plain = { terminalId: '1', from: 'fresh', to: 'stale', contactAt: 1, source: 'gate' } as const
  const alert = alertId === undefined ? {} : { alertId }
  return Array.from({ length: count }, (_, n) => ({ ...plain, ...alert, at: from + n }))
}

/** Whether these are all the changes from an instant on, in their order. */
function followFrom(from: number, taken: readonly Transition[]): boolean {
  return taken.every(({ at }, n) => at === from + n)
}

describe('changes of state that wait for the store', () => {
  test('are given to it once, and are unstored until it has taken them', () => {
    const { unsaved } = setUp()
    unsaved.keep(changes(0, 3))
    expect([unsaved.count(), unsaved.unstored()]).toEqual([3, 3])
    expect(unsaved.take().map(({ at }) => at)).toEqual([0, 1, 2])
    expect([unsaved.count(), unsaved.unstored()]).toEqual([0, 3])
    unsaved.keep(changes(3, 2))
    expect([unsaved.count(), unsaved.unstored()]).toEqual([2, 5])
    unsaved.stored()
    expect([unsaved.count(), unsaved.unstored()]).toEqual([2, 2])
  })

  test('come before those that happened meanwhile when they were not stored', () => {
    const { unsaved, log, lost } = setUp()
    unsaved.keep(changes(0, 3))
    const taken = unsaved.take()
    unsaved.keep(changes(3, 2))
    unsaved.giveBack(taken)
    expect([unsaved.count(), unsaved.unstored()]).toEqual([5, 5])
    expect(unsaved.take().map(({ at }) => at)).toEqual([0, 1, 2, 3, 4])
    expect(lost()).toBeUndefined()
    expect(log.lines).toEqual([])
    expect(unsaved.troubles()).toEqual([])
  })

  test('are forgotten beyond the bound, the oldest first, which is counted, said and a trouble', () => {
    const { unsaved, log, lost } = setUp()
    unsaved.keep(changes(0, MOST_CHANGES))
    expect([unsaved.count(), lost(), log.lines.length]).toEqual([MOST_CHANGES, undefined, 0])
    unsaved.keep(changes(MOST_CHANGES, 1))
    const forgotten = MOST_CHANGES + 1 - LEFT
    expect([unsaved.count(), lost()]).toEqual([LEFT, forgotten])
    expect(log.lines).toEqual([
      {
        level: 'error',
        message: 'changes of state are forgotten: the store has taken none for too long',
        fields: { forgotten, alerts: 0 },
      },
    ])
    expect(unsaved.troubles()).toEqual([
      `store: ${forgotten} changes of state are forgotten, 0 of them alerts`,
    ])
    expect(followFrom(forgotten, unsaved.take())).toBe(true)
  })

  test('are bounded with those that are given back, and what is forgotten adds up', () => {
    const { unsaved, log, lost } = setUp()
    unsaved.keep(changes(0, MOST_CHANGES, 'a'))
    const taken = unsaved.take()
    unsaved.keep(changes(MOST_CHANGES, 10, 'a'))
    unsaved.giveBack(taken)
    const first = MOST_CHANGES + 10 - LEFT
    expect([unsaved.count(), unsaved.unstored(), lost()]).toEqual([LEFT, LEFT, first])
    const again = unsaved.take()
    expect(followFrom(first, again)).toBe(true)
    const more = MOST_CHANGES - LEFT + 1
    unsaved.keep(changes(first + LEFT, more, 'a'))
    unsaved.giveBack(again)
    expect([unsaved.count(), unsaved.unstored(), lost()]).toEqual([LEFT, LEFT, first + more])
    expect(log.lines.map(({ fields }) => fields)).toEqual([
      { forgotten: first, alerts: first },
      { forgotten: more, alerts: more },
    ])
    expect(unsaved.troubles()).toEqual([
      `store: ${first + more} changes of state are forgotten, ${first + more} of them alerts`,
    ])
    expect(followFrom(first + more, unsaved.take())).toBe(true)
  })
})
