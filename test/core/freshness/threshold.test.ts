import { describe, expect, test } from 'vitest'
import { type FreshnessSettings, thresholdsOf } from '../../../src/core/freshness/threshold.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts'

const terminal = {
  id: '1',
  dealer: 'D',
  client: 'C',
  group: 'North/Trucks',
  profile: 'tractor',
  thresholds: null,
}
const settings: FreshnessSettings = {
  default: { moving: 30 * MINUTE, parked: 6 * HOUR, lost: DAY, neverAfter: DAY },
  profiles: {},
  groups: {},
  terminals: {},
}

describe('thresholds', () => {
  test.each([
    ['the default when nothing nearer is set', {}, 30 * MINUTE, 'default'],
    ['the profile', { profiles: { tractor: { moving: 10 * MINUTE } } }, 10 * MINUTE, 'profile'],
    [
      'a group before the profile',
      { profiles: { tractor: { moving: 1 } }, groups: { 'D/C': { moving: HOUR } } },
      HOUR,
      'group',
    ],
    [
      'the nearest group',
      { groups: { D: { moving: 1 }, 'D/C': { moving: 2 }, 'D/C/North/Trucks': { moving: 3 } } },
      3,
      'group',
    ],
    [
      'an inner ancestor before an outer one',
      { groups: { 'D/C': { moving: 2 }, 'D/C/North': { moving: 4 } } },
      4,
      'group',
    ],
    ["the group's own path", { groups: { 'North/Trucks': { moving: 5 } } }, 5, 'group'],
    [
      'the terminal before all',
      { groups: { 'D/C': { moving: 2 } }, terminals: { '1': { moving: 7 } } },
      7,
      'terminal',
    ],
  ])('are taken from %s', (_name, change, ms, from) => {
    expect(thresholdsOf(terminal, { ...settings, ...change }).moving).toEqual({ ms, from })
  })

  test('each key is looked for on its own', () => {
    const { moving, parked } = thresholdsOf(terminal, {
      ...settings,
      profiles: { tractor: { parked: Infinity } },
      terminals: { '1': { moving: 7 } },
    })
    expect([moving, parked]).toEqual([
      { ms: 7, from: 'terminal' },
      { ms: Infinity, from: 'profile' },
    ])
  })

  test('names of object methods are no groups', () => {
    expect(thresholdsOf({ ...terminal, profile: 'constructor', id: 'toString' }, settings).moving.from).toBe(
      'default',
    )
  })
})
