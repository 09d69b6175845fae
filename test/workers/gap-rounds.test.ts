import { describe, expect, test } from 'vitest'
import { createGaps, forgetGaps, learnGap } from '../../src/core/freshness/gaps.ts'
import { MINUTE, SECOND } from '../../src/core/time.ts'
import { createGapRounds } from '../../src/workers/gap-rounds.ts'
import { createFakeClock } from '../support/fake-clock.ts'

function begin() {
  const clock = createFakeClock()
  const gaps = createGaps()
  const rounds = createGapRounds(gaps, clock)
  return {
    clock,
    gaps,
    rounds,
    learn(...rows: readonly number[]) {
      for (const row of rows) learnGap(gaps, row, 'moving', MINUTE)
    },
    take: (stopping = false) => rounds.take(stopping).map(({ row }) => row),
  }
}

describe('rounds of storing what was learnt', () => {
  test('begin at most once a minute', async () => {
    const { clock, learn, take } = begin()
    learn(1, 2)
    expect(take()).toEqual([])
    await clock.advance(MINUTE)
    expect(take()).toEqual([1, 2])
    learn(1)
    await clock.advance(59 * SECOND)
    expect(take()).toEqual([])
    await clock.advance(SECOND)
    expect(take()).toEqual([1])
  })

  test('of many terminals take several flushes, and what changes meanwhile waits for the next one', async () => {
    const { clock, learn, take } = begin()
    for (let row = 0; row < 5000; row++) learn(row)
    await clock.advance(MINUTE)
    const sizes = []
    for (let flush = 0; flush < 4; flush++) {
      const taken = take()
      sizes.push(taken.length)
      learn(...taken)
    }
    expect(sizes).toEqual([2000, 2000, 1000, 0])
    await clock.advance(MINUTE)
    expect(take()).toHaveLength(2000)
  })

  test('are not waited for at the stop nor by what was forgotten', () => {
    const { learn, take, gaps } = begin()
    learn(1, 2, 3)
    forgetGaps(gaps, 2)
    expect(take()).toEqual([2])
    expect(take(true)).toEqual([1, 2, 3])
    expect(take(true)).toEqual([])
  })

  test('begin again with what could not be stored', async () => {
    const { clock, learn, take, gaps, rounds } = begin()
    learn(1, 2)
    forgetGaps(gaps, 2)
    await clock.advance(MINUTE)
    rounds.giveBack(rounds.take(false))
    expect(take()).toEqual([2])
    await clock.advance(MINUTE)
    expect(take()).toEqual([1])
    await clock.advance(MINUTE)
    expect(take()).toEqual([])
  })
})
