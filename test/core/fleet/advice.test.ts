import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../../src/core/time.ts'
import { namesWorld, restarted } from '../../support/names-world.ts'

const IMEI = '861234567890123'

type Case = {
  /** CSV texts before. */
  readonly files: readonly (readonly string[])[]
  readonly data: readonly string[]
  readonly line: string
  /** Parts of the advice, and the file that follows it. */
  readonly advice: readonly (readonly [advice: string, header: string, row: string])[]
}

/** Every line that there can be, and every way out that it tells. */
const CASES: Readonly<Record<string, Case>> = {
  'data of one in the inventory has the id of another one': {
    files: [['terminal_id', 'A', 'B']],
    data: ['a: A B'],
    line: 'data B: B A',
    advice: [
      [
        'If both are one unit, import terminal B with lifecycle decommissioned.',
        'terminal_id,lifecycle',
        'B,decommissioned',
      ],
      ['If they are two units, import terminal B with B in its aliases.', 'terminal_id,aliases', 'B,B'],
    ],
  },
  'data of one in the inventory has the IMEI of another one': {
    files: [['terminal_id,imei', 'A,', `B,${IMEI}`]],
    data: [`a: A ${IMEI}`],
    line: `data ${IMEI}: B A`,
    advice: [
      [
        'import the one that is not to be judged with lifecycle decommissioned',
        'terminal_id,lifecycle',
        'B,decommissioned',
      ],
      [
        'import the one that is not to be judged with lifecycle decommissioned',
        'terminal_id,lifecycle',
        'A,decommissioned',
      ],
      [`import terminal B with ${IMEI} in its aliases`, 'terminal_id,aliases', `B,${IMEI}`],
      ['or with - as its imei if that is wrong', 'terminal_id,imei', 'B,-'],
    ],
  },
  'data of one in the inventory has the uuid of another one': {
    files: [['terminal_id,uuid', 'A,', 'B,u']],
    data: ['a: A u'],
    line: 'data u: B A',
    advice: [['or with - as its uuid if that is wrong', 'terminal_id,uuid', 'B,-']],
  },
  'data of a discovered one has names of two in the inventory': {
    files: [['terminal_id', 'B', 'C']],
    data: ['a: A B C'],
    line: 'data B: B A',
    advice: [],
  },
  'data of a discovered one of another source has the id of one in the inventory': {
    files: [['terminal_id', 'B']],
    data: ['a: A', 'b: A B', 'a: A'],
    line: 'data B: B A',
    advice: [
      ['If both are one unit, import terminal B with A in its aliases.', 'terminal_id,aliases', 'B,A'],
      ['If they are two units, import terminal B with B in its aliases.', 'terminal_id,aliases', 'B,B'],
    ],
  },
  'data of one in the inventory has the id of a discovered one of another source': {
    files: [['terminal_id', 'A']],
    data: ['b: X', 'a: A X'],
    line: 'data X: X A',
    advice: [
      ['If both are one unit, import terminal A with X in its aliases.', 'terminal_id,aliases', 'A,X'],
      ['If they are two units, import terminal X with X in its aliases.', 'terminal_id,aliases', 'X,X'],
    ],
  },
  'data of two discovered ones of two sources has one name': {
    files: [],
    data: ['a: A N', 'b: B N'],
    line: 'data N: A B',
    advice: [
      ['If both are one unit, import terminal B with A in its aliases.', 'terminal_id,aliases', 'B,A'],
      ['If they are two units, import terminal A with N in its aliases.', 'terminal_id,aliases', 'A,N'],
    ],
  },
  'data of two in the inventory of two sources has one name': {
    files: [['terminal_id', 'A', 'B']],
    data: ['a: A N', 'b: B N'],
    line: 'data N: A B',
    advice: [
      [
        'import the one that is not to be judged with lifecycle decommissioned',
        'terminal_id,lifecycle',
        'B,decommissioned',
      ],
      ['import terminal A with N in its aliases', 'terminal_id,aliases', 'A,N'],
      ['or terminal B with it', 'terminal_id,aliases', 'B,N'],
    ],
  },
  'a device speaks as a new unit': {
    files: [['terminal_id,uuid', 'OLDU,u']],
    data: ['a: OLDU N', 'a: NEWU N'],
    line: 'data N: NEWU OLDU',
    advice: [
      [
        'If the unit of the vehicle was replaced, import terminal NEWU with uuid u.',
        'terminal_id,uuid',
        'NEWU,u',
      ],
      [
        'If both are one unit, import terminal OLDU with NEWU in its aliases.',
        'terminal_id,aliases',
        'OLDU,NEWU',
      ],
      ['If they are two units, import terminal NEWU with N in its aliases.', 'terminal_id,aliases', 'NEWU,N'],
    ],
  },
  'a device speaks as another unit that is in the inventory': {
    files: [['terminal_id,uuid', 'A,u', 'B,']],
    data: ['a: A N', 'a: B N'],
    line: 'data N: B A',
    advice: [
      ['If the unit of the vehicle was replaced, import terminal B with uuid u.', 'terminal_id,uuid', 'B,u'],
      [
        'import the one that is not to be judged with lifecycle decommissioned',
        'terminal_id,lifecycle',
        'A,decommissioned',
      ],
      ['import terminal B with N in its aliases', 'terminal_id,aliases', 'B,N'],
      ['or terminal A with it', 'terminal_id,aliases', 'A,N'],
    ],
  },
  'a device that was discovered speaks as one in the inventory': {
    files: [['terminal_id', 'B']],
    data: ['a: A N', 'a: B N'],
    line: 'data N: B A',
    advice: [
      ['If both are one unit, import terminal B with A in its aliases.', 'terminal_id,aliases', 'B,A'],
      ['import terminal B with N in its aliases', 'terminal_id,aliases', 'B,N'],
    ],
  },
  'another source speaks under a learnt name': {
    files: [['terminal_id', 'A']],
    data: ['a: A N', 'b: N'],
    line: 'data N: N A',
    advice: [
      ['If both are one unit, import terminal A with N in its aliases.', 'terminal_id,aliases', 'A,N'],
      ['If they are two units, import terminal N with N in its aliases.', 'terminal_id,aliases', 'N,N'],
    ],
  },
  'people gave two terminals one IMEI': {
    files: [['terminal_id,imei', `A,${IMEI}`, `B,${IMEI}`]],
    data: [],
    line: `alias ${IMEI}: A B`,
    advice: [
      ['If it is of A, import terminal B with - as its imei', 'terminal_id,imei', 'B,-'],
      ['else take it from A in the same way', 'terminal_id,imei', 'A,-'],
    ],
  },
  'people gave two terminals one alias': {
    files: [['terminal_id,aliases', 'A,N', 'B,N M']],
    data: ['a: A N', 'a: B N'],
    line: 'alias N: A B',
    advice: [
      ['import terminal B with other aliases, or - for none', 'terminal_id,aliases', 'B,M'],
      ['import terminal B with other aliases, or - for none', 'terminal_id,aliases', 'B,-'],
    ],
  },
  'people gave a terminal the id of another one': {
    files: [
      ['terminal_id', 'A', 'B'],
      ['terminal_id,aliases', 'B,A'],
    ],
    data: [],
    line: 'alias A: A B',
    advice: [
      ['To settle it, import terminal B with other aliases, or - for none', 'terminal_id,aliases', 'B,-'],
    ],
  },
}

function begin({ files, data }: Case) {
  const world = namesWorld()
  for (const file of files) expect(world.load(...file).rejected).toEqual([])
  for (const text of data) world.hear(text)
  return world
}

describe('the advice of a conflict', () => {
  const ways = Object.entries(CASES).flatMap(([what, one]) =>
    one.advice.map(([advice, header, row]) => ({ what, advice, header, row, one })),
  )

  test.each(ways)('where $what, "$advice", makes the line go and brings no other one', (way) => {
    const { one, advice, header, row } = way
    const world = begin(one)
    const [conflict] = world.conflicts().conflicts
    expect(world.lines()).toContain(one.line)
    expect(conflict?.text).toContain(advice)
    expect(world.load(header, row).rejected).toEqual([])
    expect(world.lines()).not.toContain(one.line)
    // Data goes on as before, but for a unit that was taken out.
    const data = advice.includes('was replaced') ? one.data.slice(-1) : one.data
    for (let n = 0; n < 3; n += 1) for (const text of data) world.hear(text)
    expect(world.lines()).toEqual([])
    expect(restarted(world).lines()).toEqual([])
  })

  test('of two lines settles one after the other', () => {
    const world = begin(CASES['data of a discovered one has names of two in the inventory'] ?? fail())
    expect(world.lines()).toEqual(['data B: B A', 'data C: C A'])
    world.load('terminal_id,aliases', 'B,A')
    world.hear('a: A B C')
    expect(world.lines()).toEqual(['data C: C B'])
    world.load('terminal_id,aliases', 'C,C')
    world.hear('a: A B C')
    expect(world.lines()).toEqual([])
  })

  test('never asks for an alias with a blank, which no file can hold', () => {
    const world = namesWorld()
    world.load('terminal_id,imei', `T1,${IMEI}`)
    world.hear(`a: TRUCK_7 ${IMEI}`)
    world.hear('b: TRUCK_7')
    const [conflict] = world.conflicts().conflicts
    expect(conflict?.text).toMatch(/own now\. If they are two units, import terminal TRUCK 7\.$/)
    expect(world.load('terminal_id', 'TRUCK 7').rejected).toEqual([])
    expect(world.lines()).toEqual([])
  })
})

describe('a dispute', () => {
  test('goes by itself an hour after data has stopped saying it while its terminal speaks', () => {
    const world = namesWorld()
    world.load('terminal_id', 'A', 'B')
    world.hear('a: A B')
    world.wait(2 * HOUR)
    // Nothing was heard of it at all: nobody knows whether the sender was corrected.
    expect(world.lines()).toEqual(['data B: B A'])
    world.hear('a: A B')
    world.wait(59 * MINUTE)
    world.hear('a: A')
    expect(world.lines()).toEqual(['data B: B A'])
    world.wait(2 * MINUTE)
    world.hear('a: A')
    expect(world.lines()).toEqual([])
    expect(world.fleet.disputes.size).toBe(0)
  })

  test('about a name that went to another terminal stays until people have decided', () => {
    const world = namesWorld()
    world.load('terminal_id', 'A')
    world.hear('a: A N')
    world.hear('a: B N')
    world.wait(2 * HOUR)
    world.hear('a: A')
    expect(world.lines()).toEqual(['data N: B A'])
  })

  test('comes up again when data says it again', () => {
    const world = namesWorld()
    world.load('terminal_id', 'A', 'B')
    world.hear('a: A B')
    world.load('terminal_id,lifecycle', 'B,decommissioned')
    expect(world.lines()).toEqual([])
    world.load('terminal_id,lifecycle', 'B,active')
    world.hear('a: A B')
    expect(world.lines()).toEqual(['data B: B A'])
    expect(world.fleet.disputed).toHaveLength(2)
  })

  test('drives out the oldest where there are too many, and all that hold are counted', () => {
    const world = namesWorld()
    const ids = Array.from({ length: 1100 }, (_, n) => `B${n}`)
    world.load('terminal_id', 'A', ...ids)
    for (const id of ids) world.hear(`a: A ${id}`)
    expect(world.conflicts()).toMatchObject({ total: 1000, conflicts: { length: 100 } })
    expect(world.lines()[0]).toBe('data B100: B100 A')
    expect(world.fleet.disputed).toHaveLength(1000)
    // Settled ones leave room for others.
    world.load('terminal_id,lifecycle', ...ids.slice(100, 1099).map((id) => `${id},decommissioned`))
    expect(world.conflicts().total).toBe(1)
    world.hear('a: A B0')
    expect(world.lines()).toEqual(['data B1099: B1099 A', 'data B0: B0 A'])
  })
})

function fail(): never {
  throw new Error('there is no such case')
}
