import { describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { mergeTerminals } from '../../src/core/fleet/merge.ts'
import type { InventoryFromTree } from '../../src/core/online/tree-inventory.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import { type FleetFlush, StoreError } from '../../src/ports.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { startStation } from '../support/fleet-station.ts'
import { leadingNames } from '../support/leading-names.ts'
import { ANNA } from '../support/store-rows.ts'

async function begin() {
  const clock = createFakeClock()
  const stores = createMemoryStores()
  const flushes: FleetFlush[] = []
  const trouble = { isLocked: false }
  const recorded = {
    ...stores,
    fleet: {
      ...stores.fleet,
      flush: async (flush: FleetFlush) => {
        if (trouble.isLocked) throw new StoreError('locked', 'it is locked')
        flushes.push(flush)
        await stores.fleet.flush(flush)
      },
    },
  }
  const station = await startStation(clock, recorded)
  const load = (...lines: readonly string[]) =>
    station.desk.importCsv(new TextEncoder().encode(lines.join('\n')))
  /** The terminal is heard for so long, every 30 s. */
  async function talk(id: string, ms: number): Promise<void> {
    for (const end = clock.now() + ms; clock.now() < end; ) {
      station.hear(id)
      await clock.advance(30 * SECOND)
    }
  }
  const restart = async () => {
    station.crash()
    return startStation(clock, stores)
  }
  const { desk, fleet } = station
  return { clock, stores, station, load, talk, restart, flushes, trouble, desk, fleet }
}

type Begun = Awaited<ReturnType<typeof begin>>

const alerts = async ({ station }: Begun, id: string): Promise<number> =>
  (await station.history(id)).filter(({ alertId }) => alertId !== undefined).length

describe('a replaced terminal', () => {
  async function replacedWorld() {
    const world = await begin()
    await world.load(
      'terminal_id,name,client,profile,uuid,imei,sim,firmware',
      '1,Truck,North,tractor,u-1,861234567890123,sim-1,147',
    )
    await world.talk('1', 10 * MINUTE)
    await world.desk.change('1', { maintenance: { from: 5, to: 6, reason: 'old' } }, ANNA)
    return world
  }

  test('leaves its vehicle everything that people said, and its history', async () => {
    const world = await replacedWorld()
    const history = await world.station.history('1')
    expect(await world.load('terminal_id,uuid', '2,u-1')).toEqual({
      created: 0,
      updated: 1,
      merged: 0,
      replaced: [{ vehicle: 'Truck', from: '1', to: '2' }],
      rejected: [],
      rejectedTotal: 0,
      warnings: [],
    })
    const row = world.fleet.rows.get('2') ?? -1
    expect(world.fleet.inventory.at(row)).toMatchObject({
      ...{ id: '2', name: 'Truck', client: 'North', profile: 'tractor', uuid: 'u-1', discovered: false },
      ...{ imei: '', sim: '', firmware: '', maintenance: { reason: 'old' }, firstSeenAt: world.clock.now() },
    })
    expect(world.desk.seenBy('all').get('u-1')?.id).toBe('2')
    expect(world.desk.seenBy('all').get('1')).toBeUndefined()
    expect(world.desk.seenBy('all').get('861234567890123')).toBeUndefined()
    expect((await world.desk.seenBy('all').summary()).total).toBe(1)
    expect((await world.station.history('2')).slice(0, history.length)).toEqual(
      history.map((transition) => ({ ...transition, terminalId: '2' })),
    )
  })

  test('alarms nobody, however long the new unit takes to come', async () => {
    const world = await replacedWorld()
    await world.load('terminal_id,uuid', '2,u-1')
    await world.clock.advance(2 * DAY)
    expect(world.station.state('2')).toBe('never')
    await world.talk('2', 10 * MINUTE)
    expect(world.station.state('2')).toBe('fresh')
    expect((await world.station.history('2')).map(({ to }) => to)).not.toContain('stale')
    expect(await alerts(world, '2')).toBe(0)
  })

  test('whose new unit then falls silent is alerted as any other', async () => {
    const world = await replacedWorld()
    await world.load('terminal_id,uuid', '2,u-1')
    await world.talk('2', 10 * MINUTE)
    await world.clock.advance(HOUR)
    expect(await alerts(world, '2')).toBe(1)
  })

  test('goes on with what data has told of the new unit already, its names too', async () => {
    const world = await replacedWorld()
    await world.talk('2', 5 * MINUTE)
    const heardAt = world.station.contactAt('2')
    await world.load('terminal_id,uuid', '2,u-1')
    expect(world.desk.seenBy('all').get('2')).toMatchObject({
      name: 'Truck',
      state: 'fresh',
      contactAt: heardAt,
      discovered: false,
    })
  })

  test('by a unit of another client takes over nothing that people of that one wrote', async () => {
    const world = await replacedWorld()
    await world.load('terminal_id,client', '2,South\n3,North')
    const known = { until: world.clock.now() + HOUR, reason: 'in a drawer', by: 'anna' }
    for (const id of ['2', '3']) await world.desk.change(id, { acknowledged: known }, ANNA)
    const acknowledged = (id: string) => world.desk.seenBy('all').get(id)?.acknowledged
    await world.load('terminal_id,uuid', '2,u-1')
    expect(acknowledged('2')).toBeUndefined()
    await world.load('terminal_id,uuid', '3,u-1')
    expect(acknowledged('3')).toEqual(known)
  })

  test('is the same after a restart', async () => {
    const world = await replacedWorld()
    await world.talk('2', 5 * MINUTE)
    await world.load('terminal_id,uuid', '2,u-1')
    const again = await world.restart()
    expect(leadingNames(again.fleet)).toEqual(leadingNames(world.fleet))
    expect(again.desk.seenBy('all').get('2')).toMatchObject({
      name: 'Truck',
      contactAt: world.station.contactAt('2'),
    })
    expect(again.desk.seenBy('all').get('1')).toBeUndefined()
  })

  test('that speaks again is a discovered terminal without a past, and may go into another vehicle', async () => {
    const world = await replacedWorld()
    await world.load('terminal_id,uuid', '2,u-1')
    await world.talk('1', MINUTE)
    expect(world.desk.seenBy('all').get('1')).toMatchObject({ discovered: true, name: '', state: 'fresh' })
    expect((await world.station.history('1')).map(({ from }) => from)).toEqual([null])
    expect(await world.load('terminal_id,name,uuid', '1,Van,u-2')).toMatchObject({ updated: 1, replaced: [] })
    expect(world.desk.seenBy('all').get('u-2')).toMatchObject({ id: '1', name: 'Van' })
    expect(world.fleet.inventory).toHaveLength(2)
  })

  test('and back again is two replacements', async () => {
    const world = await replacedWorld()
    await world.load('terminal_id,uuid', '2,u-1')
    await world.load('terminal_id,uuid', '1,u-1')
    expect(world.desk.seenBy('all').get('u-1')).toMatchObject({ id: '1', name: 'Truck' })
    expect(world.desk.seenBy('all').get('2')).toBeUndefined()
    expect((await world.restart()).desk.seenBy('all').get('u-1')?.id).toBe('1')
  })

  test('is logged', async () => {
    const world = await replacedWorld()
    await world.load('terminal_id,uuid', '2,u-1')
    const line = world.station.log.lines.find(
      ({ message }) => message === 'the terminal of a vehicle was replaced',
    )
    expect(line?.fields).toEqual({ vehicle: 'Truck', from: '1', to: '2', by: 'inventory file' })
  })

  test('is not brought back by a file that was imported before', async () => {
    const world = await replacedWorld()
    await world.load('terminal_id,uuid', '2,u-1')
    const old = new TextEncoder().encode('terminal_id,uuid,name\n1,u-1,Lorry\n3,u-3,Bus\n')
    const report = await world.desk.importCsv(old, { replacements: 'left-out' })
    expect(report).toMatchObject({ created: 1, replaced: [], rejected: [] })
    expect(report.warnings).toEqual([
      'line 2: vehicle u-1 has terminal 2 by now, not 1; the row was left out',
    ])
    expect(world.desk.seenBy('all').get('u-1')).toMatchObject({ id: '2', name: 'Truck' })
  })
})

describe('a file whose vehicles contradict', () => {
  test.each([
    ['gives one vehicle to two units', ['8,u-5', '9,u-5'], 'uuid u-5 is already on line 2'],
    ['names both units', ['1,u-2', '2,u-2'], 'uuid u-2 is of terminal 2, which is on line 3'],
    [
      'moves a vehicle to a unit and names its old one',
      ['9,u-1', '1,'],
      'uuid u-1 is of terminal 1, which is on line 3',
    ],
    [
      'moves a vehicle to the unit of another one',
      ['2,u-1'],
      'uuid u-1 is of terminal 1, and 2 is in the inventory already',
    ],
    ['moves a vehicle to another name of a unit', ['S2,u-1'], 'S2 is another name of terminal 2'],
  ])('(%s) is refused as a whole', async (_name, lines, reason) => {
    const world = await begin()
    await world.load('terminal_id,uuid,aliases', '1,u-1,', '2,u-2,S2')
    const before = [...world.fleet.inventory]
    const stored = world.flushes.length
    const report = await world.load('terminal_id,uuid', ...lines, '77,')
    expect(report.rejected.map((one) => one.reason).join('\n')).toContain(reason)
    expect(report).toMatchObject({ created: 0, updated: 0, replaced: [] })
    expect([...world.fleet.inventory]).toEqual(before)
    expect(world.flushes).toHaveLength(stored)
  })

  test('or names is imported where people have to decide, and listed', async () => {
    const world = await begin()
    await world.load('terminal_id,imei,uuid', '1,861234567890123,u-1', '2,861234567890123,')
    const { conflicts, total } = world.desk.conflicts(10)
    expect(total).toBe(1)
    expect(conflicts).toMatchObject([{ kind: 'alias', name: '861234567890123', terminals: ['1', '2'] }])
    await world.load('terminal_id,aliases', '2,1')
    expect(world.desk.conflicts(10).conflicts.map(({ name }) => name)).toEqual(['861234567890123', '1'])
    expect(world.desk.conflicts(1)).toMatchObject({ total: 2, conflicts: [{}] })
    // What is there already is no reason to refuse a file that says it again.
    expect(await world.load('terminal_id,aliases', '2,1', '1,')).toMatchObject({ updated: 2, rejected: [] })
  })
})

describe('an import', () => {
  const many = (count: number, name = 'T'): string[] => [
    'terminal_id,name,uuid',
    ...Array.from({ length: count }, (_, n) => `${n},${name},u-${n}`),
  ]

  test('merges discovered terminals into those that the file names', async () => {
    const world = await begin()
    await world.talk('861234567890123', 5 * MINUTE)
    const heardAt = world.station.contactAt('861234567890123')
    expect(await world.load('terminal_id,name,imei', '1,Truck,861234567890123')).toMatchObject({
      created: 1,
      merged: 1,
    })
    expect(world.desk.seenBy('all').get('1')).toMatchObject({
      name: 'Truck',
      contactAt: heardAt,
      state: 'fresh',
    })
    expect(world.desk.seenBy('all').get('861234567890123')?.id).toBe('1')
    expect(await world.desk.seenBy('all').summary()).toMatchObject({ total: 1, clients: [{ total: 1 }] })
    expect(await world.desk.seenBy('all').list({ sort: 'name', limit: 10 })).toMatchObject({ total: 1 })
    expect((await world.station.history('1')).map(({ to }) => to)).toEqual(['fresh'])
    const again = await world.restart()
    expect(again.desk.seenBy('all').get('861234567890123')).toMatchObject({ id: '1', contactAt: heardAt })
    await world.clock.advance(MINUTE)
    expect((await again.history('861234567890123')).map(({ to }) => to)).toEqual([])
  })

  test('that changes the operator is a sign of why a terminal falls silent within the hour', async () => {
    const world = await begin()
    await world.load('terminal_id,operator', '1,МТС', '2,')
    for (const id of ['1', '2']) await world.talk(id, 5 * MINUTE)
    await world.load('terminal_id,operator', '1,МегаФон', '2,МегаФон')
    for (const id of ['1', '2']) await world.talk(id, 5 * MINUTE)
    // Said of a terminal that is silent already, or spelt in another way, it explains nothing.
    await world.load('terminal_id,operator', '1,МЕГАФОН', '2,Tele2')
    await world.clock.advance(HOUR)
    const causes = ['1', '2'].map((id) => world.desk.seenBy('all').get(id)?.cause)
    expect(causes).toMatchObject([
      { code: 'sim', evidence: expect.arrayContaining([expect.objectContaining({ kind: 'operator' })]) },
      { code: 'unknown' },
    ])
  })

  test('ends a silence that was none: the terminal spoke under another name', async () => {
    const world = await begin()
    await world.load('terminal_id', '1')
    await world.talk('1', 5 * MINUTE)
    await world.clock.advance(HOUR)
    await world.talk('861234567890123', 5 * MINUTE)
    expect(world.station.state('1')).toBe('stale')
    await world.load('terminal_id,imei', '1,861234567890123')
    expect(world.station.state('1')).toBe('fresh')
  })

  test('files what was judged a moment ago under the survivor', async () => {
    const world = await begin()
    await world.load('terminal_id', '1')
    await world.clock.advance(SECOND)
    world.station.hear('x1')
    let ticking: Promise<void> = Promise.resolve()
    await world.station.sweeper.sweepNow(async () => {
      // Judged now, stored only after the merger.
      ticking = world.clock.advance(SECOND)
      await new Promise((resolve) => setImmediate(resolve))
      expect(world.station.state('x1')).toBe('fresh')
      mergeTerminals(world.fleet, world.fleet.rows.get('x1') ?? -1, world.fleet.rows.get('1') ?? -1)
    })
    await ticking
    expect((await world.station.history('1')).map(({ to }) => to)).toContain('fresh')
    expect(await world.station.history('x1')).toEqual([])
  })

  test('is stored in one flush, while messages, judging and other flushes go on', async () => {
    const world = await begin()
    const loading = world.load(...many(3000))
    let ticks = 0
    while (world.fleet.rows.get('2999') === undefined) {
      world.station.hear(`late-${ticks % 7}`)
      await world.clock.advance(SECOND)
      await new Promise((resolve) => setImmediate(resolve))
      ticks += 1
    }
    expect(await loading).toMatchObject({ created: 3000, rejected: [] })
    const files = world.flushes.map(
      ({ terminals }) => terminals.filter(({ id }) => !id.startsWith('late')).length,
    )
    expect(files.filter((count) => count > 0)).toEqual([3000])
    expect(ticks).toBeGreaterThan(3)
    const again = await world.restart()
    expect([...again.fleet.inventory].map(({ row }) => row)).toEqual(
      [...again.fleet.inventory].map((_, row) => row),
    )
    expect((await again.desk.seenBy('all').summary()).total).toBe(
      (await world.desk.seenBy('all').summary()).total,
    )
  })

  test('that says nothing new stores nothing of the inventory', async () => {
    const world = await begin()
    await world.load(...many(20))
    world.flushes.length = 0
    expect(await world.load(...many(20))).toMatchObject({ created: 0, updated: 20 })
    expect(world.flushes.flatMap(({ terminals }) => terminals)).toEqual([])
  })

  test('waits for the one before it', async () => {
    const world = await begin()
    const [first, second] = await Promise.all([
      world.load(...many(2000, 'first')),
      world.load(...many(2000, 'second')),
    ])
    expect([first.created, second.created, second.updated]).toEqual([2000, 0, 2000])
    expect(world.desk.seenBy('all').get('7')?.name).toBe('second')
    // What the second one is checked against is what the first one has made.
    const [, third] = await Promise.all([
      world.load('terminal_id,uuid', 'a,u-a'),
      world.load('terminal_id,uuid', 'b,u-a'),
    ])
    expect(third.replaced).toHaveLength(1)
  })

  test('tells how far it is, phase by phase', async () => {
    const world = await begin()
    const phases: string[] = []
    await world.desk.importCsv(new TextEncoder().encode(many(2000).join('\n')), {
      told: ({ phase, done, total }) => {
        if (phases.at(-1) !== phase) phases.push(phase)
        if (total > 0) expect(done).toBeLessThanOrEqual(total)
      },
    })
    expect(phases).toEqual(['reading', 'checking', 'applying', 'storing'])
  })

  test.each([
    ['when it is done', []],
    ['also when it was refused', [',']],
  ])('learns nothing from data meanwhile, and goes on learning %s', async (_name, bad) => {
    const world = await begin()
    const phases = new Map<string, boolean>()
    await world.desk.importCsv(new TextEncoder().encode([...many(2000), ...bad].join('\n')), {
      told: ({ phase }) => void phases.set(phase, world.fleet.namesAreFixed),
    })
    expect(phases.get('checking')).toBe(true)
    expect(phases.get('applying') ?? true).toBe(true)
    expect(world.fleet.namesAreFixed).toBe(false)
  })
})

describe('while the store takes nothing', () => {
  test('imports and adoptions are not confirmed, but hold, are stored later, and stand in the audit trail', async () => {
    const world = await begin()
    world.station.hear('a')
    await world.clock.advance(SECOND)
    world.trouble.isLocked = true
    const bytes = new TextEncoder().encode('terminal_id,name\n1,Truck')
    await expect(world.desk.importCsv(bytes, { actor: ANNA })).rejects.toThrow(StoreError)
    await expect(world.desk.adopt({ terminals: ['a'], client: 'North' }, ANNA)).rejects.toThrow(StoreError)
    const [adoption, file] = await world.stores.audit.list({ limit: 9 })
    expect(file).toMatchObject({ action: 'inventory.import', after: { created: 1, updated: 0 } })
    expect(adoption).toMatchObject({ action: 'inventory.adopt', after: { adopted: 1, terminals: ['a'] } })
    world.trouble.isLocked = false
    await world.clock.advance(10 * SECOND)
    const again = (await world.restart()).desk.seenBy('all')
    expect(again.get('1')).toMatchObject({ name: 'Truck' })
    expect(again.get('a')).toMatchObject({ client: 'North', discovered: false })
  })

  test('what the service gave up before it changed anything has no entry', async () => {
    const world = await begin()
    world.station.hear('a')
    world.desk.end()
    const bytes = new TextEncoder().encode('terminal_id\n1')
    await expect(world.desk.importCsv(bytes, { actor: ANNA })).rejects.toThrow()
    await expect(world.desk.adopt({ terminals: ['a'] }, ANNA)).rejects.toThrow()
    expect(await world.stores.audit.list({ limit: 9 })).toEqual([])
  })
})

describe('adoption', () => {
  test('makes the chosen terminals part of the inventory, with what is said of all of them', async () => {
    const world = await begin()
    for (const id of ['a', 'b', 'c']) world.station.hear(id)
    expect(world.desk.discovered(1, 1)).toMatchObject({ total: 3, items: [{ id: 'b', source: 'gate' }] })
    expect(await world.desk.adopt({ terminals: ['a', 'b', 'a'], client: 'North' })).toEqual({
      adopted: 2,
      refused: [],
    })
    expect(world.desk.seenBy('all').get('a')).toMatchObject({ client: 'North', discovered: false })
    expect(world.desk.discovered(0, 10).items.map(({ id }) => id)).toEqual(['c'])
    expect((await world.restart()).desk.seenBy('all').get('b')).toMatchObject({
      client: 'North',
      discovered: false,
    })
  })

  test('of all leaves nobody out', async () => {
    const world = await begin()
    for (let n = 0; n < 600; n += 1) world.station.hear(`t${n}`)
    expect(await world.desk.adopt({ terminals: 'all', group: 'New' })).toEqual({ adopted: 600, refused: [] })
    expect(world.desk.discovered(0, 10).total).toBe(0)
  })

  test('with one that cannot be adopted adopts nobody', async () => {
    const world = await begin()
    await world.load('terminal_id', '1')
    for (const id of ['a', '1E+5']) world.station.hear(id)
    expect(await world.desk.adopt({ terminals: ['a', '1', 'x', '1E+5'] })).toEqual({
      adopted: 0,
      refused: [
        { id: '1', reason: 'not-discovered' },
        { id: 'x', reason: 'unknown' },
        { id: '1E+5', reason: 'no-id' },
      ],
    })
    expect(world.desk.seenBy('all').get('a')?.discovered).toBe(true)
  })
})

function vehicle(uuid: string, terminalId: string, said: Partial<InventoryFromTree> = {}): InventoryFromTree {
  return { terminalId, uuid, name: '', group: '', client: '', dealer: '', model: '', intake: 'on', ...said }
}

describe('a vehicle tree', () => {
  test('fills in what people have left empty, changes what it filled in, and nothing else', async () => {
    const world = await begin()
    await world.load('terminal_id,name', '1,Truck')
    const first = await world.desk.applyTree('online', [
      vehicle('u-1', '1', { name: 'A', client: 'North', model: 'Profi' }),
      vehicle('u-2', '2', { name: 'Van' }),
    ])
    expect(first).toMatchObject({ created: 1, updated: 1, replaced: [], conflicts: [], vanished: [] })
    const row = world.fleet.rows.get('1') ?? -1
    expect(world.fleet.inventory.at(row)).toMatchObject({
      ...{ name: 'Truck', client: 'North', model: 'Profi', uuid: 'u-1', intake: 'on' },
      fromTree: ['client', 'model', 'uuid'],
    })
    await world.load('terminal_id,client', '1,West')
    await world.desk.applyTree('online', [vehicle('u-1', '1', { name: 'B', client: 'East', model: 'Optim' })])
    expect(world.fleet.inventory.at(row)).toMatchObject({ name: 'Truck', client: 'West', model: 'Optim' })
  })

  test('that says nothing new changes and stores nothing', async () => {
    const world = await begin()
    const tree = [vehicle('u-1', '1', { name: 'A' }), vehicle('3', '3')]
    await world.desk.applyTree('online', tree)
    const before = [...world.fleet.inventory]
    world.flushes.length = 0
    expect(await world.desk.applyTree('online', tree)).toMatchObject({ created: 0, updated: 0 })
    expect([...world.fleet.inventory].every((terminal, row) => terminal === before[row])).toBe(true)
    expect(world.flushes).toEqual([])
    expect(before[1]?.uuid).toBe('')
  })

  test('keeps a file that was exported and imported from owning what it filled in', async () => {
    const world = await begin()
    await world.desk.applyTree('online', [vehicle('u-1', '1', { name: 'A' })])
    await world.load([...world.desk.exportCsv()].join(''))
    await world.desk.applyTree('online', [vehicle('u-1', '1', { name: 'B' })])
    expect(world.desk.seenBy('all').get('1')?.name).toBe('B')
  })

  test('adopts discovered terminals, under any of their names', async () => {
    const world = await begin()
    world.station.hear('1')
    world.station.hear('u-1')
    expect(await world.desk.applyTree('online', [vehicle('u-1', '1')])).toMatchObject({
      updated: 1,
      merged: 1,
    })
    expect(world.desk.seenBy('all').get('u-1')).toMatchObject({ id: '1', discovered: false })
  })

  test('suspends what the service takes no data of, until it does again; not knowing changes nothing', async () => {
    const world = await begin()
    await world.talk('1', 5 * MINUTE)
    for (const [intake, state] of [
      ['off', 'suspended'],
      ['unknown', 'suspended'],
      ['on', 'fresh'],
    ] as const) {
      await world.desk.applyTree('online', [vehicle('u-1', '1', { intake })])
      await world.clock.advance(SECOND)
      expect([intake, world.station.state('1')]).toEqual([intake, state])
    }
  })

  test('shows which terminals were replaced, and neither old nor new one alarms', async () => {
    const world = await begin()
    await world.desk.applyTree('online', [vehicle('u-1', '1', { name: 'A' })])
    await world.talk('1', 10 * MINUTE)
    const report = await world.desk.applyTree('online', [vehicle('u-1', '2', { name: 'A' })])
    expect(report).toMatchObject({
      created: 0,
      replaced: [{ vehicle: 'A', from: '1', to: '2' }],
      vanished: [],
    })
    await world.clock.advance(2 * HOUR)
    expect(world.desk.seenBy('all').get('1')).toBeUndefined()
    expect(await alerts(world, '2')).toBe(0)
  })

  test('may hand units on from vehicle to vehicle, in any order', async () => {
    for (const turned of [false, true]) {
      const world = await begin()
      await world.load('terminal_id,name,uuid', '1,A,u-1', '2,B,u-2', '3,C,u-3')
      const tree = [vehicle('u-1', '2'), vehicle('u-2', '3'), vehicle('u-3', '4')]
      const report = await world.desk.applyTree('online', turned ? tree.toReversed() : tree)
      expect(report.replaced).toHaveLength(3)
      expect(['u-1', 'u-2', 'u-3'].map((uuid) => world.desk.seenBy('all').get(uuid)?.id)).toEqual([
        '2',
        '3',
        '4',
      ])
      expect(['2', '3', '4'].map((id) => world.desk.seenBy('all').get(id)?.name)).toEqual(['A', 'B', 'C'])
    }
  })

  test('that exchanges the units of two vehicles, or contradicts people, is listed and not followed', async () => {
    const world = await begin()
    await world.load('terminal_id,name,uuid', '1,A,u-1', '2,B,u-2', '3,C,u-3')
    const before = [...world.fleet.inventory]
    const report = await world.desk.applyTree('online', [
      vehicle('u-1', '2', { client: 'X' }),
      vehicle('u-2', '1'),
      vehicle('u-9', '3'),
      vehicle('u-8', '8'),
      vehicle('u-7', '8'),
    ])
    expect(report.conflicts.map(({ name, terminals }) => [name, ...terminals])).toEqual([
      ['u-7', '8'],
      ['u-1', '1', '2'],
      ['u-2', '2', '1'],
      ['u-9', '3'],
    ])
    expect([...world.fleet.inventory].slice(0, 3)).toEqual(before)
    expect(world.desk.conflicts(10)).toMatchObject({ total: 4 })
    await world.desk.applyTree('online', [vehicle('u-1', '1'), vehicle('u-2', '2'), vehicle('u-3', '3')])
    expect(world.desk.conflicts(10).total).toBe(0)
  })

  test('leaves those alone that are in it no more, and names them', async () => {
    const world = await begin()
    await world.desk.applyTree('online', [vehicle('u-1', '1', { name: 'A' }), vehicle('u-2', '2')])
    const { vanished, skipped } = await world.desk.applyTree('online', [
      vehicle('u-2', '2'),
      vehicle('u-5', ''),
    ])
    expect({ vanished, skipped }).toEqual({ vanished: ['1'], skipped: 1 })
    expect(world.desk.seenBy('all').get('1')).toMatchObject({ name: 'A', discovered: false })
    expect((await world.desk.applyTree('other', [vehicle('u-3', '3')])).vanished).toEqual([])
  })

  test('with texts that no inventory could hold leaves them out', async () => {
    const world = await begin()
    const report = await world.desk.applyTree('online', [
      vehicle('u-1', '1', { name: 'x'.repeat(201), client: 'a\nb', dealer: ' D ' }),
      vehicle('u-2', 'x'.repeat(65)),
    ])
    expect(report).toMatchObject({ created: 1, skipped: 1 })
    expect(world.desk.seenBy('all').get('1')).toMatchObject({ name: '', client: '', dealer: 'D' })
  })
})
