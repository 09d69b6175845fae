import { describe, expect, test } from 'vitest'
import { createCast, type SimulatedTerminal } from '../../../src/adapters/simulation/cast.ts'
import type { Character } from '../../../src/adapters/simulation/character.ts'
import { createOnlineFleet } from '../../../src/adapters/simulation/online-fleet.ts'
import { decodeActivity } from '../../../src/core/online/activity.ts'
import { decodeTree } from '../../../src/core/online/tree.ts'
import { decodeVehicleState } from '../../../src/core/online/vehicle-state.ts'
import { MINUTE, SECOND } from '../../../src/core/time.ts'
import { createFakeClock } from '../../support/fake-clock.ts'

const cast = createCast(52)

/** One terminal of the cast with another character. */
function alone(character: Character): readonly SimulatedTerminal[] {
  return cast.slice(0, 1).map((one) => ({ ...one, character, phaseMs: 1000 }))
}

describe('Omnicomm Online knows of the simulated fleet', () => {
  test('every vehicle that is in use, once, under dealer, client and group', () => {
    const tree = decodeTree(createOnlineFleet(createFakeClock(), cast).tree())
    const inUse = cast.filter(({ lifecycle }) => lifecycle !== 'decommissioned')
    expect(tree?.skipped).toBe(0)
    expect(tree?.vehicles.map(({ terminalId }) => terminalId).toSorted()).toEqual(
      inUse.map(({ id }) => id).toSorted(),
    )
    const [one] = inUse
    const known = tree?.vehicles.find(({ terminalId }) => terminalId === one?.id)
    expect(known?.groups).toEqual(['Omnicomm', one?.customer.dealer, one?.customer.client, one?.group])
    expect(tree?.vehicles.filter(({ receiving }) => receiving === false)).toHaveLength(1)
  })

  test('the data of each one that ever sent any, none of it from the future', async () => {
    const clock = createFakeClock()
    const fleet = createOnlineFleet(clock, cast)
    await clock.advance(20 * SECOND)
    const { rows = [], skipped } = decodeActivity(fleet.activity()) ?? {}
    const silent = cast.filter(({ character }) => character.kind === 'never')
    expect([rows.length, skipped]).toEqual([cast.length - silent.length, 0])
    for (const { lastDataAt } of rows) expect(lastDataAt).toBeLessThanOrEqual(clock.now())
  })

  test.each<[Character, number, number]>([
    [{ kind: 'driving' }, 0, -1],
    [{ kind: 'driving' }, 20, 16],
    [{ kind: 'dying', atMs: 12 * SECOND }, 60, 11],
    [{ kind: 'clock-behind', byMs: MINUTE }, 20, -44],
  ])(
    'when one that is %o sent last: after %d s what was measured at %d s',
    async (character, after, last) => {
      const clock = createFakeClock()
      const startedAt = clock.now()
      const fleet = createOnlineFleet(clock, alone(character))
      await clock.advance(after * SECOND)
      expect(fleet.activity()[0]?.dateID).toBe(startedAt + last * SECOND)
      // Nothing is told of twice or lost between two looks.
      expect(fleet.activity()[0]?.dateID).toBe(startedAt + last * SECOND)
    },
  )

  test('the state of a vehicle by its terminal or its uuid', async () => {
    const clock = createFakeClock()
    const fleet = createOnlineFleet(clock, alone({ kind: 'driving' }))
    await clock.advance(20 * SECOND)
    const [{ id, uuid } = { id: 0, uuid: '' }] = fleet.activity()
    const state = decodeVehicleState(fleet.state(String(id)))
    expect(state).toMatchObject({
      lastDataAt: clock.now() - 4 * SECOND,
      ignition: true,
      position: { latitude: expect.any(Number), longitude: expect.any(Number) },
    })
    expect(decodeVehicleState(fleet.state(uuid))).toEqual(state)
    expect(fleet.state('17')).toBeUndefined()
  })

  test('no place of one without a fix, and nothing of one that never sent', async () => {
    const clock = createFakeClock()
    const lost = createOnlineFleet(clock, alone({ kind: 'no-fix', atMs: 0 }))
    const never = createOnlineFleet(clock, alone({ kind: 'never' }))
    await clock.advance(20 * SECOND)
    const id = cast[0]?.id ?? ''
    expect(decodeVehicleState(lost.state(id))?.position).toBeNull()
    expect(never.state(id)).toBeUndefined()
    expect(never.activity()).toEqual([])
  })
})
