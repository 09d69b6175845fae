import { describe, expect, test } from 'vitest'
import { createHandovers } from '../../../src/adapters/terminal-tcp/handovers.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'

describe('a contested terminal', () => {
  test('is new once and due once an hour, as long as it goes on', () => {
    const handovers = createHandovers()
    const said: number[] = []
    let news = 0
    for (let now = 0; now < 3 * HOUR; now += 30 * SECOND) {
      const { isNew, isDue } = handovers.passed('5', now)
      if (isNew) news += 1
      if (isDue) said.push(now)
    }
    expect(news).toBe(1)
    expect(said).toEqual([90 * SECOND, HOUR + 90 * SECOND, 2 * HOUR + 90 * SECOND])
  })

  test('is new again after ten quiet minutes', () => {
    const handovers = createHandovers()
    const passes = (from: number) => [0, 1, 2, 3].map((n) => handovers.passed('5', from + n).isNew)
    expect(passes(0)).toEqual([false, false, false, true])
    expect(passes(11 * MINUTE)).toEqual([false, false, false, true])
  })

  test('is four handovers within ten minutes, not over more', () => {
    const handovers = createHandovers()
    for (const now of [0, MINUTE, 2 * MINUTE]) handovers.passed('5', now)
    handovers.passed('5', 10 * MINUTE)
    expect(handovers.contested(10 * MINUTE)).toEqual([])
    handovers.passed('5', 10 * MINUTE + 1)
    expect(handovers.contested(10 * MINUTE + 1)).toEqual(['5'])
  })
})

describe('many contested terminals', () => {
  test('are told of one in ten seconds', () => {
    const handovers = createHandovers()
    let said = 0
    for (let now = 0; now < MINUTE; now += SECOND) {
      for (let id = 0; id < 100; id++) if (handovers.passed(String(id), now).isDue) said += 1
    }
    expect(said).toBe(6)
  })

  test('are a thousand at most; the one that has been quiet longest is forgotten first', () => {
    const handovers = createHandovers()
    for (let id = 0; id < 1001; id++) for (let n = 0; n < 4; n++) handovers.passed(String(id), id)
    const contested = handovers.contested(1001)
    expect(contested).toHaveLength(1000)
    expect(contested).not.toContain('0')
  })
})

test('a terminal is forgotten an hour after it last changed hands', () => {
  const handovers = createHandovers()
  for (let n = 0; n < 4; n++) handovers.passed('5', n)
  handovers.sweep(HOUR)
  expect(handovers.passed('5', HOUR).isDue).toBe(false)
  handovers.sweep(2 * HOUR)
  for (let n = 0; n < 3; n++) handovers.passed('5', 2 * HOUR)
  expect(handovers.passed('5', 2 * HOUR).isDue).toBe(true)
})
