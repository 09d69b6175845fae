import { describe, expect, test } from 'vitest'
import { decide, type OutageEvent } from '../../../src/core/outage/clock.ts'
import { NEW_CLOCK } from '../../../src/core/outage/clock-state.ts'
import { proven } from '../../../src/core/outage/proven.ts'
import { replayTrace } from '../../../src/core/outage/replay.ts'
import { serviceStatus } from '../../../src/core/outage/service-status.ts'
import { timeline } from '../../../src/core/outage/timeline.ts'
import type { ComponentReading, Round } from '../../../src/core/outage/verdict.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'
import { minute, POLICY, round, rounds, step } from './trace.ts'

/** Rounds so many minutes apart, under settings that join them all. */
function verdicts(text: string, paceMinutes: number, begin = 0): readonly Round[] {
  const settings = { intervalMs: 30 * MINUTE, timeoutMs: MINUTE }
  return [...text].map((letter, index) =>
    round(minute(begin + index * paceMinutes), letter === 'o' ? 'ok' : 'fail', settings),
  )
}

describe('an intermittent outage', () => {
  const slow = verdicts('ffofofofof', 30)
  const fast = verdicts('ofofofo', 5, 300)

  function eventsOf(rows: readonly Round[]): readonly OutageEvent['kind'][] {
    let clock = NEW_CLOCK
    const kinds: OutageEvent['kind'][] = []
    for (const row of rows) {
      const decision = decide(clock, row, [], { ...POLICY, recoveryPeriodMs: 9 * HOUR })
      clock = decision.clock
      kinds.push(...decision.events.map(({ kind }) => kind))
    }
    return kinds.filter((kind) => kind === 'intermittent')
  }

  test('may have been steady for hours: only the newest seven changes are looked at', () => {
    expect(eventsOf(slow)).toEqual([])
    expect(eventsOf([...slow, ...fast])).toEqual(['intermittent'])
  })

  test('is told once, however long it goes on', () => {
    expect(eventsOf([...slow, ...fast, ...verdicts('ffofof', 5, 335)])).toEqual(['intermittent'])
  })
})

describe('the gap of a pair', () => {
  const wide = { intervalMs: 2 * MINUTE, timeoutMs: MINUTE }

  test.each([
    ['the earlier', wide, {}],
    ['the later', {}, wide],
  ])('is judged by the settings of %s verdict when those allow more', (_, first, second) => {
    const pair = [round(minute(0), 'fail', first), round(minute(5), 'fail', second)]
    expect(replayTrace(pair, [], POLICY).outages).toMatchObject([{ downMs: 5 * MINUTE }])
    const further = [round(minute(0), 'fail', first), round(minute(5) + 1, 'fail', second)]
    expect(replayTrace(further, [], POLICY).outages).toEqual([])
  })
})

test('a trace that begins with a step of the clock has no time before it', () => {
  const rows = [step(minute(0), -90 * SECOND), ...rounds('ok', 0, 10)]
  expect(replayTrace(rows, [], POLICY).uptime).toEqual({ ratio: 1, coverage: 1, lower: 1, upper: 1 })
})

test('a FAIL proves nothing behind a step of the clock, however small', () => {
  const clock = [...rounds('fail', 0, 2), step(minute(2) + 13 * SECOND, 3 * SECOND)].reduce(
    (state, row) => decide(state, row, [], POLICY).clock,
    NEW_CLOCK,
  )
  expect(proven(clock, minute(2) + 14 * SECOND)).toEqual({ kind: 'not-observable', since: minute(2) })
})

test('a time line that begins where a segment ends has no empty one', () => {
  const rows = [...rounds('ok', 0, 2), ...rounds('fail', 3, 4)]
  const line = timeline(rows, [], { from: minute(2), to: minute(4) })
  expect(line.map((segment) => [segment.class, segment.ms])).toEqual([
    ['edge', MINUTE],
    ['down', MINUTE],
  ])
})

describe('several components', () => {
  const reading = (id: string, at: number, isOk: boolean): ComponentReading => ({
    id,
    kind: 'http',
    counts: 'outage',
    checkedAt: minute(at),
    result: isOk
      ? { kind: 'ok', latencyMs: 1, slow: false }
      : { kind: 'failed', phase: 'http', latencyMs: 1, evidence: 'status 503' },
  })

  test.each([
    ['web', 'api'],
    ['api', 'web'],
  ])('that failed together were last well when the first of them was (%s, %s)', (one, other) => {
    const rows = [
      round(minute(0), 'ok', { components: [reading(one, 0, true), reading(other, -5, true)] }),
      round(minute(1), 'fail', { components: [reading(one, 1, false), reading(other, 1, false)] }),
      round(minute(2), 'fail', { components: [reading(one, 2, false), reading(other, 2, false)] }),
    ]
    const clock = rows.reduce((state, row) => decide(state, row, [], POLICY).clock, NEW_CLOCK)
    expect(clock.open?.outage.notBefore).toBe(minute(-5))
  })

  test('that keep their result between turns are not seen well later than they failed when the clock is set back', () => {
    const kept = { components: [reading('web', 0, true)] }
    const rows = [
      round(minute(0), 'ok', kept),
      step(minute(-59.5), -HOUR),
      round(minute(-59), 'ok', kept),
      round(minute(-58), 'fail', { components: [reading('web', -58, false)] }),
      round(minute(-57), 'fail', { components: [reading('web', -57, false)] }),
    ]
    const clock = rows.reduce((state, row) => decide(state, row, [], POLICY).clock, NEW_CLOCK)
    expect(clock.open?.outage).toMatchObject({ start: minute(-58), notBefore: minute(-60) })
  })

  test.each([
    ['as it was seen up to g after it', 2.5, 'up'],
    ['as unknown after that', 2.5 + 1 / MINUTE, 'unknown'],
    ['as unknown behind a clock that was set back', -1, 'unknown'],
  ] as const)('are shown %s', (_, now, state) => {
    const newest = round(minute(0), 'ok', { components: [reading('web', 0, true)] })
    const evidence = { clock: decide(NEW_CLOCK, newest, [], POLICY).clock, windows: [], newest }
    const watched = { components: [{ id: 'web', kind: 'http' as const }], largestGapMs: 2.5 * MINUTE }
    const { components } = serviceStatus({ ...evidence, ...watched }, minute(now))
    expect(components.map((component) => component.state)).toEqual([state])
  })
})
