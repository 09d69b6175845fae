import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  coarseStrip,
  type StripInput,
  type StripPart,
  stateStrip,
  stripTotals,
} from '../../../src/core/fleet/state-strip.ts'
import { STATES } from '../../../src/core/freshness/state.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts'

const T0 = 1_000 * DAY
const QUIET: StripInput = {
  from: T0,
  to: T0 + DAY,
  firstSeenAt: T0 - DAY,
  state: 'fresh',
  stateSince: T0 - HOUR,
  transitions: [],
  blind: [],
}

/** `fresh 0-6, lost 6-24`: hours since the beginning. */
function told(parts: readonly StripPart[]): string {
  const hours = (at: number): number => (at - T0) / HOUR
  return parts.map(({ state, from, to }) => `${state} ${hours(from)}-${hours(to)}`).join(', ')
}

const at = (hour: number): number => T0 + hour * HOUR

describe('the strip of states', () => {
  const cases: readonly (readonly [string, Partial<StripInput>, string])[] = [
    ['a terminal that never changed', {}, 'fresh 0-24'],
    [
      'changes, newest first',
      {
        state: 'fresh',
        stateSince: at(9),
        transitions: [
          { at: at(9), from: 'lost', to: 'fresh' },
          { at: at(6), from: 'stale', to: 'lost' },
          { at: at(2), from: 'fresh', to: 'stale' },
        ],
      },
      'fresh 0-2, stale 2-6, lost 6-9, fresh 9-24',
    ],
    [
      'one that was seen first within the window',
      { firstSeenAt: at(20), stateSince: at(20) },
      'absent 0-20, fresh 20-24',
    ],
    [
      'its first state, which the first sweep gave it',
      { firstSeenAt: at(20), stateSince: at(21), transitions: [{ at: at(21), from: null, to: 'fresh' }] },
      'absent 0-20, unknown 20-21, fresh 21-24',
    ],
    [
      'the history of a terminal that it was merged with',
      { firstSeenAt: at(20), stateSince: at(4), transitions: [{ at: at(4), from: null, to: 'fresh' }] },
      'absent 0-4, fresh 4-24',
    ],
    ['a change that was not stored', { stateSince: at(5) }, 'unrecorded 0-5, fresh 5-24'],
    [
      'a change that is not stored yet',
      { state: 'stale', stateSince: at(23), transitions: [{ at: at(3), from: 'lost', to: 'fresh' }] },
      'lost 0-3, fresh 3-23, stale 23-24',
    ],
    [
      'one that will be seen first after the window',
      { firstSeenAt: at(30), stateSince: at(30) },
      'absent 0-24',
    ],
    [
      'blindness inside a state, at its beginning and over its end',
      {
        stateSince: at(12),
        transitions: [{ at: at(12), from: 'stale', to: 'fresh' }],
        blind: [
          { from: at(-5), to: at(1) },
          { from: at(3), to: at(4) },
          { from: at(11), to: at(13) },
          { from: at(23), to: at(24) },
        ],
      },
      'blind 0-1, stale 1-3, blind 3-4, stale 4-11, blind 11-13, fresh 13-23, blind 23-24',
    ],
    [
      'blindness that changes nothing of what people said',
      {
        state: 'maintenance',
        stateSince: at(12),
        transitions: [{ at: at(12), from: 'fresh', to: 'maintenance' }],
        blind: [{ from: at(10), to: at(14) }],
      },
      'fresh 0-10, blind 10-12, maintenance 12-24',
    ],
  ]
  test.each(cases)('shows %s', (_, input, expected) => {
    expect(told(stateStrip({ ...QUIET, ...input }))).toBe(expected)
  })

  const instant = fc.integer({ min: -40, max: 60 }).map((hour) => at(hour) + MINUTE)
  const within = fc.integer({ min: 0, max: 23 }).map(at)
  const past = fc.integer({ min: -40, max: 23 }).map(at)
  const state = fc.constantFrom(...STATES)
  const anything: fc.Arbitrary<StripInput> = fc
    .record({
      firstSeenAt: instant,
      state,
      stateSince: past,
      changes: fc.array(fc.record({ at: within, from: fc.option(state), to: state }), { maxLength: 30 }),
      edges: fc.uniqueArray(instant, { maxLength: 20 }),
    })
    .map(({ changes, edges, ...rest }) => {
      const sorted = edges.toSorted((a, b) => a - b)
      const blind = sorted.flatMap((from, i) => {
        const to = sorted[i + 1]
        return i % 2 === 0 && to !== undefined ? [{ from, to }] : []
      })
      return { ...QUIET, ...rest, blind, transitions: changes.toSorted((a, b) => b.at - a.at) }
    })

  test('covers the window without gaps and overlaps, so that its durations sum up to it', () => {
    fc.assert(
      fc.property(anything, (input) => {
        const strip = stateStrip(input)
        expect(strip[0]?.from).toBe(input.from)
        expect(strip.at(-1)?.to).toBe(input.to)
        for (const [i, part] of strip.entries()) {
          expect(part.to).toBeGreaterThan(part.from)
          if (i > 0) expect(part.from).toBe(strip[i - 1]?.to)
          if (i > 0) expect(part.state).not.toBe(strip[i - 1]?.state)
        }
        const sum = stripTotals(strip).reduce((total, { ms }) => total + ms, 0)
        expect(sum).toBe(input.to - input.from)
      }),
    )
  })

  test('ends with the present state unless that is hidden or not there yet', () => {
    fc.assert(
      fc.property(anything, (input) => {
        const last = stateStrip(input).at(-1)?.state
        expect(['blind', 'absent', input.state]).toContain(last)
      }),
    )
  })

  test('of ten thousand changes is told in a moment', () => {
    const transitions = Array.from({ length: 10_000 }, (_, i) => ({
      at: at(24) - i * 8_000,
      from: i % 2 === 0 ? ('stale' as const) : ('fresh' as const),
      to: i % 2 === 0 ? ('fresh' as const) : ('stale' as const),
    }))
    const blind = Array.from({ length: 4_096 }, (_, i) => ({
      from: T0 + i * 20_000,
      to: T0 + i * 20_000 + 5_000,
    }))
    const strip = stateStrip({ ...QUIET, stateSince: at(24), transitions, blind })
    expect(strip.length).toBeGreaterThan(10_000)
    expect(stripTotals(strip).reduce((total, { ms }) => total + ms, 0)).toBe(DAY)
    expect(coarseStrip(strip, 360).length).toBeLessThanOrEqual(360)
  })
})

describe('the coarse strip', () => {
  test('keeps trouble however short, and else what was longest', () => {
    const strip: StripPart[] = [
      { state: 'fresh', from: at(0), to: at(10) },
      { state: 'lost', from: at(10), to: at(10) + MINUTE },
      { state: 'fresh', from: at(10) + MINUTE, to: at(15) },
      { state: 'blind', from: at(15), to: at(15) + MINUTE },
      { state: 'fresh', from: at(15) + MINUTE, to: at(24) },
    ]
    expect(told(coarseStrip(strip, 24))).toBe('fresh 0-10, lost 10-11, fresh 11-24')
  })

  test('of nothing is nothing', () => {
    expect(coarseStrip([], 10)).toEqual([])
  })

  test('covers the same window', () => {
    const strip = stateStrip({ ...QUIET, blind: [{ from: at(1), to: at(2) }] })
    const coarse = coarseStrip(strip, 7)
    expect(coarse[0]?.from).toBe(QUIET.from)
    expect(coarse.at(-1)?.to).toBe(QUIET.to)
  })
})
