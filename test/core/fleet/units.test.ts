import { describe, expect, test } from 'vitest'
import { MINUTE } from '../../../src/core/time.ts'
import { namesWorld, restarted } from '../../support/names-world.ts'

function twoVehicles() {
  const world = namesWorld()
  world.load('terminal_id,name,imei,uuid', 'S1,Truck,861234567890123,ua', 'S2,Van,,ub')
  for (const id of ['S1', 'S2']) world.hear(`a: ${id}`)
  world.fleet.mergers.length = 0
  return world
}

describe('units that were exchanged between two vehicles', () => {
  test('are refused as one file, which says the way', () => {
    const world = twoVehicles()
    const before = [...world.fleet.inventory]
    expect(world.load('terminal_id,uuid', 'S1,ub', 'S2,ua').rejected).toEqual([
      'uuid ub is of terminal S2, which is on line 3; first import a file with - as the uuid of S2 and of S1, then this one',
      'uuid ua is of terminal S1, which is on line 2; first import a file with - as the uuid of S1 and of S2, then this one',
    ])
    expect([...world.fleet.inventory]).toEqual(before)
  })

  test('are in their new vehicles after the two files that it says', () => {
    const world = twoVehicles()
    expect(world.load('terminal_id,uuid', 'S1,-', 'S2,-').rejected).toEqual([])
    expect(world.load('terminal_id,name,uuid', 'S1,Van,ub', 'S2,Truck,ua')).toMatchObject({
      rejected: [],
      created: 0,
      replaced: [],
    })
    for (const one of [world, restarted(world)]) {
      expect(['ua', 'ub'].map((uuid) => [one.idOf(uuid), one.leader(uuid)?.name])).toEqual([
        ['S2', 'Truck'],
        ['S1', 'Van'],
      ])
      expect([one.shown(), one.lines()]).toEqual([['S1', 'S2'], []])
    }
  })
})

describe('a unit that goes into another vehicle whose unit broke', () => {
  test('is refused while it is in its own, and the reason says the way', () => {
    expect(twoVehicles().load('terminal_id,uuid', 'S1,ub').rejected).toEqual([
      'uuid ub is of terminal S2, and S1 is in the inventory already, in vehicle ua; if S1 takes its place, first import a file with - as the uuid of S1, then this one',
    ])
  })

  test('replaces it after that way, and keeps what belongs to the unit', () => {
    const world = twoVehicles()
    const heardAt = world.contactAt('S1')
    expect(world.load('terminal_id,uuid', 'S1,-').rejected).toEqual([])
    expect(world.load('terminal_id,uuid', 'S1,ub').replaced).toEqual([
      { vehicle: 'Van', from: 'S2', to: 'S1' },
    ])
    expect(world.fleet.mergers).toEqual([{ from: 'S2', into: 'S1' }])
    for (const one of [world, restarted(world)]) {
      expect(one.leader('ub')).toMatchObject({ id: 'S1', name: 'Van', imei: '861234567890123' })
      expect(['ua', 'S2', '861234567890123'].map(one.idOf)).toEqual([undefined, undefined, 'S1'])
      expect([one.contactAt('S1'), one.shown()]).toEqual([heardAt, ['S1']])
    }
    expect(world.hear('a: S2')).toBe('S2')
  })

  test('is refused together with the one that it replaces, for that one has to be taken out first', () => {
    const world = twoVehicles()
    world.load('terminal_id,uuid', 'S1,-')
    expect(world.load('terminal_id,uuid', 'S1,ub', 'S2,').rejected).toEqual([
      'uuid ub is of terminal S2, which is on line 3; first import a file with - as the uuid of S2, then this one',
    ])
    world.load('terminal_id,uuid', 'S2,-')
    expect(world.load('terminal_id,uuid', 'S1,ub', 'S2,')).toMatchObject({ rejected: [], replaced: [] })
    expect([world.idOf('ub'), world.shown()]).toEqual(['S1', ['S1', 'S2']])
  })
})

describe('the units that a vehicle had before', () => {
  test('are remembered with the time in which they were in it', () => {
    const world = namesWorld()
    world.load('terminal_id,name,uuid', 'S1,Truck,ua')
    world.wait(MINUTE)
    const first = world.now()
    world.load('terminal_id,uuid', 'S2,ua')
    world.wait(MINUTE)
    world.load('terminal_id,uuid', 'S3,ua')
    const units = [
      { id: 'S1', since: 0, until: first },
      { id: 'S2', since: first, until: first + MINUTE },
    ]
    for (const one of [world, restarted(world)]) {
      expect(one.leader('ua')).toMatchObject({ id: 'S3', name: 'Truck', formerUnits: units })
    }
    expect(world.hear('a: S1')).toBe('S1')
    expect(world.leader('S1')?.formerUnits).toEqual([])
  })

  test('are told apart where two vehicles exchange theirs', () => {
    const world = namesWorld()
    world.load('terminal_id,name,uuid', 'S1,Truck,ua', 'S2,Van,ub')
    world.tree({ terminalId: 'S3', uuid: 'ub' }, { terminalId: 'S2', uuid: 'ua' })
    const now = world.now()
    expect(world.leader('ua')).toMatchObject({ id: 'S2', firstSeenAt: now })
    expect(['ua', 'ub'].map((uuid) => world.leader(uuid)?.formerUnits)).toEqual([
      [{ id: 'S1', since: 0, until: now }],
      [{ id: 'S2', since: 0, until: now }],
    ])
  })
})

test('a terminal cannot be what people call another one until that name is taken from it', () => {
  const world = namesWorld()
  world.load('terminal_id,aliases', 'T1,S1 S2')
  expect(world.load('terminal_id', 'S1').rejected).toEqual([
    'S1 is another name of terminal T1; take the name from that one first (- clears a cell)',
  ])
  world.load('terminal_id,aliases', 'T1,-')
  expect(world.load('terminal_id', 'S1')).toMatchObject({ rejected: [], created: 1 })
})
