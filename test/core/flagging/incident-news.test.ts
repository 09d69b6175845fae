import { expect, test } from 'vitest'
import { newsFor } from '../../../src/core/flagging/incident-news.ts'
import type { Scope } from '../../../src/core/flagging/scope.ts'
import type { Incident } from '../../../src/core/freshness/mass/incident.ts'
import { HOUR, MINUTE } from '../../../src/core/time.ts'
import { addTerminal, EIGHT, emptyFleet, massSilence, openMass, put } from '../../support/flagged-fleet.ts'

const ALL: Scope = { dealer: '', client: '' }
const AGRO: Scope = { dealer: '', client: 'Agro' }
const NORTH: Scope = { dealer: 'North', client: '' }

/** Two terminals of Agro and one of Beta, both of North, and one of Gamma of South; the first three are members. */
function setUp(change: Partial<Incident>) {
  const fleet = emptyFleet()
  const rows = Uint32Array.of(
    addTerminal(fleet, '1'),
    addTerminal(fleet, '2', { client: 'Beta' }),
    addTerminal(fleet, '3'),
  )
  addTerminal(fleet, '4', { client: 'Gamma', dealer: 'South' })
  const stored = { incident: massSilence(change), rows }
  const news = (...scopes: readonly Scope[]) => newsFor(fleet, stored, scopes)(scopes)
  return { fleet, stored, news }
}

test('of an open incident everybody is told the members of his own and who of them is silent now', () => {
  const { fleet, stored, news } = setUp({ members: 3, silent: 2 })
  openMass(fleet, stored, Uint32Array.of(0, 1))
  expect(news(ALL)).toMatchObject({ isWhole: true, stillSilent: 2, incident: { members: 3, silent: 2 } })
  expect(news(AGRO)).toMatchObject({ isWhole: false, stillSilent: 1, incident: { members: 2, silent: 1 } })
  expect(news(AGRO, NORTH)).toMatchObject({ stillSilent: 2, incident: { members: 3, silent: 2 } })
  expect(news({ dealer: 'South', client: '' })).toBeNull()
})

test('of one that is over those are silent still who were when it ended and have not spoken since', () => {
  const closedAt = EIGHT - HOUR
  const { fleet, news } = setUp({ silent: 2, closedAt })
  for (const id of ['1', '2', '3']) put(fleet, id, 'fresh', closedAt - 20 * MINUTE)
  expect(news(ALL)).toMatchObject({ stillSilent: 2 })
  expect(news(AGRO)).toMatchObject({ stillSilent: 1, incident: { silent: 1 } })
  put(fleet, '1', 'fresh', closedAt)
  expect(news(AGRO)).toMatchObject({ stillSilent: 0, incident: { silent: 1 } })
  put(fleet, '2', 'maintenance', closedAt - 20 * MINUTE)
  expect(news(ALL)).toMatchObject({ stillSilent: 0 })
})

test.each([
  ['his client', AGRO, { dimension: 'client', group: 'Agro' }, 'Agro'],
  ['another client', AGRO, { dimension: 'client', group: 'Delta' }, ''],
  ['the dealer of a client', AGRO, { dimension: 'dealer', group: 'North' }, ''],
  ['a client of the dealer', NORTH, { dimension: 'client', group: 'Beta' }, 'Beta'],
  ['a client of another dealer', NORTH, { dimension: 'client', group: 'Gamma' }, ''],
  ['the dealer', NORTH, { dimension: 'dealer', group: 'North' }, 'North'],
  ['another dealer', NORTH, { dimension: 'dealer', group: 'South' }, ''],
  ['another dealer, to who sees all', ALL, { dimension: 'dealer', group: 'South' }, 'South'],
  ['an operator', AGRO, { dimension: 'operator', group: 'MTS' }, 'MTS'],
] as const)('a reader learns names as far as they are his: %s', (_name, scope, group, shown) => {
  const { news } = setUp({ ...group, also: [group] })
  const seen = news(scope)?.incident
  expect(seen?.group).toBe(shown)
  expect(seen?.also).toEqual(shown === '' ? [] : [group])
})

test('that a source is blind concerns whoever sees all, though no members are known', () => {
  const { fleet, stored } = setUp({ dimension: 'ingest', group: 'gate' })
  const blind = { ...stored, rows: new Uint32Array() }
  expect(newsFor(fleet, blind, [ALL])([ALL])?.incident.group).toBe('gate')
  expect(newsFor(fleet, blind, [AGRO])([AGRO])).toBeNull()
})
