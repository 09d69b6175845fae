import { describe, expect, test } from 'vitest'
import { comment, NOTHING_TOLD, type Snapshot } from '../../../src/adapters/simulation/commentary.ts'

const QUIET: Snapshot = { freshCount: 0, totalCount: 4, serviceState: 'unknown', outage: null, silent: [] }
const OUTAGE = { id: '20261123T100410Z', state: 'open', downMs: 4000, letterIsDue: false } as const

const silentOne = (id: string, state: 'stale' | 'lost' = 'stale') =>
  ({ id, name: `Truck ${id}`, client: 'Acme', state, ageSeconds: 26 }) as const

/** The lines of each snapshot in turn. */
function story(...snapshots: readonly Partial<Snapshot>[]): readonly (readonly string[])[] {
  let told = NOTHING_TOLD
  return snapshots.map((news) => {
    const next = comment(told, { ...QUIET, ...news })
    told = next.told
    return next.lines
  })
}

describe('the commentary', () => {
  test('says nothing twice', () => {
    const news: Partial<Snapshot> = {
      freshCount: 3,
      serviceState: 'down',
      outage: { ...OUTAGE, letterIsDue: true },
      silent: [silentOne('1'), silentOne('2', 'lost')],
    }
    const [first, second] = story(news, news)
    expect(first).toHaveLength(6)
    expect(second).toEqual([])
  })

  test('tells that the fleet is heard once more than half of it is fresh, and only once', () => {
    expect(story({ freshCount: 2 }, { freshCount: 3 }, { freshCount: 0 }, { freshCount: 4 })).toEqual([
      [],
      ['the fleet is heard: 3 of 4 are fresh'],
      [],
      [],
    ])
  })

  test('follows a terminal from stale over lost to being heard', () => {
    const told = story({ silent: [silentOne('1')] }, { silent: [silentOne('1', 'lost')] }, {})
    expect(told).toEqual([
      ['stale: Truck 1 (Acme, last data 26 s ago)'],
      ['lost: Truck 1 (Acme, last data 26 s ago)'],
      ['heard again: Truck 1 (Acme)'],
    ])
  })

  test('names three terminals and counts the others', () => {
    const [lines] = story({ silent: ['1', '2', '3', '4', '5'].map((id) => silentOne(id)) })
    expect(lines?.[0]).toMatch(/^stale: Truck 1 .*; Truck 2 .*; Truck 3 .* and 2 more$/)
  })

  test('follows an outage from its opening over the due letter to its end', () => {
    const due = { ...OUTAGE, downMs: 30_001, letterIsDue: true }
    const closed = { ...due, state: 'closed', downMs: 44_000 }
    expect(story({ outage: OUTAGE }, { outage: due }, { outage: closed })).toEqual([
      ['outage 20261123T100410Z is open; its clock runs'],
      ['certainly down for 30 s: the letter is due'],
      ['outage 20261123T100410Z is closed: certainly down for 44 s'],
    ])
  })
})
