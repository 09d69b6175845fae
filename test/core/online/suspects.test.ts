import { expect, test } from 'vitest'
import { suspectsOf } from '../../../src/core/online/suspects.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'
import { T0 } from '../../support/fleet-scenario.ts'
import { createPolledScenario } from '../../support/polled-scenario.ts'

test('nobody is one while all talk, and the nearly silent are before they are stale', () => {
  const fleet = createPolledScenario()
  for (const id of ['1', '2']) fleet.say(id, T0)
  fleet.run(14 * MINUTE)
  expect(suspectsOf(fleet.fleet, 1, fleet.now())).toEqual([])
  fleet.say('2')
  fleet.run(3 * MINUTE)
  expect(suspectsOf(fleet.fleet, 1, fleet.now())).toEqual([{ terminalId: '1', urgent: true }])
  fleet.tell('1', T0, { readings: { ignition: false } })
  expect(suspectsOf(fleet.fleet, 1, fleet.now())).toEqual([])
  fleet.run(HOUR)
  expect(fleet.state('1')).toBe('sleeping')
  expect(suspectsOf(fleet.fleet, 1, fleet.now()).map(({ terminalId }) => terminalId)).toEqual(['2'])
})

test('come by how much the answer matters: nearly silent, silent and not asked yet, the others', () => {
  const fleet = createPolledScenario()
  const driving = { readings: { ignition: true, speedKmh: 9 } }
  fleet.say('told', T0)
  fleet.say('untold', T0)
  fleet.say('never', null)
  fleet.run(20 * MINUTE)
  for (const id of ['soon', 'sooner']) {
    fleet.say(id, fleet.now() - (id === 'soon' ? SECOND : MINUTE))
  }
  fleet.run(16 * MINUTE)
  fleet.tell('told', T0, driving)
  fleet.run(SECOND)
  expect(suspectsOf(fleet.fleet, 1, fleet.now())).toEqual([
    { terminalId: 'sooner', urgent: true },
    { terminalId: 'soon', urgent: true },
    { terminalId: 'untold', urgent: true },
    { terminalId: 'told', urgent: false },
  ])
})

test('a truck that was parked when it was last asked and then drove off is asked again', () => {
  const fleet = createPolledScenario()
  fleet.say('1', T0)
  fleet.run(MINUTE)
  fleet.tell('1', T0, { readings: { ignition: false } })
  fleet.say('1', fleet.now())
  fleet.run(20 * MINUTE)
  expect(suspectsOf(fleet.fleet, 1, fleet.now())).toEqual([{ terminalId: '1', urgent: true }])
})

test('only what the account has is asked about, and a pushed source has none', () => {
  const fleet = createPolledScenario()
  fleet.say('1', T0)
  fleet.run(40 * MINUTE)
  fleet.watch.polls?.values.fill(0)
  expect(suspectsOf(fleet.fleet, 1, fleet.now())).toEqual([])
  fleet.watch.polls = null
  expect(suspectsOf(fleet.fleet, 1, fleet.now())).toEqual([])
})
