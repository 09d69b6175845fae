import { describe, expect, test } from 'vitest'
import { restoreMass } from '../../../../src/core/freshness/mass/restore-mass.ts'
import { DAY, HOUR, MINUTE } from '../../../../src/core/time.ts'
import { T0 } from '../../../support/fleet-scenario.ts'
import { createMassScenario, type Talker } from '../../../support/mass-scenario.ts'

/** A client whose drivers switch everything off at the end of their shift, among others that drive on. */
function shiftWorkers(count = 100) {
  const fleet = createMassScenario()
  fleet.add(count, { client: 'Factory', operator: 'MTS' })
  fleet.add(400, (n) => ({ client: `C${n % 10}`, operator: n % 2 === 0 ? 'MTS' : 'Tele2' }))
  return fleet
}

const ofFactory = ({ client }: Talker): boolean => client === 'Factory'
const nobody = (): boolean => false

/** Half an hour around the end of a shift, and then the same time on the next day. */
function endOfShift(fleet: ReturnType<typeof createMassScenario>, who: (talker: Talker) => boolean): void {
  fleet.mute(nobody)
  fleet.run(20 * MINUTE)
  fleet.mute(who)
  fleet.run(10 * MINUTE)
  fleet.mute(nobody)
  fleet.run(30 * MINUTE)
  fleet.skip(DAY - HOUR)
}

describe('the end of a shift', () => {
  test('is an incident on the first days and usual from then on', () => {
    const fleet = shiftWorkers()
    const found: number[] = []
    for (let day = 0; day < 10; day++) {
      const before = fleet.opened.length
      endOfShift(fleet, ({ client, id }) => client === 'Factory' && Number(id) < 60)
      found.push(fleet.opened.length - before)
    }
    expect(found).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
  })

  test('hides no silence of many more', () => {
    const fleet = shiftWorkers()
    for (let day = 0; day < 4; day++) {
      endOfShift(fleet, ({ client, id }) => client === 'Factory' && Number(id) < 40)
    }
    const before = fleet.opened.length
    endOfShift(fleet, ofFactory)
    expect(fleet.opened.slice(before).map(({ group }) => group)).toEqual(['Factory'])
  })
})

test('an outage is not learnt as usual', () => {
  const fleet = shiftWorkers()
  endOfShift(fleet, ofFactory)
  for (let day = 0; day < 6; day++) endOfShift(fleet, nobody)
  endOfShift(fleet, ofFactory)
  expect(fleet.opened.map(({ group }) => group)).toEqual(['Factory', 'Factory'])
})

describe('what is usual outlives a restart', () => {
  test('by groups', () => {
    const fleet = shiftWorkers()
    for (let day = 0; day < 3; day++) endOfShift(fleet, ({ id }) => Number(id) < 60)
    fleet.run(20 * MINUTE)
    const { changedBaselines } = fleet.fleet
    expect(new Set(changedBaselines.map(({ dimension, group }) => `${dimension}/${group}`))).toContain(
      'client/Factory',
    )
    const next = shiftWorkers()
    restoreMass(next.fleet, next.mass, { incidents: [], baselines: changedBaselines, heartbeatAt: null }, T0)
    endOfShift(next, ({ id }) => Number(id) < 60)
    expect(next.names()).toEqual([])
  })

  test('and since when the rate of a source is learnt', () => {
    const first = createMassScenario()
    first.add(40, (n) => ({ operator: `O${n % 4}` }))
    first.run(HOUR)
    const baselines = first.fleet.changedBaselines.filter(({ dimension }) => dimension === 'ingest')
    expect(baselines.map(({ group }) => group)).toContain('gate')
    const next = createMassScenario()
    next.add(40, (n) => ({ operator: `O${n % 4}` }))
    restoreMass(next.fleet, next.mass, { incidents: [], baselines, heartbeatAt: null }, T0)
    // At the first evaluation nobody was expected yet.
    expect(next.mass.observers[1]?.baseline?.since).toBe(T0 + MINUTE)
  })
})

test('an open incident goes on after a restart, with its members and its number', () => {
  const before = shiftWorkers()
  before.run(10 * MINUTE)
  before.mute(ofFactory)
  before.run(5 * MINUTE)
  const incidents = before.fleet.changedIncidents
  expect(incidents).toHaveLength(1)
  const after = shiftWorkers()
  after.mute(ofFactory)
  // The registers are stored too.
  after.fleet.table.contactAt.set(before.fleet.table.contactAt)
  after.fleet.table.liveAt.set(before.fleet.table.liveAt)
  after.skip(16 * MINUTE)
  restoreMass(after.fleet, after.mass, { incidents, baselines: [], heartbeatAt: before.now() }, after.now())
  expect(after.fleet.table.incident.filter((number) => number === 1)).toHaveLength(100)
  after.run(30 * MINUTE)
  expect([...after.fleet.incidents.values()]).toMatchObject([{ id: incidents[0]?.incident.id, silent: 100 }])
  after.mute(nobody)
  after.run(12 * MINUTE)
  expect(after.closed.map(({ id }) => id)).toEqual([incidents[0]?.incident.id])
  expect(after.opened).toEqual([])
})
