import { expect, test } from 'vitest'
import { addSource, createFleet, EMPTY } from '../../../src/core/fleet/fleet.ts'
import { mergeTerminals } from '../../../src/core/fleet/merge.ts'
import { putTerminal } from '../../../src/core/fleet/placing.ts'
import type { Scope } from '../../../src/core/fleet/scope.ts'
import { findingSources } from '../../../src/core/fleet/scope-sources.ts'
import { createSourceWatch } from '../../../src/core/freshness/source-watch.ts'
import { MINUTE, SECOND } from '../../../src/core/time.ts'
import { DEFAULTS, T0 } from '../../support/fleet-scenario.ts'
import { drained } from '../../support/names-world.ts'

/** Client and number of the source by which each terminal was last heard; 0: none has heard it. */
function fleetOf(...terminals: readonly (readonly [client: string, source: number])[]) {
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  for (const id of ['gate', 'hub', 'push']) {
    addSource(fleet, createSourceWatch({ id, intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE }, T0, T0, []))
  }
  for (const [row, [client, source]] of terminals.entries()) {
    putTerminal(fleet, { ...EMPTY, row, id: `t${row}`, client, firstSeenAt: T0 })
    fleet.table.source[row] = source
  }
  return fleet
}

const ofClient = (client: string): Scope => ({ clients: [client], groups: [] })

test('of the sources that are asked for, a scope has those that last heard one of its terminals', () => {
  const fleet = fleetOf(['North', 1], ['South', 2], ['North', 3], ['East', 0])
  const heard = (client: string, ...ids: readonly string[]) => [
    ...drained(findingSources(fleet, ofClient(client), ids)),
  ]
  expect(heard('North', 'gate', 'hub', 'push').sort()).toEqual(['gate', 'push'])
  expect(heard('North', 'hub')).toEqual([])
  expect(heard('South', 'hub', 'nowhere')).toEqual(['hub'])
  expect(heard('East', 'gate', 'hub', 'push')).toEqual([])
})

test('whoever may see everything has all of them, also one that nobody is heard by', () => {
  expect([...drained(findingSources(fleetOf(), 'all', ['gate']))]).toEqual(['gate'])
})

test('a terminal that was merged into another one has none', () => {
  const fleet = fleetOf(['North', 1], ['North', 2])
  mergeTerminals(fleet, 1, 0)
  fleet.table.source[1] = 2
  expect([...drained(findingSources(fleet, ofClient('North'), ['hub']))]).toEqual([])
})

test('it ends as soon as all are found', () => {
  const fleet = fleetOf(...Array.from({ length: 9000 }, () => ['North', 1] as const))
  const finding = findingSources(fleet, ofClient('North'), ['gate'])
  expect([finding.next().value, finding.next().done]).toEqual([4096, true])
})
