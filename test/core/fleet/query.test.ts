import { describe, expect, test } from 'vitest'
import { EMPTY } from '../../../src/core/fleet/fleet.ts'
import { listing } from '../../../src/core/fleet/listing.ts'
import { createListRoom } from '../../../src/core/fleet/matching.ts'
import { putTerminal } from '../../../src/core/fleet/placing.ts'
import { viewTerminal } from '../../../src/core/fleet/query.ts'
import type { TerminalQuery } from '../../../src/core/fleet/view.ts'
import { MINUTE, SECOND } from '../../../src/core/time.ts'
import { createScenario, T0 } from '../../support/fleet-scenario.ts'
import { drained } from '../../support/names-world.ts'

function fleetOf(count: number) {
  const scenario = createScenario()
  for (let row = 0; row < count; row++) {
    putTerminal(scenario.fleet, {
      ...EMPTY,
      row,
      id: String(1000 + row),
      name: `Truck ${count - row}`,
      client: row % 2 ? 'Odd' : 'Even',
      group: row % 3 ? 'North/A' : 'Northern',
      imei: `35${row}`,
      firstSeenAt: T0,
    })
  }
  scenario.run(SECOND)
  const list = (query: Partial<TerminalQuery> = {}) => {
    const page = drained(
      listing(scenario.fleet, { sort: 'name', limit: 100, ...query }, scenario.now(), createListRoom()),
    )
    if (page === 'bad-cursor') throw new Error(page)
    return page
  }
  return { ...scenario, list }
}

describe('the list of terminals', () => {
  test('is sorted by name as people count, not by characters', () => {
    const { list } = fleetOf(12)
    expect(
      list()
        .items.map(({ name }) => name)
        .slice(0, 3),
    ).toEqual(['Truck 1', 'Truck 2', 'Truck 3'])
    expect(list({ sort: '-name' }).items[0]?.name).toBe('Truck 12')
  })

  test('pages through everything once, also when the order shifts between pages', () => {
    const { list, fleet } = fleetOf(25)
    const seen: string[] = []
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = list({ limit: 10, ...(cursor === undefined ? {} : { cursor }) })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next
      expect(page.total).toBeGreaterThanOrEqual(25)
      if (seen.length === 10) {
        const row = fleet.inventory.length
        putTerminal(fleet, { ...EMPTY, row, id: 'new', name: 'A first one', firstSeenAt: T0 })
      }
    }
    expect(seen.filter((id) => id !== 'new')).toHaveLength(25)
    expect(new Set(seen).size).toBe(seen.length)
  })

  test('refuses a cursor that it never gave', () => {
    expect(() => fleetOf(3).list({ cursor: 'x' })).toThrow('bad-cursor')
  })

  test.each([
    [{ client: 'Odd' }, 6],
    [{ group: 'North' }, 8],
    [{ group: 'North/A' }, 8],
    [{ q: 'tRuCk 12' }, 1],
    [{ q: '3511' }, 1],
    [{ state: 'unknown' as const }, 12],
    [{ state: 'fresh' as const }, 0],
  ])('%o finds %i', (query, count) => {
    expect(fleetOf(12).list(query).total).toBe(count)
  })
})

describe('a terminal as it is shown', () => {
  test('is found by its aliases', () => {
    const { fleet, now } = fleetOf(3)
    expect(viewTerminal(fleet, '351', now())?.id).toBe('1001')
    expect(viewTerminal(fleet, 'nobody', now())).toBeUndefined()
  })

  test('says how far an archive lags and when it will have caught up', () => {
    const scenario = createScenario()
    scenario.observe('1', { readings: { ignition: true } })
    scenario.run(31 * MINUTE)
    scenario.observe('1', { kind: 'archive', eventAt: T0 + MINUTE })
    scenario.run(5 * SECOND)
    scenario.observe('1', { kind: 'archive', eventAt: T0 })
    scenario.run(SECOND)
    // 28 min of data in 60 s: the remaining lag shrinks 27 times as fast as time passes.
    scenario.run(60 * SECOND)
    const before = viewTerminal(scenario.fleet, '1', scenario.now())
    expect(before).toMatchObject({ state: 'backlog' })
    expect(before?.caughtUpAt).toBeUndefined()
  })

  test('shows a speed as it was sent, though it is kept in 32 bits', () => {
    const scenario = createScenario()
    scenario.observe('1', { readings: { speedKmh: 41.7 } })
    const { readings } = viewTerminal(scenario.fleet, '1', scenario.now()) ?? {}
    expect(readings).toEqual({ speedKmh: { value: 41.7, at: T0 } })
  })

  test('shows a sleeping terminal with the time at which it is expected', () => {
    const scenario = createScenario()
    scenario.observe('1', { readings: { ignition: false } })
    scenario.run(31 * MINUTE)
    expect(viewTerminal(scenario.fleet, '1', scenario.now())).toMatchObject({
      state: 'sleeping',
      parked: true,
      expectedAt: T0 + 6.5 * 60 * MINUTE,
      threshold: { seconds: 6.5 * 3600, from: 'default' },
      readings: { ignition: { value: false, at: T0 } },
    })
  })
})
