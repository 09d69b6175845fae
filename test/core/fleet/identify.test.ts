import { describe, expect, test } from 'vitest'
import { conflictsOf } from '../../../src/core/fleet/conflicts.ts'
import { createFleet, EMPTY } from '../../../src/core/fleet/fleet.ts'
import { identify } from '../../../src/core/fleet/identify.ts'
import { changeTerminal, placeFor } from '../../../src/core/fleet/placing.ts'
import { MINUTE } from '../../../src/core/time.ts'
import { DEFAULTS, T0 } from '../../support/fleet-scenario.ts'

const OWN = 1
const FOREIGN = 2

/** `+1` is a terminal of the inventory, `?2` a discovered one; `=a` is a name that people gave it, `~b` a learnt one. */
function fleetOf(...terminals: readonly string[]) {
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  for (const text of terminals) {
    const [said = '', ...taught] = text.slice(1).split('~')
    const [id = '', ...aliases] = said.split('=')
    const row = placeFor(fleet, id)
    const learnt = taught.map((name) => ({ name, source: OWN }))
    const discovered = text.startsWith('?')
    changeTerminal(fleet, { ...EMPTY, row, id, aliases, learnt, discovered, firstSeenAt: T0 })
    fleet.table.source[row] = OWN
  }
  const idOf = (name: string): string | undefined => fleet.inventory.at(fleet.rows.get(name) ?? -1)?.id
  return {
    fleet,
    idOf,
    /** The id of the terminal that data counts for. */
    say: (terminalId: string, aliases: readonly string[], source = OWN): string | undefined =>
      fleet.inventory.at(identify(fleet, { terminalId, aliases, receivedAt: T0 }, source))?.id,
    shown: (): string[] =>
      [...fleet.inventory].filter(({ mergedInto }) => mergedInto === '').map((terminal) => terminal.id),
    disputes: (): string[] =>
      conflictsOf(fleet, 100)
        .conflicts.filter(({ kind }) => kind === 'data')
        .map(({ name, terminals: ids }) => `${name}: ${ids.join(' ')}`),
  }
}

describe('data that names its terminal', () => {
  test.each([
    ['in a new way teaches the name', ['+T1'], 'T1', ['S1'], 'T1', ['T1'], 'T1', []],
    ['by an id that nobody has makes one terminal of both', [], 'T1', ['S1'], 'T1', ['T1'], 'T1', []],
    ['like a discovered one merges it', ['+T1', '?S1'], 'T1', ['S1'], 'T1', ['T1'], 'T1', []],
    ['and both are discovered: its own id survives', ['?S1', '?T1'], 'T1', ['S1'], 'T1', ['T1'], 'T1', []],
    ['like one of the inventory counts for that one', ['+S1'], 'T1', ['S1'], 'S1', ['S1'], 'S1', []],
    ['so too late: it is merged into the inventory', ['+S1', '?T1'], 'T1', ['S1'], 'S1', ['S1'], 'S1', []],
    [
      'like two of the inventory changes nothing',
      ['+S1', '+S2'],
      'T1',
      ['S1', 'S2'],
      'T1',
      ['S1', 'S2', 'T1'],
      'S1',
      ['S1: S1 T1', 'S2: S2 T1'],
    ],
    [
      'although both are in the inventory changes nothing',
      ['+T1', '+S1'],
      'T1',
      ['S1'],
      'T1',
      ['T1', 'S1'],
      'S1',
      ['S1: S1 T1'],
    ],
    [
      'by what another one has learnt takes the name',
      ['?T0~S1', '?T1'],
      'T1',
      ['S1'],
      'T1',
      ['T0', 'T1'],
      'T1',
      ['S1: T1 T0'],
    ],
    [
      'by what one of the inventory has learnt takes the name, and is no other than it was',
      ['+T0~S1'],
      'T1',
      ['S1'],
      'T1',
      ['T0', 'T1'],
      'T1',
      ['S1: T1 T0'],
    ],
    [
      'by what people call one of the inventory counts for that one',
      ['+T0=S1'],
      'T1',
      ['S1'],
      'T0',
      ['T0'],
      'T0',
      [],
    ],
    ['by what no unit can be called by', ['+T1'], 'T1', ['000000000000000'], 'T1', ['T1'], undefined, []],
    ['with a blank in it', ['+T1'], 'T1', ['a b'], 'T1', ['T1'], undefined, []],
  ])('%s', (_name, before, terminalId, aliases, counts, shown, leads, disputes) => {
    const world = fleetOf(...before)
    // Twice: the second message finds everything settled.
    expect([world.say(terminalId, aliases), world.say(terminalId, aliases)]).toEqual([counts, counts])
    expect(world.shown().sort()).toEqual([...shown].sort())
    expect(world.idOf(aliases[0] ?? '')).toBe(leads)
    expect(world.disputes()).toEqual(disputes)
  })

  test.each([
    ['names the id of a discovered terminal of another source', 'T1', ['V1']],
    ['comes under the id of one and names a terminal of the inventory', 'V1', ['K1']],
  ])('and %s steals it from nobody', (_name, terminalId, aliases) => {
    const world = fleetOf('+K1', '?V1')
    world.say(terminalId, aliases, FOREIGN)
    expect(world.idOf('V1')).toBe('V1')
    expect(world.disputes()).toHaveLength(1)
    expect(world.fleet.mergers).toEqual([])
  })

  test('teaches at most eight names, however many a sender invents', () => {
    const world = fleetOf('+T1')
    for (let n = 10; n < 60; n += 1) world.say('T1', [`S${n}`])
    for (let n = 10; n < 60; n += 1) world.say(`X${n}`, ['T1'])
    expect(world.fleet.inventory.at(0)).toMatchObject({ aliases: [], learnt: { length: 8 } })
    expect(world.shown()).toHaveLength(51)
  })

  test('does not make one terminal of all that share a name', () => {
    const world = fleetOf()
    for (let n = 10; n < 20; n += 1) world.say(`T${n}`, ['gateway-7'])
    const settled = [...world.fleet.inventory]
    world.fleet.changedInventory.clear()
    for (let n = 10; n < 20; n += 1) world.say(`T${n}`, ['gateway-7'])
    expect(world.shown()).toHaveLength(10)
    expect(world.disputes()).toEqual(['gateway-7: T11 T10'])
    // However often they speak in turn: the name went from one to another once.
    expect([...world.fleet.inventory]).toEqual(settled)
    expect(world.fleet.changedInventory.size).toBe(0)
    expect(world.fleet.disputed).toHaveLength(1)
  })

  test('is listed as a conflict until people settle it', () => {
    const world = fleetOf('+T1', '+S1')
    for (let n = 0; n < 3; n += 1) world.say('T1', ['S1'])
    expect(world.disputes()).toEqual(['S1: S1 T1'])
    const taken = world.fleet.inventory.at(1)
    if (taken) changeTerminal(world.fleet, { ...taken, mergedInto: 'S1' })
    expect(world.disputes()).toEqual([])
  })

  test('teaches nothing while an inventory file is worked in', () => {
    const world = fleetOf('+T1', '?S1')
    world.fleet.namesAreFixed = true
    world.say('T1', ['S1'])
    expect(world.shown()).toEqual(['T1', 'S1'])
    world.fleet.namesAreFixed = false
    world.say('T1', ['S1'])
    expect(world.shown()).toEqual(['T1'])
  })

  test('finds settled names by look-ups alone', () => {
    const world = fleetOf('+T1')
    world.say('T1', ['S1', 'S2'])
    world.fleet.changedInventory.clear()
    const before = world.fleet.inventory.at(0)
    world.say('T1', ['S1', 'S2'])
    expect(world.fleet.inventory.at(0)).toBe(before)
    expect(world.fleet.changedInventory.size).toBe(0)
  })
})
