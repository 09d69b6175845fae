import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countingAttention, needOf } from '../../../src/core/fleet/attention.ts'
import { countingCauses } from '../../../src/core/fleet/cause-counts.ts'
import { createFleet, EMPTY, type Fleet } from '../../../src/core/fleet/fleet.ts'
import { leadingOfClients } from '../../../src/core/fleet/leading.ts'
import { listing } from '../../../src/core/fleet/listing.ts'
import { createListRoom } from '../../../src/core/fleet/matching.ts'
import { mergeTerminals } from '../../../src/core/fleet/merge.ts'
import { NEEDS, type Need } from '../../../src/core/fleet/need.ts'
import { changeTerminal, putTerminal } from '../../../src/core/fleet/placing.ts'
import { changesAfter, createRecentChanges, noteChange } from '../../../src/core/fleet/recent-changes.ts'
import type { Scope } from '../../../src/core/fleet/scope.ts'
import { countingStates } from '../../../src/core/fleet/summary.ts'
import type { TerminalView } from '../../../src/core/fleet/view.ts'
import { CAUSE_CODES } from '../../../src/core/freshness/diagnosis/codes.ts'
import { CODE, STATES, type State } from '../../../src/core/freshness/state.ts'
import { sweep } from '../../../src/core/freshness/sweep.ts'
import { MINUTE, SECOND } from '../../../src/core/time.ts'
import { DEFAULTS, T0 } from '../../support/fleet-scenario.ts'
import { drained } from '../../support/names-world.ts'

type Drawn = {
  readonly state: State
  readonly client?: string
  readonly group?: string
  readonly name?: string
  readonly knownUntil?: number
  readonly incident?: number
  readonly since?: number
  readonly isMerged?: boolean
}

function fleetOf(drawn: readonly Drawn[]): Fleet {
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  drawn.forEach(({ state, client = '', group = '', name = '', knownUntil, incident = 0, since = 0 }, row) => {
    const acknowledged = knownUntil === undefined ? null : { until: knownUntil, reason: 'r', by: 'b' }
    putTerminal(fleet, { ...EMPTY, row, id: `t${row}`, name, client, group, acknowledged, firstSeenAt: T0 })
    fleet.table.state[row] = CODE[state]
    fleet.table.stateSince[row] = T0 + since
    fleet.table.incident[row] = incident
  })
  drawn.forEach(({ isMerged }, row) => {
    if (isMerged && row > 0) mergeTerminals(fleet, row, 0)
  })
  return fleet
}

function needsOf(drawn: readonly Drawn[], now = T0): (Need | null)[] {
  const fleet = fleetOf(drawn)
  return drawn.map((_, row) => needOf(fleet, row, now))
}

test('a terminal needs attention in a concerning state, unless an incident explains it or people know of it', () => {
  const needed = STATES.filter((state) => needsOf([{ state }])[0] === 'attention')
  expect(needed).toEqual(['lost', 'stale', 'backlog', 'no-fix'])
  expect(needsOf([{ state: 'lost', incident: 3, knownUntil: T0 + 1 }])).toEqual(['incident'])
  expect(needsOf([{ state: 'lost', knownUntil: T0 + 1 }])).toEqual(['acknowledged'])
  expect(needsOf([{ state: 'fresh', incident: 3, knownUntil: T0 + 1 }])).toEqual([null])
})

test('of a terminal that talks again an incident explains nothing', () => {
  expect(needsOf([{ state: 'backlog', incident: 3 }])).toEqual(['attention'])
  expect(needsOf([{ state: 'no-fix', incident: 3, knownUntil: T0 + 1 }])).toEqual(['acknowledged'])
})

test('what people knew until now is known no longer', () => {
  expect(needsOf([{ state: 'stale', knownUntil: T0 }])).toEqual(['attention'])
})

const drawing = fc.array(
  fc.record({
    state: fc.constantFrom(...STATES),
    client: fc.constantFrom('', 'A', 'B', 'C'),
    group: fc.constantFrom('', 'D/A', 'D/B'),
    name: fc.constantFrom('', 'x', 'y'),
    knownUntil: fc.constantFrom(T0, T0 + 1),
    incident: fc.constantFrom(0, 0, 1),
    since: fc.integer({ min: -5, max: 5 }).map((seconds) => seconds * SECOND),
    isMerged: fc.constantFrom(false, false, true),
  }),
  { maxLength: 60 },
)
const scopes = fc.constantFrom(
  'all' as const,
  { clients: ['A'], groups: [] },
  { clients: [], groups: ['D/B'] },
)

test('the counts are those of the lists that they lead to', () => {
  fc.assert(
    fc.property(drawing, scopes, (drawn, scope) => {
      const fleet = fleetOf(drawn)
      const counted = drained(countingAttention(fleet, scope, T0, 0))
      expect(counted.states).toEqual(drained(countingStates(fleet, scope)).states)
      for (const needs of NEEDS) {
        const query = { needs, scope, sort: 'client', limit: 1000 } as const
        const page = drained(listing(fleet, query, T0, createListRoom()))
        if (page === 'bad-cursor') throw new Error(page)
        expect(page.total).toBe(counted.needs[needs])
        if (needs !== 'attention') continue
        const clients = Map.groupBy(page.items, ({ client }) => client)
        expect([...counted.clients].sort()).toEqual(
          [...clients].map(([client, those]) => [client, those.length]).sort(),
        )
      }
    }),
  )
})

test('the list by client has those with most of them first, and of one client the longest in its state', () => {
  fc.assert(
    fc.property(drawing, fc.integer({ min: 1, max: 7 }), (drawn, limit) => {
      const fleet = fleetOf(drawn)
      const room = createListRoom()
      const seen: TerminalView[] = []
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const query = {
          needs: 'attention',
          sort: 'client',
          limit,
          ...(cursor === undefined ? {} : { cursor }),
        } as const
        const page = drained(listing(fleet, query, T0, room))
        if (page === 'bad-cursor') throw new Error(page)
        seen.push(...page.items)
        cursor = page.next
      }
      const heads = seen.map(({ client }) => client).filter((client, i, all) => client !== all[i - 1])
      expect(new Set(heads).size).toBe(heads.length)
      const countOf = (client: string): number => seen.filter((view) => view.client === client).length
      const named = heads.filter((client) => client !== '')
      expect(named.map(countOf)).toEqual(named.map(countOf).sort((a, b) => b - a))
      expect(heads.indexOf('')).toBe(heads.includes('') ? heads.length - 1 : -1)
      for (const client of heads) {
        const since = seen.filter((view) => view.client === client).map(({ stateSince }) => stateSince)
        expect(since).toEqual(since.toSorted((a, b) => a - b))
      }
    }),
  )
})

test('the first of each client are those that lead its part of the whole list', () => {
  fc.assert(
    fc.property(
      drawing,
      scopes,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 9 }),
      (drawn, scope, perClient, limit) => {
        const fleet = fleetOf(drawn)
        const query = { needs: 'attention', scope, sort: 'client', limit: 1000 } as const
        const all = drained(listing(fleet, query, T0, createListRoom()))
        if (all === 'bad-cursor') throw new Error(all)
        const clients = Map.groupBy(all.items, ({ client }) => client)
        const expected = [...clients.values()].flatMap((those) => those.slice(0, perClient)).slice(0, limit)
        const found = drained(
          leadingOfClients(fleet, { needs: 'attention', scope, perClient, limit }, T0, createListRoom()),
        )
        expect(found.items.map(({ id }) => id)).toEqual(expected.map(({ id }) => id))
        expect(found.total).toBe(all.total)
      },
    ),
  )
})

test('causes are counted as their lists are long', () => {
  fc.assert(
    fc.property(drawing, scopes, (drawn, scope) => {
      const fleet = fleetOf(drawn)
      const counts = drained(countingCauses(fleet, scope, T0))
      for (const cause of CAUSE_CODES) {
        const query = { needs: 'attention', cause, scope, sort: 'name', limit: 1000 } as const
        const page = drained(listing(fleet, query, T0, createListRoom()))
        if (page === 'bad-cursor') throw new Error(page)
        expect(page.total).toBe(counts.get(cause) ?? 0)
        for (const { cause: shown } of page.items) expect(shown?.code).toBe(cause)
      }
    }),
  )
})

test('changes of state are counted after a number, in the scope alone', () => {
  const fleet = fleetOf([
    { state: 'lost', client: 'A' },
    { state: 'fresh', client: 'A' },
    { state: 'lost', client: 'B' },
  ])
  for (const row of [0, 1, 2, 2]) noteChange(fleet.recentChanges, row)
  const changedAfter = (number: number, scope: Scope): number =>
    drained(countingAttention(fleet, scope, T0, number)).changed
  expect(drained(countingAttention(fleet, 'all', T0, 0)).newest).toBe(4)
  expect(changedAfter(0, 'all')).toBe(4)
  expect(changedAfter(1, 'all')).toBe(3)
  expect(changedAfter(4, 'all')).toBe(0)
  expect(changedAfter(1, { clients: ['A'], groups: [] })).toBe(1)
})

test('a sweep numbers each change of state', () => {
  const fleet = fleetOf([{ state: 'fresh' }])
  changeTerminal(fleet, { ...EMPTY, row: 0, id: 't0', firstSeenAt: T0, lifecycle: 'suspended' })
  sweep(fleet, T0, T0)
  sweep(fleet, T0 + 1, T0)
  expect(fleet.recentChanges).toEqual({ count: 1, rows: [0] })
})

test('of very many changes the forgotten ones count as well', () => {
  const recent = createRecentChanges()
  for (let i = 0; i < 50_000; i++) noteChange(recent, i % 2)
  expect(recent.rows.length).toBeLessThan(50_000)
  expect(changesAfter(recent, 49_990, (row) => row === 0)).toBe(5)
  expect(changesAfter(recent, 0, () => true)).toBe(50_000)
})
