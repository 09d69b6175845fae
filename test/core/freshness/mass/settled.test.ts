import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../../../src/core/time.ts'
import { DEFAULTS } from '../../../support/fleet-scenario.ts'
import { createMassScenario, type Talker } from '../../../support/mass-scenario.ts'

const isDead = ({ id }: Talker): boolean => Number(id) < 3

/** Ten of the 50 terminals of an operator fell silent together. Seven are back since so long, three never will be. */
function withDead(sinceMs: number, movingMs = 5 * MINUTE) {
  const settings = { ...DEFAULTS, default: { ...DEFAULTS.default, moving: movingMs } }
  const fleet = createMassScenario({ settings })
  fleet.add(50, { operator: 'MTS' })
  fleet.add(200, { operator: 'Tele2' })
  fleet.run(10 * MINUTE)
  fleet.mute(({ id }) => Number(id) < 10)
  fleet.run(5 * MINUTE)
  fleet.mute(isDead)
  fleet.run(sinceMs)
  expect(fleet.names()).toEqual(['operator/MTS'])
  expect(fleet.closed).toEqual([])
  return fleet
}

/** Who of those that fall silent now as well raises an alert. */
function alertsOf(fleet: ReturnType<typeof withDead>, isSilent: (talker: Talker) => boolean): number[] {
  const before = fleet.transitions.length
  fleet.mute((talker) => isDead(talker) || isSilent(talker))
  fleet.run(10 * MINUTE)
  const alerts = fleet.transitions.slice(before).filter(({ alertId }) => alertId !== undefined)
  return alerts.map(({ terminalId }) => Number(terminalId))
}

describe('an incident that lasts because some never come back', () => {
  test.each([20 * MINUTE, 3 * HOUR])('takes in nobody who fails alone %i ms later', (sinceMs) => {
    const fleet = withDead(sinceMs)
    expect(alertsOf(fleet, ({ id }) => id === '30')).toEqual([30])
    expect([...fleet.fleet.incidents.values()]).toMatchObject([{ members: 10, silent: 3 }])
  })

  test.each([
    ['before it is stale', 5 * MINUTE],
    ['when it is stale already', MINUTE],
  ])('lets go of a member that was back and fails alone hours later, %s', (_, movingMs) => {
    const fleet = withDead(3 * HOUR, movingMs)
    expect(alertsOf(fleet, ({ id }) => id === '7')).toEqual([7])
    expect([...fleet.fleet.incidents.values()]).toMatchObject([{ members: 10, silent: 3 }])
  })

  test('is not the next one of its group: that has a beginning of its own, and those who were back', () => {
    const fleet = withDead(3 * HOUR)
    expect(alertsOf(fleet, ({ operator }) => operator === 'MTS')).toEqual([])
    expect(fleet.names()).toEqual(['operator/MTS', 'operator/MTS'])
    expect([...fleet.fleet.incidents.values()].map(({ members }) => members)).toEqual([10, 47])
  })

  test('does not keep what is usual in its group from being learnt', () => {
    const { fleet, mass } = withDead(3 * HOUR)
    const number = fleet.groups.operator.numbers.get('MTS') ?? 0
    expect(mass.baselines.operator[number]?.count).toBeGreaterThan(0)
  })
})
