import { expect, test } from 'vitest'
import { changeTerminal } from '../../../../src/core/fleet/placing.ts'
import { isBlind } from '../../../../src/core/freshness/blindness.ts'
import { createBaseline } from '../../../../src/core/freshness/mass/baseline.ts'
import { createMass, evaluateMass } from '../../../../src/core/freshness/mass/mass.ts'
import { observersOf } from '../../../../src/core/freshness/mass/mass-state.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../../src/core/time.ts'
import { T0 } from '../../../support/fleet-scenario.ts'
import { createPolledScenario } from '../../../support/polled-scenario.ts'

/** 40 terminals of a polled source that has been known for long. */
function scenario() {
  const polled = createPolledScenario()
  const mass = createMass()
  const opened: string[] = []
  const ids = Array.from({ length: 40 }, (_, n) => String(n))

  function run(ms: number, isTalking: boolean): void {
    for (let passed = 0; passed < ms; passed += 30 * SECOND) {
      if (isTalking) for (const id of ids) polled.say(id)
      polled.run(30 * SECOND)
      const outcome = evaluateMass(polled.fleet, mass, polled.now())
      opened.push(...outcome.opened.map(({ incident }) => `${incident.dimension}/${incident.group}`))
    }
  }

  run(10 * MINUTE, true)
  for (const terminal of polled.fleet.inventory) {
    changeTerminal(polled.fleet, {
      ...terminal,
      operator: `O${terminal.row % 4}`,
      firstSeenAt: T0 - 30 * DAY,
    })
  }
  for (const observer of observersOf(mass, polled.fleet)) observer.baseline = createBaseline(T0 - 14 * DAY)
  run(20 * MINUTE, true)
  return { ...polled, opened, runAll: run }
}

test('a polled source that tells no news of anybody is blind although its polls are good, and nobody is stale', () => {
  const { watch, opened, transitions, runAll } = scenario()
  runAll(10 * MINUTE, false)
  expect(opened).toEqual(['ingest/online'])
  expect(isBlind(watch.blindness)).toBe(true)
  expect(watch.polls && isBlind(watch.polls.serviceBlindness)).toBe(true)
  runAll(3 * HOUR, false)
  expect(transitions.filter(({ to }) => to === 'stale')).toEqual([])
  runAll(4 * MINUTE, true)
  expect(isBlind(watch.blindness)).toBe(false)
  expect(watch.polls && isBlind(watch.polls.serviceBlindness)).toBe(false)
  runAll(HOUR, true)
  expect(transitions.filter(({ to }) => to === 'stale')).toEqual([])
  expect(opened).toHaveLength(1)
})

test('since when a polled source is learnt is stored, though no rate of it is ever known', () => {
  const { fleet } = scenario()
  const kept = fleet.changedBaselines.filter(({ dimension }) => dimension === 'ingest')
  expect(kept.map(({ group }) => group)).toEqual(['online'])
})
