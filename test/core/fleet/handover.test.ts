import { describe, expect, test } from 'vitest'
import { handOver, laterHandover } from '../../../src/core/fleet/handover.ts'
import type { Handover, InventoryRow } from '../../../src/core/fleet/inventory.ts'
import { type Scope, seenSince } from '../../../src/core/fleet/scope.ts'
import { terminalRow } from '../../support/store-rows.ts'

const NOW = 1000

type Owner = readonly [client: string, group: string]

const of = ([client, group]: Owner, change: Partial<InventoryRow> = {}): InventoryRow =>
  terminalRow(1, { client, group, ...change })

test.each<[string, Owner, Owner, Handover | null]>([
  ['nothing', ['A', 'D/A'], ['A', 'D/A'], null],
  ['the client', ['A', ''], ['B', ''], { client: NOW, group: [] }],
  ['the client, and a group is filled in', ['A', ''], ['B', 'D/B'], { client: NOW, group: [NOW, NOW] }],
  ['client and group', ['A', 'D/A'], ['B', 'D/B'], { client: NOW, group: [0, NOW] }],
  ['the group of the same client', ['A', 'D/A/1'], ['A', 'D/A/2'], { client: 0, group: [0, 0, NOW] }],
  ['the group to one above', ['A', 'D/A/1'], ['A', 'D/A'], { client: 0, group: [0, 0] }],
  ['the client is taken away', ['A', ''], ['', ''], { client: NOW, group: [] }],
  ['the group is taken away', ['A', 'D/A'], ['A', ''], { client: 0, group: [NOW] }],
  ['nobody had it', ['', ''], ['B', 'D/B'], null],
  ['a group is filled in', ['A', ''], ['A', 'D/A'], null],
  ['a client is filled in', ['', 'D/A'], ['A', 'D/A'], null],
  ['a client is filled in with another group', ['', 'D/A'], ['B', 'E/B'], { client: NOW, group: [NOW, NOW] }],
])('a change of %s is a handover as far as somebody had it before', (_name, before, after, expected) => {
  expect(handOver(of(before), of(after), NOW).handedOver).toEqual(expected)
})

/** Goes from owner to owner, a step of time each. */
function journey(...owners: readonly Owner[]): Handover | null {
  const [first = ['', ''], ...others] = owners
  let terminal = of(first)
  for (const [step, [client, group]] of others.entries()) {
    terminal = handOver(terminal, { ...terminal, client, group }, NOW + step)
  }
  return terminal.handedOver
}

test('a terminal without a client for a while keeps the instant at which it left the one before', () => {
  expect(journey(['A', ''], ['', ''], ['B', ''])).toEqual({ client: NOW, group: [] })
})

test('who is filled in later has it since the last handover before', () => {
  expect(journey(['A', ''], ['B', ''], ['B', 'D/B'])).toEqual({ client: NOW, group: [NOW, NOW] })
  expect(journey(['', 'D/A'], ['', 'E/B'], ['B', 'E/B'])).toEqual({ client: NOW, group: [NOW, NOW] })
  expect(journey(['A', 'D/A'], ['A', ''], ['A', 'D/A'])).toEqual({ client: 0, group: [NOW, NOW] })
})

test('back with its first owner it is his since then', () => {
  expect(journey(['A', 'D/A'], ['B', 'D/B'], ['A', 'D/A'])).toEqual({ client: NOW + 1, group: [0, NOW + 1] })
})

describe('what people wrote of a terminal', () => {
  const words = {
    acknowledged: { until: NOW + 9, reason: 'stolen', by: 'anna' },
    maintenance: { from: NOW - 9, to: NOW + 9, reason: 'new engine' },
  }
  const { acknowledged, maintenance } = words
  const untold = { acknowledged: null, maintenance: { ...maintenance, reason: '' } }

  test.each<[string, Owner, Owner, Pick<InventoryRow, 'acknowledged' | 'maintenance'>]>([
    ['does not go to another client', ['A', ''], ['B', ''], untold],
    ['does not stay when its client is taken away', ['A', 'D/A'], ['', 'D/A'], untold],
    ['does not go to another dealer', ['A', 'D/A'], ['A', 'E/A'], untold],
    ['goes to another place of the client', ['A', 'D/A/1'], ['A', 'D/A/2'], { acknowledged, maintenance }],
    ['stays when its group is taken away', ['A', 'D/A'], ['A', ''], { acknowledged, maintenance }],
    ['stays with who is filled in', ['', ''], ['A', 'D/A'], { acknowledged, maintenance }],
  ])('%s', (_name, before, after, expected) => {
    expect(handOver(of(before, words), of(after, words), NOW)).toMatchObject(expected)
  })
})

test('of two histories that become one the later handover counts', () => {
  const one = { client: 5, group: [1, 7] }
  expect(laterHandover(one, { client: 3, group: [4] })).toEqual({ client: 5, group: [4, 7] })
  expect(laterHandover({ client: 3, group: [4] }, one)).toEqual({ client: 5, group: [4, 7] })
  expect(laterHandover(null, one)).toEqual(one)
  expect(laterHandover(null, null)).toBeNull()
})

test.each<[string, Scope, number]>([
  ['all', 'all', 0],
  ['its client', { clients: ['A'], groups: [] }, 7],
  ['its group', { clients: [], groups: ['D/A/1'] }, 9],
  ['a group above it', { clients: [], groups: ['D'] }, 3],
  ['both', { clients: ['A'], groups: ['D/A/1'] }, 7],
  ['a group below its own', { clients: [], groups: ['D/A/1/x'] }, Infinity],
  ['others', { clients: ['B'], groups: ['D/B'] }, Infinity],
])('who sees %s sees its past from the handover that concerns him', (_name, scope, since) => {
  const owned = { client: 'A', group: 'D/A/1', handedOver: { client: 7, group: [3, 5, 9] } }
  expect(seenSince(scope, owned)).toBe(since)
})

test('who sees a group sees all of the past of a terminal that moved within it', () => {
  const moved = handOver(of(['A', 'D/A/1']), of(['A', 'D/A/2']), NOW)
  expect(seenSince({ clients: [], groups: ['D/A'] }, moved)).toBe(0)
  expect(seenSince({ clients: [], groups: ['D/A/2'] }, moved)).toBe(NOW)
})
