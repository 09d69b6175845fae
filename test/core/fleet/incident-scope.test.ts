import { describe, expect, test } from 'vitest'
import type { Fleet } from '../../../src/core/fleet/fleet.ts'
import { openRows, seenIncidents } from '../../../src/core/fleet/incident-scope.ts'
import { leadingOfClients } from '../../../src/core/fleet/leading.ts'
import { listing, viewRows } from '../../../src/core/fleet/listing.ts'
import { createListRoom } from '../../../src/core/fleet/matching.ts'
import { clearRow } from '../../../src/core/fleet/terminal-table.ts'
import { restoreMass } from '../../../src/core/freshness/mass/restore-mass.ts'
import { MINUTE } from '../../../src/core/time.ts'
import { addTerminal, EIGHT, emptyFleet, massSilence, openMass, put } from '../../support/flagged-fleet.ts'
import { createMassScenario, type Talker } from '../../support/mass-scenario.ts'
import { drained } from '../../support/names-world.ts'

const BETA = { clients: ['Beta'], groups: [] }

/** Four terminals of an incident of client Agro: the first two are of Beta, and the first one is back. */
function fleetOfTwo(): Fleet {
  const fleet = emptyFleet()
  for (const [id, client] of Object.entries({ 0: 'Beta', 1: 'Beta', 2: 'Agro', 3: 'Agro' })) {
    addTerminal(fleet, id, { client })
    put(fleet, id, 'stale', EIGHT)
  }
  const incident = massSilence({ dimension: 'client', group: 'Agro', members: 4, silent: 3 })
  openMass(fleet, { incident, rows: Uint32Array.of(0, 1, 2, 3) }, Uint32Array.of(1, 2, 3))
  return fleet
}

describe('an incident of another client', () => {
  const everything = { incident: { group: 'Agro' }, cause: { evidence: [{ silent: 3 }, {}] } }
  const own = { incident: { group: '' }, cause: { evidence: [{ group: '', silent: 1, expected: 2 }, {}] } }
  const query = { sort: 'name', limit: 9, perClient: 9 } as const
  const drawn = Uint32Array.of(0, 1)

  test.each([
    ['all', everything],
    [BETA, own],
  ] as const)('is in every list what %j may know of it', (scope, told) => {
    const fleet = fleetOfTwo()
    const room = createListRoom()
    const page = drained(listing(fleet, { ...query, client: 'Beta', scope }, EIGHT, room))
    expect(page).toMatchObject({ items: [told, told] })
    const leading = drained(leadingOfClients(fleet, { ...query, client: 'Beta', scope }, EIGHT, room))
    expect(leading).toMatchObject({ items: [told, told] })
    expect(viewRows(fleet, drawn, EIGHT, seenIncidents(fleet, scope))).toMatchObject([told, told])
  })

  test('is looked at once while one answer is given, and anew for the next one', () => {
    const fleet = fleetOfTwo()
    const incidentOf = seenIncidents(fleet, BETA)
    expect(incidentOf(1)).toBe(incidentOf(0))
    fleet.table.missing[0] = 1
    expect(incidentOf(0)).toMatchObject({ silent: 1 })
    expect(seenIncidents(fleet, BETA)(0)).toMatchObject({ silent: 2 })
  })

  test('is not taken for a later one that got its number meanwhile', () => {
    const fleet = fleetOfTwo()
    const incidentOf = seenIncidents(fleet, BETA)
    incidentOf(0)
    openMass(fleet, { incident: massSilence({ id: '2', group: 'MTS' }), rows: Uint32Array.of(0, 2) })
    expect(incidentOf(0)).toMatchObject({ id: '2', group: 'MTS', members: 1 })
  })

  test('does not count a row that was emptied since', () => {
    const fleet = fleetOfTwo()
    clearRow(fleet.table, 1)
    expect(seenIncidents(fleet, BETA)(0)).toMatchObject({ members: 1, silent: 0 })
    expect(seenIncidents(fleet, BETA)(1)).toBeNull()
  })
})

test('the rows of an incident are those that the table has with its number, also after a restart, until it is over', () => {
  const ofAgro = ({ client }: Talker): boolean => client === 'Agro'
  const begin = () => {
    const scenario = createMassScenario()
    scenario.add(50, { client: 'Agro' })
    scenario.add(200, { client: 'Beta' })
    return scenario
  }
  const rowsOf = ({ fleet }: ReturnType<typeof begin>): readonly number[] =>
    [...fleet.incidents.values()].flatMap((incident) =>
      [...openRows(fleet, incident)].toSorted((a, b) => a - b),
    )
  const inTable = ({ fleet }: ReturnType<typeof begin>): readonly number[] =>
    [...fleet.table.incident].flatMap((number, row) => (number === 0 ? [] : [row]))

  const before = begin()
  before.run(10 * MINUTE)
  before.mute((talker) => ofAgro(talker) && Number(talker.id) < 40)
  before.run(5 * MINUTE)
  before.mute(ofAgro)
  before.run(5 * MINUTE)
  expect(rowsOf(before)).toEqual(inTable(before))
  expect(rowsOf(before)).toHaveLength(50)

  const after = begin()
  const stored = { incidents: before.fleet.changedIncidents, baselines: [], heartbeatAt: before.now() }
  after.fleet.table.contactAt.set(before.fleet.table.contactAt)
  after.skip(before.now() - after.now() + MINUTE)
  restoreMass(after.fleet, after.mass, stored, after.now())
  expect(rowsOf(after)).toEqual(rowsOf(before))
  after.run(15 * MINUTE)
  expect(after.closed).toHaveLength(1)
  expect(after.fleet.incidentRows.size).toBe(0)
})
