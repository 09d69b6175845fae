import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFleet, EMPTY, type Fleet } from '../../../src/core/fleet/fleet.ts'
import { mergeTerminals } from '../../../src/core/fleet/merge.ts'
import { changeTerminal, putTerminal } from '../../../src/core/fleet/placing.ts'
import { countingStates } from '../../../src/core/fleet/summary.ts'
import { AGE_BUCKETS_SECONDS, countingAges } from '../../../src/core/freshness/data-age.ts'
import { STATES, type State, stateOf } from '../../../src/core/freshness/state.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/core/time.ts'
import { DEFAULTS, T0 } from '../../support/fleet-scenario.ts'
import { drained } from '../../support/names-world.ts'

const terminals = fc.array(
  fc.record({
    state: fc.integer({ min: 0, max: STATES.length }),
    client: fc.constantFrom('', 'B', 'a', 'Ромашка', 'A'),
    dealer: fc.constantFrom('', 'D2', 'D1'),
    age: fc.option(fc.integer({ min: -10, max: 800_000 }), { nil: null }),
    isMerged: fc.constantFrom(false, false, true),
  }),
  { maxLength: 30 },
)

function fleetOf(
  drawn: readonly (typeof terminals extends fc.Arbitrary<infer T> ? T : never)[number][],
): Fleet {
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  for (const [row, { state, client, dealer, age }] of drawn.entries()) {
    putTerminal(fleet, { ...EMPTY, row, id: `t${row}`, client, dealer, firstSeenAt: T0 })
    fleet.table.state[row] = state
    fleet.table.contactAt[row] = age === null ? 0 : T0 - age * SECOND
    fleet.table.dataAt[row] = age === null ? 0 : T0 - age * SECOND
  }
  drawn.forEach(({ isMerged }, row) => {
    if (isMerged && row > 0) mergeTerminals(fleet, row, 0)
  })
  return fleet
}

/** The same counts by looking at each terminal. */
function countOf(fleet: Fleet, key: 'client' | 'dealer', name: string, state: State): number {
  return [...fleet.inventory].filter((terminal) => {
    const is = stateOf(fleet.table.state[terminal.row] ?? 0) ?? 'unknown'
    return terminal.mergedInto === '' && terminal[key] === name && is === state
  }).length
}

describe('the summary', () => {
  test('counts each terminal that is shown once, in its state, client and dealer', () => {
    fc.assert(
      fc.property(terminals, (drawn) => {
        const fleet = fleetOf(drawn)
        const summary = drained(countingStates(fleet, 'all'))
        const shown = [...fleet.inventory].filter(({ mergedInto }) => mergedInto === '')
        expect(summary.total).toBe(shown.length)
        expect(summary.clients.map(({ client }) => client)).toEqual(
          [...new Set(shown.map(({ client }) => client))].sort(),
        )
        expect(summary.dealers.map(({ dealer }) => dealer)).toEqual(
          [...new Set(shown.map(({ dealer }) => dealer))].sort(),
        )
        for (const { client, total, states, contactAt } of summary.clients) {
          expect(states).toEqual(statesBy((state) => countOf(fleet, 'client', client, state)))
          expect(total).toBe(shown.filter((terminal) => terminal.client === client).length)
          const contacts = shown.filter((terminal) => terminal.client === client)
          const newest = Math.max(...contacts.map(({ row }) => fleet.table.contactAt[row] ?? 0))
          expect(contactAt).toBe(newest === 0 ? null : newest)
        }
        for (const { dealer, total, states } of summary.dealers) {
          expect(states).toEqual(statesBy((state) => countOf(fleet, 'dealer', dealer, state)))
          expect(total).toBe(shown.filter((terminal) => terminal.dealer === dealer).length)
        }
        const all = statesBy((state) => summary.clients.reduce((sum, one) => sum + one.states[state], 0))
        expect(summary.states).toEqual(all)
      }),
    )
  })

  test('knows a client that came up while it was counting, and follows a terminal to another one', () => {
    const fleet = createFleet(DEFAULTS, 2 * MINUTE)
    for (let row = 0; row < 5000; row++) putTerminal(fleet, { ...EMPTY, row, id: `t${row}`, firstSeenAt: T0 })
    const counting = countingStates(fleet, 'all')
    counting.next()
    const last = fleet.inventory.at(fleet.inventory.length - 1)
    if (last) changeTerminal(fleet, { ...last, client: 'new' })
    const { total, clients } = drained(counting)
    expect(total).toBe(5000)
    expect(clients.map(({ client, total: count }) => [client, count])).toEqual([
      ['', 4999],
      ['new', 1],
    ])
  })
})

function statesBy(count: (state: State) => number): Record<string, number> {
  return Object.fromEntries(STATES.map((state) => [state, count(state)]))
}

describe('the ages of data', () => {
  test('are counted up to each bound, without terminals that never sent any', () => {
    fc.assert(
      fc.property(terminals, (drawn) => {
        const fleet = fleetOf(drawn)
        const ages = [...fleet.table.dataAt].filter((at) => at > 0).map((at) => Math.max(0, T0 - at) / SECOND)
        const { upTo, total, sumSeconds } = drained(countingAges(fleet, T0))
        expect(upTo).toEqual(AGE_BUCKETS_SECONDS.map((bound) => ages.filter((age) => age <= bound).length))
        expect(total).toBe(ages.length)
        expect(sumSeconds).toBeCloseTo(ages.reduce((sum, age) => sum + age, 0))
      }),
    )
  })

  test('on a bound belong to it', () => {
    const fleet = createFleet(DEFAULTS, 2 * MINUTE)
    putTerminal(fleet, { ...EMPTY, row: 0, id: '1', firstSeenAt: T0 })
    fleet.table.dataAt[0] = T0
    const upTo = drained(countingAges(fleet, T0 + HOUR)).upTo
    expect(upTo[AGE_BUCKETS_SECONDS.indexOf(1800)]).toBe(0)
    expect(upTo[AGE_BUCKETS_SECONDS.indexOf(3600)]).toBe(1)
  })
})
