import { expect, test } from 'vitest'
import { handOver, laterHandover } from '../../../src/core/fleet/handover.ts'
import { type Scope, seenSince } from '../../../src/core/fleet/scope.ts'
import { terminalRow } from '../../support/store-rows.ts'

const NOW = 1000

type Owner = readonly [client: string, group: string]

test.each<[string, Owner, Owner, { client: number; group: number } | null]>([
  ['nothing', ['A', 'D/A'], ['A', 'D/A'], null],
  ['the client', ['A', ''], ['B', ''], { client: NOW, group: 0 }],
  ['the client, and a group is filled in', ['A', ''], ['B', 'D/B'], { client: NOW, group: NOW }],
  ['client and group', ['A', 'D/A'], ['B', 'D/B'], { client: NOW, group: NOW }],
  ['the group of the same client', ['A', 'D/A/1'], ['A', 'D/A/2'], { client: 0, group: NOW }],
  ['the client is taken away', ['A', ''], ['', ''], { client: NOW, group: 0 }],
  ['nobody had it', ['', ''], ['B', 'D/B'], null],
  ['a group is filled in', ['A', ''], ['A', 'D/A'], null],
  ['a client is filled in', ['', 'D/A'], ['A', 'D/A'], null],
  ['a client is filled in with another group', ['', 'D/A'], ['B', 'D/B'], { client: NOW, group: NOW }],
])('a change of %s is a handover as far as somebody had it before', (_name, before, after, expected) => {
  const of = ([client, group]: Owner) => terminalRow(1, { client, group })
  expect(handOver(of(before), of(after), NOW).handedOver).toEqual(expected)
})

test('a terminal without a client for a while keeps the instant at which it left the one before', () => {
  const first = terminalRow(1, { client: 'A', group: '' })
  const freed = handOver(first, { ...first, client: '' }, NOW)
  const given = handOver(freed, { ...freed, client: 'B' }, NOW + 5)
  expect(given.handedOver).toEqual({ client: NOW, group: 0 })
  expect(handOver(given, { ...given, name: 'Lorry' }, NOW + 9).handedOver).toEqual(given.handedOver)
})

test('of two histories that become one the later handover counts', () => {
  expect(laterHandover({ client: 5, group: 1 }, { client: 3, group: 4 })).toEqual({ client: 5, group: 4 })
  expect(laterHandover(null, { client: 3, group: 4 })).toEqual({ client: 3, group: 4 })
  expect(laterHandover(null, null)).toBeNull()
})

test.each<[string, Scope, number]>([
  ['all', 'all', 0],
  ['its client', { clients: ['A'], groups: [] }, 7],
  ['its group', { clients: [], groups: ['D/A'] }, 9],
  ['both', { clients: ['A'], groups: ['D'] }, 7],
  ['others', { clients: ['B'], groups: ['D/B'] }, Infinity],
])('who sees %s sees its past from the handover that concerns him', (_name, scope, since) => {
  const owned = { client: 'A', group: 'D/A/1', handedOver: { client: 7, group: 9 } }
  expect(seenSince(scope, owned)).toBe(since)
})
