import { expect, test } from 'vitest'
import { restoreMass } from '../../../../src/core/freshness/mass/restore-mass.ts'
import { MINUTE, SECOND } from '../../../../src/core/time.ts'
import { createMassScenario, type Talker } from '../../../support/mass-scenario.ts'

const ofMts = ({ operator }: Talker): boolean => operator === 'MTS'
const nobody = (): boolean => false

function scenario() {
  const rig = createMassScenario()
  rig.add(50, { operator: 'MTS' })
  rig.add(150, { operator: 'Tele2' })
  return rig
}

/** All members of an incident have been back for so long when the program stops, for `downMs`. */
function restarted(backMs: number, downMs: number) {
  const before = scenario()
  before.run(10 * MINUTE)
  before.mute(ofMts)
  before.run(6 * MINUTE)
  before.mute(nobody)
  before.run(MINUTE + backMs)
  expect(before.closed).toEqual([])
  const after = scenario()
  after.fleet.table.contactAt.set(before.fleet.table.contactAt)
  after.fleet.table.liveAt.set(before.fleet.table.liveAt)
  after.skip(17 * MINUTE + backMs + downMs)
  const incidents = before.fleet.changedIncidents
  restoreMass(after.fleet, after.mass, { incidents, baselines: [], heartbeatAt: before.now() }, after.now())
  return after
}

test('a short restart only stops the ten minutes for which members must be back', () => {
  const after = restarted(7 * MINUTE, 30 * SECOND)
  after.run(2 * MINUTE)
  expect(after.closed).toEqual([])
  after.run(2 * MINUTE)
  expect(after.closed).toHaveLength(1)
})

test('after a long one nobody knows what happened meanwhile: they begin anew', () => {
  const after = restarted(7 * MINUTE, 3 * MINUTE)
  after.run(9 * MINUTE)
  expect(after.closed).toEqual([])
  after.run(2 * MINUTE)
  expect(after.closed).toHaveLength(1)
})

test('members that were not back before the restart are not back by it', () => {
  const before = restarted(7 * MINUTE, 30 * SECOND)
  before.mute(ofMts)
  before.run(30 * MINUTE)
  expect(before.closed).toEqual([])
})

test('an incident knows after a restart when it last grew', () => {
  const before = scenario()
  before.run(10 * MINUTE)
  before.mute((talker) => ofMts(talker) && Number(talker.id) < 15)
  before.run(8 * MINUTE)
  before.mute(ofMts)
  before.run(5 * MINUTE)
  const incidents = before.fleet.changedIncidents
  const grewAt = incidents[0]?.incident.timeline.find(({ kind }) => kind === 'grew')?.at
  const after = scenario()
  after.fleet.table.contactAt.set(before.fleet.table.contactAt)
  restoreMass(after.fleet, after.mass, { incidents, baselines: [], heartbeatAt: before.now() }, before.now())
  expect(grewAt).toBeGreaterThan(0)
  expect([...after.mass.open.values()].map((open) => open.grewAt)).toEqual([grewAt])
})
