import { describe, expect, test } from 'vitest'
import { isBlind } from '../../../../src/core/freshness/blindness.ts'
import { HOUR, MINUTE, SECOND } from '../../../../src/core/time.ts'
import { T0 } from '../../../support/fleet-scenario.ts'
import { createMassScenario, type Talker } from '../../../support/mass-scenario.ts'

const nobody = (): boolean => false
const everybody = (): boolean => true

function scenario({ members = 40, learntDays = 14, intervalMs = 30 * SECOND } = {}) {
  const fleet = createMassScenario({ learntDays })
  fleet.add(members, (n) => ({ operator: `O${n % 4}`, client: `C${n % 5}` }), 1, intervalMs)
  fleet.run(20 * MINUTE)
  return fleet
}

function isGateBlind({ fleet }: ReturnType<typeof createMassScenario>): boolean {
  const [watch] = fleet.sources
  return watch !== undefined && isBlind(watch.blindness)
}

const thirdTalks = ({ id }: Talker): boolean => Number(id) % 4 !== 0

describe('the observer guard', () => {
  test('takes the collapse of a source for a fault of ours or the service, and not for one of its terminals', () => {
    const fleet = scenario()
    fleet.mute(everybody)
    fleet.run(3 * HOUR)
    expect(fleet.names()).toEqual(['ingest/gate'])
    expect(fleet.opened[0]).toMatchObject({ expected: 40, openedAt: T0 + 21 * MINUTE })
    expect(fleet.fleet.sources[0]?.causes.get('rate')).toBe(T0 + 20 * MINUTE)
    expect(fleet.transitions.filter(({ to }) => to === 'stale')).toEqual([])
    expect(isGateBlind(fleet)).toBe(true)
  })

  test('sees a rate under 30 %, and lets one over it pass', () => {
    const quarter = scenario()
    quarter.mute(thirdTalks)
    quarter.run(MINUTE)
    expect(quarter.names()).toEqual(['ingest/gate'])
    const third = scenario()
    third.mute(({ id }) => Number(id) % 3 !== 0)
    third.run(MINUTE)
    expect(third.names()).toEqual([])
  })

  test('does not take archives that some upload meanwhile for a rate', () => {
    const fleet = scenario()
    fleet.mute(({ id }) => Number(id) % 3 !== 0)
    fleet.say(() => ({ kind: 'archive', eventAt: fleet.now() - HOUR }))
    fleet.run(MINUTE)
    expect(fleet.names()).toEqual(['ingest/gate'])
  })

  test('does not take what is left at the end of a shift for the whole', () => {
    const fleet = scenario({ members: 80 })
    const isAway = ({ id }: Talker): boolean => Number(id) >= 25
    fleet.say((talker) => (isAway(talker) ? { readings: { ignition: false, speedKmh: 0 } } : {}))
    fleet.mute(({ id }) => Number(id) < 14)
    fleet.run(MINUTE)
    fleet.mute((talker) => isAway(talker) || Number(talker.id) < 14)
    fleet.run(5 * MINUTE)
    expect(fleet.names()).not.toContain('ingest/gate')
    expect(isGateBlind(fleet)).toBe(false)
  })

  test('needs 20 members', () => {
    const fleet = scenario({ members: 19 })
    fleet.mute(everybody)
    fleet.run(10 * MINUTE)
    expect(fleet.names()).not.toContain('ingest/gate')
    expect(isGateBlind(fleet)).toBe(false)
  })

  test('needs 14 days in which it was learnt what is usual', () => {
    const fleet = scenario({ learntDays: 13 })
    fleet.mute(everybody)
    fleet.run(10 * MINUTE)
    expect(isGateBlind(fleet)).toBe(false)
  })

  test('lets an operator with most of the terminals be an incident of that operator', () => {
    const fleet = createMassScenario({ learntDays: 30 })
    fleet.add(160, (n) => ({ operator: 'MTS', client: `C${n % 5}` }))
    fleet.add(40, (n) => ({ operator: 'Tele2', client: `C${n % 5}` }))
    fleet.run(20 * MINUTE)
    fleet.mute(({ operator }) => operator === 'MTS')
    fleet.run(20 * MINUTE)
    // All that is silent came through the one source, which is therefore named too.
    expect(fleet.names()).toEqual(['operator/MTS = source/gate'])
    expect(isGateBlind(fleet)).toBe(false)
  })

  test('sees half of all members in three groups silent although the rate is higher', () => {
    const fleet = scenario({ members: 100 })
    fleet.mute(({ id }) => Number(id) % 2 === 0)
    fleet.run(5 * MINUTE)
    // Operators 0 and 2 alone are silent: that is no fault of the source.
    expect(fleet.names()).not.toContain('ingest/gate')
    const spread = scenario({ members: 100 })
    spread.mute(({ id }) => Number(id) % 7 < 4)
    spread.run(5 * MINUTE)
    expect(spread.names()).toEqual(['ingest/gate'])
    const from = spread.fleet.sources[0]?.causes.get('rate')
    expect(from).toBe(spread.opened[0]?.onsetAt)
  })

  test('judges each source by itself', () => {
    const gate = { id: 'gate', intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE }
    const fleet = createMassScenario({ learntDays: 14, sources: [gate, { ...gate, id: 'push' }] })
    fleet.add(40, (n) => ({ operator: `O${n % 4}` }), 1)
    fleet.add(40, (n) => ({ operator: `O${n % 4}` }), 2)
    fleet.run(20 * MINUTE)
    fleet.mute(({ source }) => source === 2)
    fleet.run(20 * MINUTE)
    expect(fleet.names()).toEqual(['ingest/push'])
    expect(isGateBlind(fleet)).toBe(false)
  })

  test('says that the source hears again when the rate was over half for two minutes, without a stale terminal', () => {
    const fleet = scenario()
    fleet.mute(everybody)
    fleet.run(2 * HOUR)
    fleet.mute(nobody)
    fleet.run(2 * MINUTE)
    expect(isGateBlind(fleet)).toBe(true)
    fleet.run(90 * SECOND)
    expect(isGateBlind(fleet)).toBe(false)
    expect(fleet.closed).toMatchObject([{ dimension: 'ingest', silent: 0 }])
    fleet.run(HOUR)
    expect(fleet.transitions.filter(({ to }) => to === 'stale')).toEqual([])
    expect(fleet.opened).toHaveLength(1)
  })

  test('does not while the rate is under half', () => {
    const fleet = scenario()
    fleet.mute(everybody)
    fleet.run(HOUR)
    fleet.mute(({ id }) => Number(id) % 5 < 3)
    fleet.run(HOUR)
    expect(isGateBlind(fleet)).toBe(true)
    fleet.mute(nobody)
    fleet.run(90 * SECOND)
    fleet.mute(everybody)
    fleet.run(2 * MINUTE)
    fleet.mute(nobody)
    fleet.run(2 * MINUTE)
    expect(isGateBlind(fleet)).toBe(true)
  })

  test('a terminal that died meanwhile is stale after its threshold and the grace', () => {
    const fleet = scenario()
    fleet.mute(everybody)
    fleet.run(HOUR)
    fleet.mute(({ id }) => id === '3')
    fleet.run(2 * HOUR)
    const stale = fleet.transitions.filter(({ to }) => to === 'stale')
    expect(stale.map(({ terminalId, alertId }) => [terminalId, alertId !== undefined])).toEqual([['3', true]])
    const heardFrom = fleet.closed[0]?.closedAt ?? 0
    expect((stale[0]?.at ?? 0) - heardFrom).toBeLessThanOrEqual(30 * MINUTE)
  })

  test('waits no longer than an hour for those who are gone while others are heard: each is a single case', () => {
    const fleet = scenario()
    const isGone = ({ id }: Talker): boolean => Number(id) >= 15
    fleet.mute(isGone)
    fleet.run(HOUR)
    expect(fleet.names()).toEqual(['ingest/gate'])
    expect(isGateBlind(fleet)).toBe(true)
    fleet.run(10 * MINUTE)
    expect(isGateBlind(fleet)).toBe(false)
    fleet.run(HOUR)
    const alerts = fleet.transitions.filter(({ alertId }) => alertId !== undefined)
    expect(alerts.map(({ terminalId }) => Number(terminalId))).toEqual([...Array(40).keys()].slice(15))
    expect(fleet.opened).toHaveLength(1)
  })

  test('waits for them as long as too few others are heard', () => {
    const fleet = scenario()
    fleet.mute(({ id }) => Number(id) >= 11)
    fleet.run(3 * HOUR)
    expect(isGateBlind(fleet)).toBe(true)
  })

  test('goes by what is usual: an evening on which three of four say nothing is one like others', () => {
    const fleet = scenario({ members: 80, learntDays: 1 })
    for (let day = 0; day < 16; day++) {
      fleet.mute(({ id }) => Number(id) % 8 !== 0)
      fleet.run(5 * MINUTE)
      fleet.mute(nobody)
      fleet.run(30 * MINUTE)
      fleet.skip(24 * HOUR - 35 * MINUTE)
    }
    expect(fleet.names().filter((name) => name === 'ingest/gate')).toEqual([])
  })
})
