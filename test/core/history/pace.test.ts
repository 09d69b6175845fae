import { expect, test } from 'vitest'
import { afterTrouble, type HistoryTrouble, type Standing } from '../../../src/core/history/pace.ts'

/** Pauses after so many answers of a kind in a row, s. */
function pauses(kind: HistoryTrouble, times: number, random: number, retryAfterMs?: number): number[] {
  let standing: Standing = { kind: 'well' }
  return Array.from({ length: times }, () => {
    const answer = { kind, reason: 'r', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
    const after = afterTrouble(standing, answer, random)
    standing = after.standing
    return after.pauseMs / 1000
  })
}

test.each<[HistoryTrouble, number[]]>([
  ['failed', [1, 2, 4, 8, 16, 32, 60, 60]],
  ['busy', [2, 4, 8, 16, 32, 60]],
  ['missing', [30, 60, 120, 240, 480, 600]],
  ['denied', [60, 120, 240, 480, 600, 600]],
])('%s: pauses double up to the longest, and half of each is chance', (kind, expected) => {
  expect(pauses(kind, expected.length, 1)).toEqual(expected)
  expect(pauses(kind, 1, 0)).toEqual([(expected[0] ?? 0) / 2])
})

test('a database that says when to come back is listened to, for five minutes at most', () => {
  expect(pauses('busy', 2, 1, 30_000)).toEqual([30, 30])
  expect(pauses('busy', 1, 1, 3_600_000)).toEqual([300])
  expect(pauses('busy', 1, 1, 500)).toEqual([2])
})

test('another trouble begins anew', () => {
  const standing: Standing = { kind: 'failed', reason: 'r', failures: 9 }
  expect(afterTrouble(standing, { kind: 'busy', reason: 'r' }, 1)).toEqual({
    standing: { kind: 'busy', reason: 'r', failures: 1 },
    pauseMs: 2000,
  })
})
