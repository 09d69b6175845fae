import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MOST_LEARNT, MOST_TAUGHT, withLearnt } from '../../../src/core/fleet/alias.ts'
import type { Fleet } from '../../../src/core/fleet/fleet.ts'
import { listing } from '../../../src/core/fleet/listing.ts'
import { createListRoom } from '../../../src/core/fleet/matching.ts'
import { leadingNames } from '../../support/leading-names.ts'
import { drained, namesWorld, restarted } from '../../support/names-world.ts'

describe('names that data taught', () => {
  test('lead to their terminal but are not in the file that people get', () => {
    const world = namesWorld()
    world.load('terminal_id,imei,aliases', 'T1,861234567890123,S1')
    world.hear('a: TRUCK7 861234567890123')
    world.hear('a: T1 8801')
    expect(['TRUCK7', '8801', 'S1'].map(world.idOf)).toEqual(['T1', 'T1', 'T1'])
    expect(world.leader('T1')).toMatchObject({
      aliases: ['S1'],
      learnt: [{ name: 'TRUCK7' }, { name: '8801' }],
    })
    expect(world.exported()).toContain('T1,,,,,,,,,861234567890123,,,,S1,active')
  })

  test('of merged terminals may have blanks in them, and the file is imported again without a change', () => {
    const world = namesWorld()
    world.hear('a: TRUCK_7 861234567890123')
    world.load('terminal_id,imei', 'T1,861234567890123')
    expect(world.learntBy('T1')).toEqual(['TRUCK 7'])
    expect(world.idOf('TRUCK 7')).toBe('T1')
    world.fleet.changedInventory.clear()
    expect(world.load(world.exported())).toMatchObject({ rejected: [], created: 0 })
    expect(world.fleet.changedInventory.size).toBe(0)
  })

  test('never make an export that the import refuses, however many there are', () => {
    const world = namesWorld()
    const said = Array.from({ length: 32 }, (_, n) => `P${n}`)
    world.load('terminal_id,aliases', `T1,${said.join(' ')}`)
    for (let n = 10; n < 60; n += 1) world.hear(`a: T1 S${n}`)
    for (let n = 10; n < 60; n += 1) world.hear(`a: X${n} P0`)
    expect(world.leader('T1')?.aliases).toEqual(said)
    expect(world.learntBy('T1')).toHaveLength(MOST_TAUGHT)
    expect(world.load(world.exported()).rejected).toEqual([])
  })

  test('are bounded, and of too many the oldest are forgotten and free again', () => {
    const world = namesWorld()
    for (let n = 10; n < 40; n += 1) world.hear(`a: D${n} N${n}`)
    const names = Array.from({ length: 30 }, (_, n) => `N${n + 10}`)
    world.load('terminal_id,aliases', `T1,${names.join(' ')}`)
    expect(world.shown()).toEqual(['T1'])
    expect(world.learntBy('T1')).toEqual(Array.from({ length: MOST_LEARNT }, (_, n) => `D${n + 24}`))
    expect([world.idOf('D10'), world.idOf('D39')]).toEqual([undefined, 'T1'])
    expect(world.hear('a: D10')).toBe('D10')
    const again = restarted(world)
    expect([again.idOf('D10'), again.idOf('D39')]).toEqual(['D10', 'T1'])
  })

  test('are what people said once people say them', () => {
    const world = namesWorld()
    world.hear('a: T1 8801 8802')
    world.load('terminal_id,aliases', 'T1,8801')
    expect(world.leader('T1')).toMatchObject({ aliases: ['8801'], learnt: [{ name: '8802' }] })
  })

  test('survive a restart with who taught them, and so does who was merged', () => {
    const world = namesWorld()
    world.load('terminal_id,imei', 'T1,861234567890123')
    world.hear('a: X1 861234567890123')
    world.hear('a: T1 8801')
    const again = restarted(world)
    expect(again.leader('T1')?.learnt).toEqual(world.leader('T1')?.learnt)
    expect(again.hear('a: 8801')).toBe('T1')
    expect(again.hear('b: X1')).toBe('X1')
  })

  test('are gone with the unit that is replaced', () => {
    const world = namesWorld()
    world.load('terminal_id,uuid', 'OLD,u')
    world.hear('a: OLD 8801')
    world.load('terminal_id,uuid', 'NEW,u')
    for (const one of [world, restarted(world)]) {
      expect([one.idOf('8801'), one.idOf('u'), one.learntBy('NEW')]).toEqual([undefined, 'NEW', []])
      expect(one.hear('a: NEW 8801')).toBe('NEW')
      expect(one.idOf('8801')).toBe('NEW')
      expect(one.lines()).toEqual([])
    }
  })

  test('are noted for the log, each once, where the terminal is in the inventory', () => {
    const world = namesWorld()
    world.load('terminal_id', 'T1')
    for (let n = 0; n < 3; n += 1) for (const text of ['a: T1 8801', 'a: D1 8802']) world.hear(text)
    expect(world.fleet.learnt).toEqual([{ from: '8801', into: 'T1' }])
    expect(world.lines()).toEqual([])
  })

  test('are found by a search for terminals', () => {
    const world = namesWorld()
    world.load('terminal_id', 'T1', 'T2')
    world.hear('a: T1 8801')
    const found = drained(
      listing(world.fleet, { q: '8801', sort: 'name', limit: 10 }, world.now(), createListRoom()),
    )
    expect(found).toMatchObject({ total: 1, items: [{ id: 'T1' }] })
  })
})

describe('data of another source', () => {
  test('under a name that the first one taught is of a terminal of its own', () => {
    const world = namesWorld()
    world.load('terminal_id', 'T1')
    world.hear('a: T1 8801')
    const heardAt = world.contactAt('T1')
    expect(world.hear('b: 8801')).toBe('8801')
    expect(world.contactAt('T1')).toBe(heardAt)
    expect([world.learntBy('T1'), world.leader('8801')?.discovered]).toEqual([[], true])
    expect(world.lines()).toEqual(['data 8801: 8801 T1'])
  })

  test('under a name that people gave counts for the terminal, whoever sends it', () => {
    const world = namesWorld()
    world.load('terminal_id,aliases', 'T1,8801')
    world.hear('a: T1 8801')
    expect(world.hear('b: 8801')).toBe('T1')
  })

  test('under the id of a terminal that people merged counts for the one that it is now', () => {
    const world = namesWorld()
    for (const source of ['a', 'b']) world.hear(`${source}: X1 861234567890123`)
    world.load('terminal_id,imei', 'T1,861234567890123')
    expect([world.hear('a: X1'), world.hear('b: X1')]).toEqual(['T1', 'T1'])
  })

  test('under an id that data of the first one merged is of a terminal of its own', () => {
    const world = namesWorld()
    world.load('terminal_id', 'T1')
    world.hear('a: X1')
    world.hear('a: T1 X1')
    expect([world.hear('a: X1'), world.hear('b: X1 861234567890123')]).toEqual(['T1', 'X1'])
    expect([world.idOf('861234567890123'), world.hear('a: T1')]).toEqual(['X1', 'T1'])
    expect(world.lines()).toEqual(['data X1: X1 T1'])
  })

  test('under a name that the first one taught is so too where it gives other names with it', () => {
    const world = namesWorld()
    world.load('terminal_id', 'T1')
    world.hear('a: T1 8801 8802')
    expect(world.hear('b: 8801 8802')).toBe('8801')
    expect([world.idOf('8801'), world.idOf('8802')]).toEqual(['8801', 'T1'])
  })

  test('cannot take a learnt name away', () => {
    const world = namesWorld()
    world.load('terminal_id', 'T1')
    world.hear('a: T1 8801')
    world.hear('b: X1 8801')
    expect([world.hear('a: 8801'), world.idOf('8801')]).toEqual(['T1', 'T1'])
    expect(world.lines()).toEqual(['data 8801: T1 X1'])
  })

  test.each([
    ['the name of another one', ['a: T1 8801', 'b: 8801', 'a: 8801']],
    ['an id that one source takes for another name', ['a: X1 861234567890123', 'b: X1', 'a: X1']],
  ])('and of the first one in turn under %s changes names once', (_name, texts) => {
    const world = namesWorld()
    world.load('terminal_id,imei', 'T1,861234567890123')
    for (let n = 0; n < 3; n += 1) for (const text of texts) world.hear(text)
    world.fleet.mergers.length = 0
    world.fleet.changedInventory.clear()
    const lines = world.lines()
    for (let n = 0; n < 20; n += 1) for (const text of texts) world.hear(text)
    expect(world.fleet.mergers).toEqual([])
    expect(world.fleet.changedInventory.size).toBe(0)
    expect(world.lines()).toEqual(lines)
    expect(world.fleet.disputed.length).toBeLessThanOrEqual(2)
  })
})

describe('a device that speaks as another unit', () => {
  test('is that unit from now on: its name goes with it, and people are told', () => {
    const world = namesWorld()
    world.load('terminal_id,uuid', 'OLDU,u')
    world.hear('a: OLDU 8801')
    const heardAt = world.contactAt('OLDU')
    expect(world.hear('a: NEWU 8801')).toBe('NEWU')
    expect([world.contactAt('OLDU'), world.idOf('8801')]).toEqual([heardAt, 'NEWU'])
    expect(world.leader('NEWU')?.discovered).toBe(true)
    expect(world.lines()).toEqual(['data 8801: NEWU OLDU'])
  })

  test('and then is imported with the uuid of the vehicle replaces the old one, with what is known of it', () => {
    const world = namesWorld()
    world.load('terminal_id,name,uuid', 'OLDU,Truck,u')
    world.hear('a: OLDU 8801')
    world.hear('a: NEWU 8801')
    const heardAt = world.contactAt('NEWU')
    world.fleet.mergers.length = 0
    expect(world.load('terminal_id,uuid', 'NEWU,u')).toMatchObject({
      rejected: [],
      created: 0,
      replaced: [{ vehicle: 'Truck', from: 'OLDU', to: 'NEWU' }],
    })
    expect(world.fleet.mergers).toEqual([{ from: 'OLDU', into: 'NEWU' }])
    for (const one of [world, restarted(world)]) {
      expect(one.contactAt('NEWU')).toBe(heardAt)
      expect(['u', '8801', 'OLDU'].map(one.idOf)).toEqual(['NEWU', 'NEWU', undefined])
      expect(one.lines()).toEqual([])
    }
  })

  test('replaces the old one as well where its id was only learnt for it, and begins anew', () => {
    const world = namesWorld()
    world.load('terminal_id,name,uuid,aliases', 'OLDU,Truck,u,8801')
    world.hear('a: NEWU 8801')
    expect(world.idOf('NEWU')).toBe('OLDU')
    expect(world.load('terminal_id,uuid', 'NEWU,u').replaced).toEqual([
      { vehicle: 'Truck', from: 'OLDU', to: 'NEWU' },
    ])
    expect([world.contactAt('NEWU'), world.leader('NEWU')?.name, world.idOf('OLDU')]).toEqual([
      0,
      'Truck',
      undefined,
    ])
    expect(restarted(world).idOf('u')).toBe('NEWU')
  })

  test('and as the old one in turn takes the name once, and is told once', () => {
    const world = namesWorld()
    world.load('terminal_id,uuid', 'OLDU,u')
    world.hear('a: OLDU 8801')
    world.hear('a: NEWU 8801')
    world.fleet.changedInventory.clear()
    world.fleet.learnt.length = 0
    for (let n = 0; n < 50; n += 1)
      for (const id of ['OLDU', 'NEWU']) expect(world.hear(`a: ${id} 8801`)).toBe(id)
    expect(world.fleet.changedInventory.size).toBe(0)
    expect([world.fleet.disputed.length, world.fleet.learnt.length]).toEqual([1, 0])
  })

  test('does not flap either where the terminal that lost the name is decommissioned', () => {
    const world = namesWorld()
    world.load('terminal_id,lifecycle', 'OLDU,decommissioned')
    world.hear('a: OLDU 8801')
    world.hear('a: NEWU 8801')
    world.fleet.changedInventory.clear()
    for (let n = 0; n < 5; n += 1) for (const id of ['OLDU', 'NEWU']) world.hear(`a: ${id} 8801`)
    expect([world.idOf('8801'), world.fleet.changedInventory.size, world.lines()]).toEqual(['NEWU', 0, []])
  })
})

const texts = fc.array(
  fc.oneof(
    fc
      .record({
        source: fc.constantFrom('a', 'b'),
        id: fc.constantFrom('1', '2', '3', '4'),
        aliases: fc.subarray(['1', '2', '3', '4', '5'], { maxLength: 2 }),
      })
      .map(({ source, id, aliases }) => [
        `${source}: ${[id, ...aliases.filter((one) => one !== id)].join(' ')}`,
      ]),
    fc
      .record({
        id: fc.constantFrom('1', '2', '3', '4'),
        uuid: fc.constantFrom('', '-', 'u', '5', '3'),
        aliases: fc.constantFrom('', '-', '3', '4 5', '1'),
        lifecycle: fc.constantFrom('', 'decommissioned', 'active'),
      })
      .map(({ id, uuid, aliases, lifecycle }) => [
        'terminal_id,uuid,aliases,lifecycle',
        `${id},${uuid},${aliases},${lifecycle}`,
      ]),
  ),
  { maxLength: 30 },
)

/** What must hold of names whatever happens. */
function expectConsistent(fleet: Fleet): void {
  for (const terminal of fleet.inventory) {
    expect(terminal.learnt.length).toBeLessThanOrEqual(MOST_LEARNT)
    for (const { name } of terminal.learnt) expect([name, fleet.rows.get(name)]).toEqual([name, terminal.row])
    expect(withLearnt(terminal, [])).toBe(terminal)
    if (terminal.mergedInto === '') expect(fleet.rows.get(terminal.id)).toBe(terminal.row)
    else expect([terminal.learnt, terminal.aliases]).toEqual([[], []])
  }
  for (const [, row] of leadingNames(fleet)) expect(fleet.inventory.at(row)?.mergedInto).toBe('')
}

describe('whatever data and people say', () => {
  test('a learnt name is one terminal’s alone and leads to it, also after a restart', () => {
    fc.assert(
      fc.property(texts, (steps) => {
        const world = namesWorld()
        for (const step of steps) {
          if (step.length === 1) world.hear(step[0] ?? '')
          else world.load(...step)
          expectConsistent(world.fleet)
        }
        const again = restarted(world)
        expectConsistent(again.fleet)
        expect(again.shown()).toEqual(world.shown())
      }),
      { numRuns: 1000 },
    )
  })

  test('an import that went through has what it says: its id and its uuid lead to its terminal', () => {
    fc.assert(
      fc.property(texts, (steps) => {
        const world = namesWorld()
        for (const step of steps) {
          if (step.length === 1) world.hear(step[0] ?? '')
          else if (world.load(...step).rejected.length === 0) {
            const [id = ''] = step[1]?.split(',') ?? []
            expect(world.leader(id)).toMatchObject({ id, discovered: false })
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  test('data that repeats itself ends by changing nothing', () => {
    fc.assert(
      fc.property(texts, texts, (before, steps) => {
        const world = namesWorld()
        for (const step of before) {
          if (step.length === 1) world.hear(step[0] ?? '')
          else world.load(...step)
        }
        const data = steps.filter(({ length }) => length === 1).map(([text = '']) => text)
        for (let n = 0; n < 12; n += 1) for (const text of data) world.hear(text)
        world.fleet.changedInventory.clear()
        world.fleet.mergers.length = 0
        world.fleet.disputed.length = 0
        for (let n = 0; n < 3; n += 1) for (const text of data) world.hear(text)
        expect(world.fleet.mergers).toEqual([])
        expect(world.fleet.changedInventory.size).toBe(0)
        expect(world.fleet.disputed).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })
})
