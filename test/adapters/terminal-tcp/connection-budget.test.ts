import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type ConnectionBudget,
  createConnectionBudget,
} from '../../../src/adapters/terminal-tcp/connection-budget.ts'

/** A listener of which only the number of connections matters. */
function join(budget: ConnectionBudget, wanted: number) {
  const listener = { taken: 0 }
  const share = budget.join(wanted, () => listener.taken)
  return Object.assign(listener, share)
}

describe('the connections of all listeners', () => {
  test.each([
    [100, [1000], [100]],
    [100, [1000, 1000], [50, 50]],
    [100, [10, 1000], [10, 90]],
    [100, [10, 20], [10, 20]],
    [100, [1000, 1000, 1000], [34, 34, 34]],
    [Number.POSITIVE_INFINITY, [10, 1000], [10, 1000]],
  ])(
    '%d of them are enough: listeners that want %j may have %j while nothing is taken',
    (total, wanted, most) => {
      const budget = createConnectionBudget(total)
      const listeners = wanted.map((one) => join(budget, one))
      expect(listeners.map((listener) => listener.most())).toEqual(most)
    },
  )

  test('are not exceeded by a listener that comes later; it has its part as soon as that is free', () => {
    const budget = createConnectionBudget(100)
    const first = join(budget, 1000)
    first.taken = 80
    const second = join(budget, 1000)
    expect([first.most(), second.most()]).toEqual([50, 20])
    first.taken = 60
    expect(second.most()).toBe(40)
    first.taken = 0
    expect(second.most()).toBe(50)
  })

  test('are free again when a listener has left', () => {
    const budget = createConnectionBudget(100)
    const [first, second] = [join(budget, 1000), join(budget, 1000)]
    first.leave()
    expect(second.most()).toBe(100)
  })

  test('are never more than there are files for, and each listener gets its equal part', () => {
    const step = fc.record({ who: fc.nat(4), what: fc.constantFrom('open', 'open', 'open', 'close', 'join') })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.array(step, { maxLength: 300 }), (total, steps) => {
        const budget = createConnectionBudget(total)
        const listeners = [join(budget, 20)]
        for (const { who, what } of steps) {
          const one = listeners[who % listeners.length]
          if (what === 'join' && listeners.length < 5) listeners.push(join(budget, 10 * listeners.length))
          else if (what === 'open' && one && one.taken < one.most()) one.taken += 1
          else if (what === 'close' && one && one.taken > 0) one.taken -= 1
          expect(listeners.reduce((sum, { taken }) => sum + taken, 0)).toBeLessThanOrEqual(total)
        }
        for (const listener of listeners) listener.taken = 0
        for (const listener of listeners) while (listener.taken < listener.most()) listener.taken += 1
        const part = Math.floor(total / listeners.length)
        for (const [n, { taken }] of listeners.entries()) {
          expect(taken).toBeGreaterThanOrEqual(Math.min(n === 0 ? 20 : 10 * n, part))
        }
      }),
    )
  })
})
