import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readTick } from '../../../src/core/freshness/clock-watch.ts'
import { HOUR, SECOND } from '../../../src/core/time.ts'

const WALL = 1_767_225_600_000

describe('clock watch', () => {
  test.each([
    ['a tick in time says nothing', 1_000, 1_000, []],
    ['a tick late by one second says nothing', 2_000, 2_000, []],
    ['a tick later than that is a stall', 2_001, 2_001, [{ kind: 'stall', from: WALL, to: WALL + 2_001 }]],
    ['two seconds forward are no step', 3_000, 1_000, []],
    [
      'more than two seconds forward are a step',
      3_001,
      1_000,
      [{ kind: 'step', at: WALL + 3_001, deltaMs: 2_001 }],
    ],
    ['two seconds back are no step', -1_000, 1_000, []],
    [
      'more than two seconds back are a step',
      -1_001,
      1_000,
      [{ kind: 'step', at: WALL - 1_001, deltaMs: -2_001 }],
    ],
    [
      'a suspended machine is a step forward',
      3 * HOUR + 1_000,
      1_000,
      [{ kind: 'step', at: WALL + 3 * HOUR + 1_000, deltaMs: 3 * HOUR }],
    ],
    [
      'a stall with a step back is dated in the new wall time',
      5_000 - 2 * HOUR,
      5_000,
      [
        { kind: 'step', at: WALL + 5_000 - 2 * HOUR, deltaMs: -2 * HOUR },
        { kind: 'stall', from: WALL - 2 * HOUR, to: WALL + 5_000 - 2 * HOUR },
      ],
    ],
  ])('%s', (_name, wallMs, monotonicMs, events) => {
    const previous = { wallAt: WALL, monotonicMs: 7 }
    const current = { wallAt: WALL + wallMs, monotonicMs: 7 + monotonicMs }
    expect(readTick(previous, current, SECOND)).toEqual(events)
  })

  test('steps and stalls are whole milliseconds and a stall never ends before it begins', () => {
    const fraction = fc.double({ min: 0, max: 1e7, noNaN: true })
    fc.assert(
      fc.property(fraction, fraction, fc.integer({ min: -1e9, max: 1e9 }), (before, elapsed, wallMs) => {
        const previous = { wallAt: WALL, monotonicMs: before }
        const current = { wallAt: WALL + wallMs, monotonicMs: before + elapsed }
        for (const event of readTick(previous, current, SECOND)) {
          if (event.kind === 'step') expect(Number.isInteger(event.deltaMs)).toBe(true)
          else expect(Number.isInteger(event.from) && event.from < event.to).toBe(true)
        }
      }),
    )
  })
})
