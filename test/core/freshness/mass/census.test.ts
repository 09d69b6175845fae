import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  beginCensus,
  type Census,
  countRows,
  createCensus,
  endCensus,
} from '../../../../src/core/freshness/mass/census.ts'
import { applyPolled } from '../../../../src/core/freshness/polled.ts'
import { notePoll } from '../../../../src/core/freshness/polled-watch.ts'
import { CODE } from '../../../../src/core/freshness/state.ts'
import { HOUR, MINUTE, SECOND } from '../../../../src/core/time.ts'
import { createMassScenario } from '../../../support/mass-scenario.ts'
import { createPolledScenario, POLLING } from '../../../support/polled-scenario.ts'

/** A fleet of 50 of which each terminal was made another case of those that the census tells apart. */
function variedFleet() {
  const { fleet, add, run, now } = createMassScenario()
  add(50, (n) => ({ operator: `O${n % 3}`, client: `C${n % 7}` }))
  run(10 * MINUTE)
  const { table } = fleet
  for (let row = 0; row < 50; row++) {
    if (row % 5 === 1) table.contactAt[row] = now() - 2 * MINUTE
    if (row % 5 === 2) table.ignition[row] = 1
    if (row % 11 === 3) table.state[row] = CODE.suspended
    if (row % 5 === 4) table.liveAt[row] = now() - 3 * HOUR
  }
  return { fleet, now: now() }
}

function counted({ fleet, now }: ReturnType<typeof variedFleet>, cuts: readonly number[]): Census {
  const census = createCensus()
  beginCensus(census, fleet, now, () => 0)
  const ends = [...cuts, fleet.table.size].sort((a, b) => a - b)
  let from = 0
  for (const to of ends) {
    countRows(fleet, census, from, to)
    from = to
  }
  endCensus(census)
  return census
}

test('a census in parts is that of the whole', () => {
  const varied = variedFleet()
  const whole = counted(varied, [])
  expect(whole.expected).toBeGreaterThan(15)
  expect(whole.silent).toBeGreaterThan(3)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 6 }), (cuts) => {
      expect(counted(varied, cuts)).toEqual(whole)
    }),
  )
})

describe('a terminal is overdue', () => {
  /** Seconds after its last contact at which one of those is first seen silent. */
  function overdueAfter(intervalMs: number, learntMs?: number): number {
    const { fleet, add, run, mute, mass, now } = createMassScenario()
    add(1, {}, 1, intervalMs)
    run(HOUR)
    if (learntMs !== undefined) {
      fleet.table.usualMs[0] = learntMs
      fleet.table.usualCount[0] = 8
    }
    mute(() => true)
    const contactAt = fleet.table.contactAt[0] ?? 0
    while (mass.census.silent === 0 && now() - contactAt < 3 * HOUR) run(30 * SECOND)
    return (now() - contactAt) / SECOND
  }

  test.each([
    ['90 s with an interval of 10 s', 10 * SECOND, undefined, 90],
    ['three intervals of 60 s', MINUTE, undefined, 180],
    ['three of its own intervals, once they are known', 30 * SECOND, 5 * MINUTE, 900],
  ])('after %s', (_, intervalMs, learntMs, seconds) => {
    const after = overdueAfter(intervalMs, learntMs)
    expect(after).toBeGreaterThanOrEqual(seconds)
    expect(after).toBeLessThanOrEqual(seconds + 30)
  })
})

test('the window is five minutes, or two intervals that nine of ten terminals keep', () => {
  const { add, run, mass } = createMassScenario()
  add(100, {})
  run(10 * MINUTE)
  expect(mass.census.now - mass.census.start).toBe(5 * MINUTE)
  add(20, {}, 1, 10 * MINUTE)
  run(4 * HOUR)
  expect(mass.census.now - mass.census.start).toBe(20 * MINUTE)
})

describe('of a polled source', () => {
  function polled() {
    const scenario = createPolledScenario()
    scenario.run(10 * MINUTE)
    for (let minute = 0; minute < 30; minute++) {
      scenario.say('1')
      scenario.run(MINUTE)
    }
    return scenario
  }

  function silentNow({ fleet, now }: ReturnType<typeof createPolledScenario>): number {
    const census = createCensus()
    beginCensus(census, fleet, now(), () => 0)
    countRows(fleet, census, 0, fleet.table.size)
    return census.silent
  }

  test('silence is only what a good poll has proven', () => {
    const scenario = polled()
    scenario.run(3 * MINUTE)
    expect(silentNow(scenario)).toBe(1)
    const failing = polled()
    failing.run(MINUTE)
    failing.answer(false)
    failing.run(2 * MINUTE)
    expect(silentNow(failing)).toBe(0)
  })

  test('the polls that go on tell nothing of a terminal that they leave out', () => {
    const scenario = polled()
    const { fleet, watch, now } = scenario
    const polls = watch.polls
    if (!polls) throw new Error('the source is not polled')
    applyPolled(
      fleet.table,
      0,
      { terminalId: '1', source: 'online', receivedAt: now(), kind: 'snapshot', eventAt: now() },
      1,
      polls,
    )
    polls.missing = new Float64Array(1024)
    polls.missing[0] = now() + MINUTE
    scenario.answer(false)
    for (let minute = 0; minute < 5; minute++) {
      scenario.run(POLLING.everyMs)
      notePoll(watch, { sentAt: now(), answeredAt: now() })
    }
    expect(silentNow(scenario)).toBe(0)
  })
})
