import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DataPlane, lookAtData, UNSEEN } from '../../../src/core/online/data-plane.ts'

const MINUTE = 60_000
const LIMIT = 30 * MINUTE
const NOW = 1_767_225_600_000

/** `times`: of terminals 0, 1, ... */
function look(before: DataPlane, times: readonly (number | null)[], now: number, monotonicMs: number = now) {
  const rows = times.map((lastDataAt, number) => ({ terminalId: `${number}`, uuid: null, lastDataAt }))
  return lookAtData(before, rows, { now, monotonicMs }, LIMIT)
}

test.each([
  ['exactly as old as the limit', [NOW - LIMIT], 'flowing'],
  ['older than the limit', [NOW - LIMIT - 1], 'stalled'],
  ['one old and one new terminal', [NOW - LIMIT - 1, NOW], 'flowing'],
  ['a time in the future among old ones', [NOW + 1, NOW - LIMIT - 1, null], 'stalled'],
  ['times in the future for the most part', [NOW + 1, NOW + 2, NOW - LIMIT - 1], 'own-clock'],
  ['no time at all', [null, null], 'stalled'],
] as const)('a first look: %s', (_, times, kind) => {
  expect(look(UNSEEN, times, NOW).state.kind).toBe(kind)
})

test('data that advances is flowing although the clock of this machine is far ahead', () => {
  const ahead = NOW + 5 * 60 * MINUTE
  const first = look(UNSEEN, [NOW], ahead, 0)
  expect(first.state.kind).toBe('stalled')
  const second = look(first.plane, [NOW + MINUTE], ahead + MINUTE, MINUTE)
  expect(second.state.kind).toBe('flowing')
  expect(look(second.plane, [NOW + MINUTE], ahead + MINUTE + LIMIT, MINUTE + LIMIT).state.kind).toBe(
    'flowing',
  )
  expect(look(second.plane, [NOW + MINUTE], ahead + MINUTE + LIMIT + 1, MINUTE + LIMIT + 1).state.kind).toBe(
    'stalled',
  )
})

test('a newest time that was taken while the clock was ahead is forgotten when it is set right', () => {
  const wrong = look(UNSEEN, [NOW + 60 * MINUTE], NOW + 61 * MINUTE)
  expect(wrong.plane.newestAt).toBe(NOW + 60 * MINUTE)
  const right = look(wrong.plane, [NOW - 10 * MINUTE, NOW - 50 * MINUTE], NOW)
  expect(right.plane.newestAt).toBe(NOW - 10 * MINUTE)
})

test('while nothing is sent a stall never ends, whatever the clocks of the terminals say', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -3 * LIMIT, max: 10 * LIMIT }), { minLength: 1, maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: LIMIT }), { minLength: 1, maxLength: 20 }),
      (offsets, gaps) => {
        // Enough terminals with a good clock, so that ours is never the suspect.
        const times = [...offsets.map((offset) => NOW + offset), ...offsets.map(() => NOW - 1), NOW - 1]
        let now = NOW
        let { plane, state } = look(UNSEEN, times, now)
        let wasStalled = false
        for (const gap of gaps) {
          now += gap
          ;({ plane, state } = look(plane, times, now))
          if (wasStalled) expect(state.kind).toBe('stalled')
          wasStalled = state.kind === 'stalled'
        }
      },
    ),
    { endOnFailure: true },
  )
})

test('what is remembered of clocks that are ahead is no more than the terminals of the last look', () => {
  const first = look(UNSEEN, [NOW + 1, NOW - 1, NOW - 1], NOW)
  expect([...first.plane.ahead]).toEqual([['0', NOW + 1]])
  const second = look(first.plane, [NOW + MINUTE], NOW + 2 * MINUTE)
  expect(second.plane.ahead.size).toBe(0)
  expect(second.plane.newestAt).toBe(NOW + MINUTE)
})
