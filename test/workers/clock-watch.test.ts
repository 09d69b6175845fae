import { describe, expect, test } from 'vitest'
import { HOUR, SECOND } from '../../src/core/time.ts'
import { createClockWatch } from '../../src/workers/clock-watch.ts'
import { createFakeClock } from '../support/fake-clock.ts'

const START = 1_767_225_600_000

describe('the clock watch', () => {
  test('is quiet while both clocks run, also when it is asked more often', async () => {
    const clock = createFakeClock(START)
    const watch = createClockWatch(clock, SECOND)
    for (const ms of [SECOND, 10, 0, 2 * SECOND]) {
      await clock.advance(ms)
      expect(watch.look()).toEqual([])
    }
  })

  test('tells a step of the wall clock once, with the time after it', async () => {
    const clock = createFakeClock(START)
    const watch = createClockWatch(clock, SECOND)
    clock.step(-2 * HOUR)
    await clock.advance(SECOND)
    expect(watch.look()).toEqual([{ kind: 'step', at: START + SECOND - 2 * HOUR, deltaMs: -2 * HOUR }])
    expect(watch.look()).toEqual([])
  })

  test('tells a stand-still with its beginning and end', async () => {
    const clock = createFakeClock(START)
    const watch = createClockWatch(clock, SECOND)
    await clock.advance(4 * SECOND)
    expect(watch.look()).toEqual([{ kind: 'stall', from: START, to: START + 4 * SECOND }])
  })

  test('tells once what was read before the look, oldest first', async () => {
    const clock = createFakeClock(START)
    const watch = createClockWatch(clock, SECOND)
    await clock.advance(4 * SECOND)
    watch.read()
    clock.step(-HOUR)
    await clock.advance(SECOND)
    watch.read()
    await clock.advance(SECOND)
    expect(watch.look()).toEqual([
      { kind: 'stall', from: START, to: START + 4 * SECOND },
      { kind: 'step', at: START + 5 * SECOND - HOUR, deltaMs: -HOUR },
    ])
    expect(watch.look()).toEqual([])
  })

  test('a pause between reading the two clocks is no step', () => {
    let elapsed = 0
    let pauses: number[] = []
    const now = (): number => START + elapsed
    // The pause falls between the reading of the wall clock and the second one of the monotonic clock.
    const monotonic = (): number => {
      elapsed += pauses.shift() ?? 0
      return elapsed
    }
    const watch = createClockWatch({ ...createFakeClock(START), now, monotonic }, HOUR)
    pauses = [0, 10 * SECOND]
    expect(watch.look()).toEqual([])
  })
})
