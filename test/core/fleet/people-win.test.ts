import { describe, expect, test } from 'vitest'
import { adoptRows, planAdoption } from '../../../src/core/fleet/discovered.ts'
import { drained, namesWorld, restarted } from '../../support/names-world.ts'

const IMEI = '861234567890123'

/** T1 of the inventory has learnt 8801 and the IMEI of somebody else. */
function taughtWorld() {
  const world = namesWorld()
  world.load('terminal_id,uuid', 'T1,u-1', 'T2,u-2')
  world.hear(`a: T1 8801 ${IMEI}`)
  return world
}

describe('a name that data taught', () => {
  test.each([
    ['id', 'terminal_id', '8801', '8801', '8801', 'a terminal of its own', 1],
    ['IMEI', 'terminal_id,imei', `T2,${IMEI}`, IMEI, 'T2', 'a name of terminal T2', 0],
    ['uuid', 'terminal_id,uuid', 'T3,8801', '8801', 'T3', 'a name of terminal T3', 1],
    ['alias', 'terminal_id,aliases', 'T2,8801 S2', '8801', 'T2', 'a name of terminal T2', 0],
  ])('is taken over by people who give it to another terminal as its %s', (...args) => {
    const [, header, line, name, owner, now, created] = args
    const world = taughtWorld()
    const report = world.load(header, line)
    expect(report).toMatchObject({ rejected: [], created, replaced: [] })
    expect(report.warnings).toEqual([
      `line 2: name ${name} was learnt from data for terminal T1 and now is ${now}`,
    ])
    for (const one of [world, restarted(world)]) {
      expect(one.idOf(name)).toBe(owner)
      expect(one.learntBy('T1')).toEqual([name === IMEI ? '8801' : IMEI])
    }
    // What people said is not told again, and data does not take it back.
    expect(world.load(header, line).warnings).toEqual([])
    expect([world.hear(`a: T1 ${name}`), world.idOf(name)]).toEqual(['T1', owner])
    // Among the aliases it is people's answer to that very question.
    expect(world.lines()).toEqual(header.endsWith('aliases') ? [] : [`data ${name}: ${owner} T1`])
  })

  test('of a terminal begins with nothing where people make it one of its own', () => {
    const world = taughtWorld()
    expect(world.hear('a: 8801')).toBe('T1')
    world.load('terminal_id', '8801')
    expect([world.contactAt('8801'), world.contactAt('T1')]).toEqual([0, world.now()])
    expect(world.hear('b: 8801')).toBe('8801')
  })

  test('of a discovered terminal makes that one the terminal of people', () => {
    const world = namesWorld()
    world.hear('a: D1 8801')
    expect(world.load('terminal_id', '8801')).toMatchObject({ created: 1, merged: 1, warnings: [] })
    expect([world.idOf('D1'), world.contactAt('8801')]).toEqual(['8801', world.now()])
  })

  test('is not told of where the row was refused', () => {
    const world = taughtWorld()
    expect(world.load('terminal_id,uuid', '8801,u-9', 'T9,u-9')).toMatchObject({ warnings: [] })
    expect(world.idOf('8801')).toBe('T1')
  })

  test('of the terminal itself is what people said without a warning', () => {
    const world = taughtWorld()
    expect(world.load('terminal_id,aliases', 'T1,8801').warnings).toEqual([])
    expect(world.leader('8801')).toMatchObject({ id: 'T1', aliases: ['8801'] })
  })

  test('does not stay where people clear the aliases, until data says it again', () => {
    const world = taughtWorld()
    world.load('terminal_id,aliases', 'T1,-')
    expect([world.learntBy('T1'), world.idOf('8801')]).toEqual([[], undefined])
    world.hear('a: T1 8801')
    expect(world.idOf('8801')).toBe('T1')
  })

  test('stays where people say nothing of aliases, or other ones', () => {
    const world = taughtWorld()
    world.load('terminal_id,aliases,name', 'T1,,Truck')
    world.load('terminal_id,aliases', 'T1,S1')
    expect(world.leader('8801')).toMatchObject({ id: 'T1', name: 'Truck', aliases: ['S1'] })
  })
})

describe('a vehicle tree', () => {
  test('makes a terminal of its own of an id that was only learnt, and its uuid its own', () => {
    const world = taughtWorld()
    world.fleet.learnt.length = 0
    const applied = world.tree({ terminalId: '8801', uuid: IMEI })
    expect(applied).toMatchObject({ created: 1, updated: 0, replaced: [], conflicts: [] })
    expect([world.idOf('8801'), world.idOf(IMEI), world.learntBy('T1')]).toEqual(['8801', '8801', []])
    expect(world.fleet.learnt).toEqual([
      { from: '8801', into: '8801' },
      { from: IMEI, into: '8801' },
    ])
  })

  test('that has a learnt id in the vehicle of its terminal has another unit there', () => {
    const world = taughtWorld()
    expect(world.tree({ terminalId: '8801', uuid: 'u-1' }).replaced).toMatchObject([
      { from: 'T1', to: '8801' },
    ])
    expect([world.idOf('u-1'), world.idOf('T1')]).toEqual(['8801', undefined])
    expect(world.tree({ terminalId: '8801', uuid: 'u-1' }).replaced).toEqual([])
  })

  test('that has a learnt id in the vehicle of a third one has that unit there', () => {
    const world = taughtWorld()
    expect(world.tree({ terminalId: '8801', uuid: 'u-2' }).replaced).toMatchObject([
      { from: 'T2', to: '8801' },
    ])
    expect([world.idOf('u-2'), world.idOf('u-1'), world.learntBy('T1')]).toEqual(['8801', 'T1', [IMEI]])
  })

  test('takes what people call a terminal for that terminal, and a learnt id of a discovered one for that one', () => {
    const world = namesWorld()
    world.load('terminal_id,aliases,uuid', 'T1,S1,u-1')
    world.hear('a: D1 8801')
    expect(world.tree({ terminalId: 'S1', uuid: 'u-1' }).replaced).toEqual([])
    expect(world.tree({ terminalId: '8801', uuid: 'u-8' })).toMatchObject({ created: 1, merged: 1 })
    expect(['D1', '8801', 'u-8'].map(world.idOf)).toEqual(['8801', '8801', '8801'])
    expect(world.contactAt('8801')).toBe(world.now())
  })
})

describe('adoption', () => {
  test('keeps what the terminal has learnt as learnt', () => {
    const world = namesWorld()
    world.hear('a: D1 8801')
    drained(adoptRows(world.fleet, planAdoption(world.fleet, ['D1']).rows, { client: 'North' }))
    expect(world.leader('8801')).toMatchObject({ id: 'D1', client: 'North', aliases: [], discovered: false })
    expect(world.exported()).not.toContain('8801')
  })

  test('of what was split off makes it a terminal that keeps its name', () => {
    const world = taughtWorld()
    world.hear('b: 8801')
    drained(adoptRows(world.fleet, planAdoption(world.fleet, ['8801']).rows, {}))
    world.hear('a: T1 8801')
    expect(world.leader('8801')).toMatchObject({ id: '8801', discovered: false })
  })
})

describe('a cleared cell', () => {
  test('takes away what was known, and a tree may fill it in again', () => {
    const world = namesWorld()
    world.load('terminal_id,name,imei,sim,uuid,aliases', `T1,Truck,${IMEI},+7900,u-1,S1`)
    expect(world.load('terminal_id,name,imei,sim,uuid,aliases', 'T1,-,-,-,-,-').rejected).toEqual([])
    expect(world.leader('T1')).toMatchObject({ name: '', imei: '', sim: '', uuid: '', aliases: [] })
    expect([IMEI, 'u-1', 'S1'].map(world.idOf)).toEqual([undefined, undefined, undefined])
    world.tree({ terminalId: 'T1', uuid: 'u-7', name: 'Bus' })
    expect(world.leader('u-7')).toMatchObject({ id: 'T1', name: 'Bus', fromTree: ['name', 'uuid'] })
    world.load('terminal_id,name', 'T1,-')
    expect(world.leader('T1')).toMatchObject({ name: '', fromTree: ['uuid'] })
  })

  test('of what was empty changes nothing', () => {
    const world = namesWorld()
    world.load('terminal_id', 'T1')
    world.fleet.changedInventory.clear()
    world.load('terminal_id,name,imei,sim,uuid,aliases', 'T1,-,-,-,-,-')
    expect(world.fleet.changedInventory.size).toBe(0)
  })

  test('lets the name lead to the next terminal that has it, without a restart', () => {
    const world = namesWorld()
    world.load('terminal_id,imei', `T1,${IMEI}`, `T2,${IMEI}`)
    expect(world.idOf(IMEI)).toBe('T1')
    world.load('terminal_id,imei', 'T1,-')
    expect([world.idOf(IMEI), world.lines()]).toEqual(['T2', []])
  })
})

test('a name that a replaced unit leaves behind leads to the next terminal that has it', () => {
  for (const tree of [false, true]) {
    const world = namesWorld()
    world.load('terminal_id,imei,uuid', `T1,${IMEI},u-1`, `T2,${IMEI},u-2`)
    if (tree) world.tree({ terminalId: 'T9', uuid: 'u-1' })
    else world.load('terminal_id,uuid', 'T9,u-1')
    expect([world.idOf(IMEI), world.lines()]).toEqual(['T2', []])
  }
})
