import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { needOf } from '../../../src/core/fleet/attention.ts'
import { createFleet, EMPTY, type Fleet } from '../../../src/core/fleet/fleet.ts'
import { seenIncidents } from '../../../src/core/fleet/incident-scope.ts'
import { listing, orderedRows, viewRows } from '../../../src/core/fleet/listing.ts'
import { createListRoom } from '../../../src/core/fleet/matching.ts'
import { mergeTerminals } from '../../../src/core/fleet/merge.ts'
import { rankNames } from '../../../src/core/fleet/name-ranking.ts'
import { NEEDS } from '../../../src/core/fleet/need.ts'
import { changeTerminal, putTerminal } from '../../../src/core/fleet/placing.ts'
import type { TerminalFilter, TerminalQuery, TerminalSort } from '../../../src/core/fleet/view.ts'
import { CAUSE_CODES } from '../../../src/core/freshness/diagnosis/codes.ts'
import { diagnose } from '../../../src/core/freshness/diagnosis/diagnose.ts'
import { CODE, STATES, stateOf } from '../../../src/core/freshness/state.ts'
import { HOUR, MINUTE } from '../../../src/core/time.ts'
import { DEFAULTS, T0 } from '../../support/fleet-scenario.ts'
import { drained } from '../../support/names-world.ts'

const names = fc.constantFrom(
  '',
  'Truck 2',
  'truck 10',
  'Ёлка',
  'елка',
  'Грузовик А1',
  'грузовик а01',
  'Z',
  '٣',
  '-',
)

const terminals = fc.uniqueArray(
  fc.record({
    id: fc.oneof(fc.integer({ min: 1, max: 60 }).map(String), fc.constantFrom('a', 'A', 'b1', 'b01')),
    name: names,
    renamed: fc.option(names, { nil: null }),
    client: fc.constantFrom('', 'A', 'B'),
    dealer: fc.constantFrom('', 'D'),
    group: fc.constantFrom('', 'A', 'A/B', 'AB', 'A/B/C'),
    imei: fc.constantFrom('', '8600'),
    state: fc.integer({ min: 0, max: STATES.length }),
    dataAt: fc.constantFrom(0, T0, T0 + 1, T0 + 2),
    isKnown: fc.boolean(),
    isMerged: fc.constantFrom(false, false, false, true),
  }),
  { selector: ({ id }) => id, maxLength: 40 },
)

type Drawn = (typeof terminals extends fc.Arbitrary<infer T> ? T : never)[number]

const filters = fc.record(
  {
    state: fc.constantFrom(...STATES),
    client: fc.constantFrom('', 'A', 'nobody'),
    dealer: fc.constantFrom('', 'D'),
    group: fc.constantFrom('A', 'A/B', 'B'),
    q: fc.constantFrom('TRUCK', 'ёЛ', '8600', '1', ' а0 ', 'грузовиkА', 'k 2', 'nothing'),
    needs: fc.constantFrom(...NEEDS),
    cause: fc.constantFrom(...CAUSE_CODES),
  },
  { requiredKeys: [] },
)

const sorts = fc.constantFrom<TerminalSort>('name', '-name', 'dataAt', '-dataAt', 'stateSince')

/** Places in the order of names are given at some moment, and afterwards names change and terminals go. */
function fleetOf(drawn: readonly Drawn[], rankedAfter: number): Fleet {
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  drawn.forEach(({ renamed: _, isMerged: __, isKnown, dataAt, state, ...said }, row) => {
    const acknowledged = isKnown ? { until: T0 + 1, reason: '-', by: 'a' } : null
    const imei = said.imei && `${said.imei}${row}`
    putTerminal(fleet, { ...EMPTY, ...said, imei, acknowledged, row, firstSeenAt: T0 })
    fleet.table.state[row] = state
    fleet.table.dataAt[row] = dataAt
    fleet.table.stateSince[row] = T0 - dataAt
    if (row === rankedAfter) drained(rankNames(fleet))
  })
  drawn.forEach(({ renamed, isMerged }, row) => {
    const terminal = fleet.inventory.at(row)
    if (renamed !== null && terminal) changeTerminal(fleet, { ...terminal, name: renamed })
    if (isMerged && row > 0) mergeTerminals(fleet, row, 0)
  })
  return fleet
}

const collator = new Intl.Collator('ru', { numeric: true, sensitivity: 'base' })
const texts = (a: string, b: string): number => collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)

/** Spaces do not count, nor does whether a letter is Cyrillic or the Latin one that looks the same. */
function folded(text: string): string {
  const low = text.toLocaleLowerCase().replaceAll('\u0451', '\u0435').replace(/\s/g, '')
  return Array.from(low, (letter) => 'abekmhopctyx'['авекмнорстух'.indexOf(letter)] ?? letter).join('')
}

/** The same by looking at each terminal and sorting all of them. */
function plainList(fleet: Fleet, filter: TerminalFilter, sort: TerminalSort): string[] {
  const needle = folded(filter.q ?? '')
  const found = [...fleet.inventory].filter(
    ({ row, mergedInto, client, dealer, group, name, id, imei, learnt }) => {
      const known = [name, id, imei, ...learnt.map((one) => one.name)].map(folded).join('|')
      return (
        mergedInto === '' &&
        (filter.state ?? stateOf(fleet.table.state[row] ?? 0) ?? 'unknown') ===
          (stateOf(fleet.table.state[row] ?? 0) ?? 'unknown') &&
        (filter.client ?? client) === client &&
        (filter.dealer ?? dealer) === dealer &&
        (filter.group === undefined || group === filter.group || group.startsWith(`${filter.group}/`)) &&
        (filter.needs === undefined || needOf(fleet, row, T0) === filter.needs) &&
        (filter.cause === undefined || diagnose(fleet, row, T0)?.code === filter.cause) &&
        known.includes(needle)
      )
    },
  )
  const key = sort.replace('-', '') as 'name' | 'dataAt' | 'stateSince'
  const sign = sort.startsWith('-') ? -1 : 1
  const instantOf = (row: number): number => (key === 'name' ? 0 : (fleet.table[key][row] ?? 0))
  return found
    .sort(
      (a, b) =>
        sign * (instantOf(a.row) - instantOf(b.row)) ||
        (sort === '-name' ? -1 : 1) * (texts(a.name || a.id, b.name || b.id) || texts(a.id, b.id)),
    )
    .map(({ id }) => id)
}

describe('the list of terminals, with names ranked or not, renamed and merged', () => {
  test('is what looking at each terminal and sorting all of them gives, page by page', () => {
    fc.assert(
      fc.property(
        terminals,
        fc.integer({ min: -1, max: 40 }),
        filters,
        sorts,
        fc.integer({ min: 1, max: 7 }),
        (drawn, rankedAfter, filter, sort, limit) => {
          const fleet = fleetOf(drawn, rankedAfter)
          const room = createListRoom()
          const expected = plainList(fleet, filter, sort)
          const seen: string[] = []
          for (let cursor: string | null | undefined; cursor !== null; ) {
            const query = { ...filter, sort, limit, ...(cursor === undefined ? {} : { cursor }) }
            const page = drained(listing(fleet, query, T0, room))
            if (page === 'bad-cursor') throw new Error(page)
            seen.push(...page.items.map(({ id }) => id))
            expect(page.total).toBe(expected.length)
            cursor = page.next
          }
          expect(seen).toEqual(expected)
          const rows = drained(orderedRows(fleet, filter, sort, T0))
          expect(viewRows(fleet, rows, T0, seenIncidents(fleet, 'all')).map(({ id }) => id)).toEqual(expected)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('goes on behind the place of the last terminal of a page when that has been merged', () => {
    const fleet = sixTerminals()
    const first = pageOf(fleet, { sort: 'name' })
    mergeTerminals(fleet, 2, 0)
    const { ids } = pageOf(fleet, { sort: 'name', cursor: first.next ?? '' })
    expect(ids).toEqual(['t3', 't4', 't5'])
  })

  test.each(['dataAt', '-dataAt', 'stateSince', 'client'] as const)(
    'by %s goes on where the last terminal of a page stood, also when that has moved on since',
    (sort) => {
      const fleet = sixTerminals()
      const first = pageOf(fleet, { sort })
      const last = fleet.rows.get(first.ids.at(-1) ?? '') ?? -1
      fleet.table.dataAt[last] = T0 + HOUR
      fleet.table.stateSince[last] = T0 + HOUR
      const second = pageOf(fleet, { sort, cursor: first.next ?? '' })
      const others = ['t0', 't1', 't2', 't3', 't4', 't5'].filter((id) => !first.ids.includes(id))
      expect(second.ids.filter((id) => !first.ids.includes(id)).toSorted()).toEqual(others)
    },
  )

  test.each(['dataAt', '-dataAt', 'stateSince', 'client'] as const)(
    'by %s goes on where the last terminal stood when it was placed, also when it moves on meanwhile',
    (sort) => {
      const quiet = pageOf(sixTerminals(), { sort })
      const fleet = sixTerminals()
      const steps = listing(fleet, { sort, limit: 3 }, T0, createListRoom())
      for (let n = 0; ; n++) {
        const step = steps.next()
        if (step.done === true) {
          expect(step.value).toMatchObject({ next: quiet.next })
          break
        }
        // The keys are made in the second step, or in the one after the places of the clients.
        if (n < (sort === 'client' ? 2 : 1)) continue
        fleet.table.dataAt.fill(T0 + HOUR, 0, 6)
        fleet.table.stateSince.fill(T0 + HOUR, 0, 6)
      }
    },
  )

  test('goes on where the last terminal of a page stood when that no longer matches', () => {
    const fleet = sixTerminals()
    fleet.table.state.fill(CODE.stale, 0, 6)
    const first = pageOf(fleet, { sort: 'stateSince', state: 'stale' })
    expect(first.ids).toEqual(['t0', 't1', 't2'])
    fleet.table.state[2] = CODE.fresh
    const { ids } = pageOf(fleet, { sort: 'stateSince', state: 'stale', cursor: first.next ?? '' })
    expect(ids).toEqual(['t3', 't4', 't5'])
  })

  test('does not tell by a cursor where the terminal of somebody else would stand', () => {
    const fleet = sixTerminals()
    putTerminal(fleet, { ...EMPTY, row: 6, id: 't9', client: 'Other', firstSeenAt: T0 })
    const scope = { clients: ['Own'], groups: [] }
    const idsAfter = (id: string) => pageOf(fleet, { sort: 'name', scope, cursor: `name~3~0~${id}` }).ids
    expect(idsAfter('t9')).toEqual(idsAfter('nobody'))
  })

  test.each(['', '3', '3~0~t2', 'name~3~t2', 'name~-1~0~t2', 'name~x~0~t2', 'name~3~0~'])(
    'has no cursor %j',
    (cursor) => {
      const query = { sort: 'name', limit: 3, cursor } as const
      expect(drained(listing(sixTerminals(), query, T0, createListRoom()))).toBe('bad-cursor')
    },
  )

  test('takes no cursor of another order, behind whose places there is nothing', () => {
    const fleet = sixTerminals()
    const cursor = pageOf(fleet, { sort: 'dataAt' }).next ?? ''
    for (const sort of ['-dataAt', 'stateSince', 'name'] as const) {
      const query = { sort, limit: 3, cursor }
      expect(drained(listing(fleet, query, T0, createListRoom()))).toBe('bad-cursor')
    }
  })

  test('as a whole leaves out who was merged since it was ordered', () => {
    const fleet = createFleet(DEFAULTS, 2 * MINUTE)
    for (let row = 0; row < 3; row++) putTerminal(fleet, { ...EMPTY, row, id: `t${row}`, firstSeenAt: T0 })
    const rows = drained(orderedRows(fleet, {}, 'name', T0))
    mergeTerminals(fleet, 1, 0)
    expect(viewRows(fleet, rows, T0, seenIncidents(fleet, 'all')).map(({ id }) => id)).toEqual(['t0', 't2'])
  })
})

describe('the giving of places in the order of names', () => {
  function ranked(fleet: Fleet): string[] {
    return [...fleet.inventory]
      .filter(({ row }) => fleet.names.rank[row] !== 0)
      .sort((a, b) => (fleet.names.rank[a.row] ?? 0) - (fleet.names.rank[b.row] ?? 0))
      .map(({ name }) => name)
  }

  test('leaves out names that change meanwhile, and places them the next time', () => {
    const fleet = createFleet(DEFAULTS, 2 * MINUTE)
    const put = (row: number, name: string): void =>
      putTerminal(fleet, { ...EMPTY, row, id: `t${row}`, name, firstSeenAt: T0 })
    for (let row = 0; row < 2000; row++) put(row, `Truck ${2000 - row}`)
    const ranking = rankNames(fleet)
    for (let step = 0; step < 5; step++) ranking.next()
    put(3, 'Zebra')
    put(2000, 'A new one')
    drained(ranking)
    expect(fleet.names.rank[3]).toBe(0)
    expect(ranked(fleet)).toEqual(
      Array.from({ length: 2000 }, (_, i) => `Truck ${i + 1}`).filter((name) => name !== 'Truck 1997'),
    )
    drained(rankNames(fleet))
    expect(ranked(fleet).at(0)).toBe('A new one')
    expect(ranked(fleet).at(-1)).toBe('Zebra')
    expect(ranked(fleet)).toHaveLength(2001)
  })

  test('that is given up changes nothing', () => {
    const fleet = createFleet(DEFAULTS, 2 * MINUTE)
    for (let row = 0; row < 600; row++) putTerminal(fleet, { ...EMPTY, row, id: `t${row}`, firstSeenAt: T0 })
    const ranking = rankNames(fleet)
    ranking.next()
    ranking.return(undefined)
    expect(ranked(fleet)).toEqual([])
    expect(fleet.names.renamed).toBeNull()
  })
})

/** Terminals t0 to t5 of one client, whose data and states are a minute younger each. */
function sixTerminals(): Fleet {
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  for (let row = 0; row < 6; row++) {
    putTerminal(fleet, { ...EMPTY, row, id: `t${row}`, client: 'Own', firstSeenAt: T0 })
    fleet.table.dataAt[row] = T0 + row * MINUTE
    fleet.table.stateSince[row] = T0 + row * MINUTE
  }
  return fleet
}

function pageOf(fleet: Fleet, query: Omit<TerminalQuery, 'limit'>) {
  const page = drained(listing(fleet, { ...query, limit: 3 }, T0, createListRoom()))
  if (page === 'bad-cursor') throw new Error(page)
  return { ids: page.items.map(({ id }) => id), next: page.next }
}
