import { describe, expect, test } from 'vitest'
import {
  createBaseline,
  decodeBaseline,
  encodeBaseline,
  endSlot,
  noteShare,
  type ShareKind,
  slotAt,
  usualShare,
} from '../../../../src/core/freshness/mass/baseline.ts'
import { DAY, HOUR, MINUTE } from '../../../../src/core/time.ts'
import { T0 } from '../../../support/fleet-scenario.ts'

/** A slot with those shares, each noted in turn. */
function learnt(weeks: readonly (readonly number[])[], kind: ShareKind = 'single') {
  const baseline = createBaseline(T0)
  for (const shares of weeks) {
    for (const share of shares) noteShare(baseline, share, kind)
    endSlot(baseline, 100)
  }
  return baseline
}

describe('what is usual in a quarter of an hour of the week', () => {
  test('is nothing as long as nothing is known', () => {
    expect(usualShare(createBaseline(T0), 100)).toBe(0)
  })

  test('is the mean of the first week as it is', () => {
    expect(usualShare(learnt([[0.01, 0.03]]), 100)).toBeCloseTo(0.02, 3)
  })

  test('moves by a quarter of the difference each further week', () => {
    expect(usualShare(learnt([[0.04], [0.08], [0]]), 100)).toBeCloseTo(0.0375, 3)
  })

  test('is the mean of all slots where that one was never seen', () => {
    const baseline = learnt([[0.02]])
    noteShare(baseline, 0.06, 'single')
    endSlot(baseline, 300)
    expect(usualShare(baseline, 500)).toBeCloseTo(0.04, 3)
  })

  test('is the highest share where many fall silent at once, for a mean over the slot would hide it', () => {
    const baseline = createBaseline(T0)
    for (const share of [0, 0, 0.5, 0.5, 0, 0]) noteShare(baseline, share, share > 0 ? 'many' : 'single')
    endSlot(baseline, 100)
    expect(usualShare(baseline, 100)).toBeCloseTo(0.5, 2)
  })

  test('is not what happened while something was wrong', () => {
    const baseline = learnt([[0.9, 0.9]], 'exceptional')
    expect(usualShare(baseline, 100)).toBe(0)
    noteShare(baseline, 0.02, 'single')
    endSlot(baseline, 101)
    expect(usualShare(baseline, 101)).toBeCloseTo(0.02, 3)
  })

  test('is what happened at that time on two days of the week although it was taken for an incident', () => {
    const baseline = createBaseline(T0)
    for (const slot of [72, 72 + 96]) {
      noteShare(baseline, 0.6, 'exceptional')
      endSlot(baseline, slot)
    }
    for (const slot of [71, 72, 73, 72 + 96, 72 + 5 * 96]) {
      expect(usualShare(baseline, slot)).toBeCloseTo(0.6, 2)
    }
    expect(usualShare(baseline, 75)).toBe(0)
  })
})

test('there are 672 slots in a week', () => {
  expect(slotAt(T0 + 7 * DAY)).toBe(slotAt(T0))
  expect(slotAt(T0 + 15 * MINUTE)).toBe(slotAt(T0 + 15 * MINUTE - 1) + 1)
  expect(new Set(Array.from({ length: 7 * 96 }, (_, n) => slotAt(T0 + (n * HOUR) / 4))).size).toBe(672)
})

test('bytes hold two for each slot and the beginning, and give the same back', () => {
  const baseline = learnt([[0.0123], [0.3]])
  const bytes = encodeBaseline(baseline)
  expect(bytes).toHaveLength(8 + 2 * 672)
  const again = decodeBaseline(bytes)
  expect(again.since).toBe(T0)
  expect(usualShare(again, 100)).toBe(usualShare(baseline, 100))
  expect(() => decodeBaseline(bytes.subarray(1))).toThrow('damaged')
})

test('only what changed is to be stored', () => {
  const baseline = createBaseline(T0)
  expect(endSlot(baseline, 5)).toBe(false)
  noteShare(baseline, 0.1, 'single')
  expect(endSlot(baseline, 5)).toBe(true)
  noteShare(baseline, 0.1, 'single')
  expect(endSlot(baseline, 5)).toBe(false)
})
