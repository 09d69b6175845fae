import { describe, expect, test } from 'vitest'
import { createWatchdog } from '../../../src/adapters/system/watchdog.ts'
import { HOUR, SECOND } from '../../../src/core/time.ts'
import type { Clock } from '../../../src/ports.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { createRecordingLog } from '../../support/recorders.ts'

const START = 1_767_225_600_000

function watch(clock: Clock) {
  const log = createRecordingLog()
  const told: (readonly [string, number, number])[] = []
  const watchdog = createWatchdog(
    { clock, log },
    {
      onStep: (at, deltaMs) => told.push(['step', at, deltaMs]),
      onStall: (from, to) => told.push(['stall', from, to]),
    },
  )
  return { log, told, stop: watchdog.start() }
}

/** A clock whose ticks come when the test says so, however late. */
function createLateClock() {
  let tick = (): unknown => undefined
  let elapsed = 0
  const clock: Clock = {
    now: () => START + elapsed,
    monotonic: () => elapsed,
    every: (_ms, next) => {
      tick = next
      return () => {}
    },
    after: () => () => {},
  }
  return {
    clock,
    tickAfter: (ms: number): void => {
      elapsed += ms
      tick()
    },
  }
}

describe('watchdog', () => {
  test('it is quiet while both clocks run', async () => {
    const clock = createFakeClock(START)
    const { log, told } = watch(clock)
    await clock.advance(HOUR)
    expect([log.lines, told]).toEqual([[], []])
  })

  test('a step of the wall clock is told once, with the time after it', async () => {
    const clock = createFakeClock(START)
    const { log, told } = watch(clock)
    await clock.advance(10 * SECOND)
    clock.step(-2 * HOUR)
    await clock.advance(10 * SECOND)
    expect(told).toEqual([['step', START + 11 * SECOND - 2 * HOUR, -2 * HOUR]])
    expect(log.lines).toEqual([
      {
        level: 'warn',
        message: 'the wall clock was stepped',
        fields: { at: '2025-12-31T22:00:11.000Z', deltaMs: -2 * HOUR },
      },
    ])
  })

  test('a stand-still of the process is told with its beginning and end', () => {
    const { clock, tickAfter } = createLateClock()
    const { log, told } = watch(clock)
    tickAfter(1 * SECOND)
    tickAfter(4 * SECOND)
    tickAfter(1 * SECOND)
    expect(told).toEqual([['stall', START + 1 * SECOND, START + 5 * SECOND]])
    expect(log.lines.map(({ message }) => message)).toEqual(['the process stood still'])
  })

  test('a pause between reading the two clocks is no step', () => {
    let elapsed = 0
    let tick = (): unknown => undefined
    let pauseMs = 0
    const clock: Clock = {
      now: () => {
        const wallAt = START + elapsed
        elapsed += pauseMs
        pauseMs = 0
        return wallAt
      },
      monotonic: () => elapsed,
      every: (_ms, next) => {
        tick = next
        return () => {}
      },
      after: () => () => {},
    }
    const { told } = watch(clock)
    elapsed += SECOND
    pauseMs = 3 * SECOND
    tick()
    elapsed += SECOND
    tick()
    expect(told).toEqual([['stall', START, START + 4 * SECOND]])
  })

  test('after it was stopped it tells nothing', async () => {
    const clock = createFakeClock(START)
    const { told, stop } = watch(clock)
    stop()
    clock.step(HOUR)
    await clock.advance(10 * SECOND)
    expect(told).toEqual([])
  })
})
