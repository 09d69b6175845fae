import { expect, test } from 'vitest'
import type { TreeVehicle } from '../../../src/core/online/tree.ts'
import { inventoryFromTree } from '../../../src/core/online/tree-inventory.ts'

function vehicle(groups: readonly string[], more: Partial<TreeVehicle> = {}): TreeVehicle {
  return { uuid: 'u', terminalId: '1', name: 'Truck', terminalType: 'FAS', receiving: true, groups, ...more }
}

test.each<[string, readonly string[], string, string, [client: string, dealer: string, group: string]]>([
  ['the first group below the root', ['All', 'A', 'North'], 'group:1', '', ['A', '', 'All/A/North']],
  [
    'dealer and client one below the other',
    ['All', 'D', 'A', 'N', 'M'],
    'group:2',
    'group:1',
    ['A', 'D', 'All/D/A/N/M'],
  ],
  ['names for all', ['All', 'North', 'One'], 'A', 'D', ['A', 'D', 'All/North/One']],
  ['the root itself', ['A', 'North'], 'group:0', '', ['A', '', 'A/North']],
  ['a vehicle above that level', ['All'], 'group:1', '', ['', '', 'All']],
  [
    'a group without a name stands for the next one below',
    ['All', '', 'A', 'N'],
    'group:1',
    '',
    ['A', '', 'All/A/N'],
  ],
  [
    'groups without a name are no part of a path',
    ['All', 'A', '', 'N', ''],
    'group:1',
    '',
    ['A', '', 'All/A/N'],
  ],
  ['a slash in a name divides no path', ['All', 'A/B', 'N/M'], 'group:1', '', ['A/B', '', 'All/A-B/N-M']],
  ['nothing asked for', ['All', 'North'], '', '', ['', '', 'All/North']],
])('%s', (_name, groups, client, dealer, expected) => {
  const [row] = inventoryFromTree([vehicle(groups)], { client, dealer })
  expect([row?.client, row?.dealer, row?.group]).toEqual(expected)
})

test('a vehicle without a terminal is none, and what is not told is empty or unknown', () => {
  const vehicles = [
    vehicle([], { terminalId: null }),
    vehicle([], { terminalType: null, receiving: null }),
    vehicle([], { terminalId: '2', receiving: false }),
  ]
  const rows = inventoryFromTree(vehicles, { client: '', dealer: '' })
  expect(rows.map(({ terminalId, model, intake }) => [terminalId, model, intake])).toEqual([
    ['1', '', 'unknown'],
    ['2', 'FAS', 'off'],
  ])
})
